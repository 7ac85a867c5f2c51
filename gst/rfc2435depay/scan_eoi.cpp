// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_eoi.h"

#include "jpeg_markers.h"

namespace rfc2435 {

std::optional<Bytes>
before_eoi (Bytes scan)
{
  while (!scan.empty () && scan.back () == 0)
    scan = scan.first (scan.size () - 1);
  if (scan.size () < 2 || scan.back () != marker::eoi ||
      scan[scan.size () - 2] != 0xff)
    return std::nullopt;
  scan = scan.first (scan.size () - 1);
  while (!scan.empty () && scan.back () == 0xff)
    scan = scan.first (scan.size () - 1);
  return scan;
}

} // namespace rfc2435
