// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_data.h"

#include "jpeg_markers.h"

#include <algorithm>

namespace rfc2435 {

static constexpr std::uint8_t eoi[] = {0xff, marker::eoi};

FrameData::FrameData (std::span<const Bytes> pieces, const Frame &frame)
    : scan_ (pieces), scan_left_ (frame.scan_size), eoi_ (eoi)
{
  scan_.skip (frame.scan_offset);
}

std::uint8_t *
FrameData::read (std::uint8_t *out, std::size_t count)
{
  auto of_scan = std::min (count, scan_left_);
  scan_.read (out, of_scan);
  scan_left_ -= of_scan;
  auto of_eoi = eoi_.first (count - of_scan);
  eoi_ = eoi_.subspan (of_eoi.size ());
  return std::copy (of_eoi.begin (), of_eoi.end (), out + of_scan);
}

} // namespace rfc2435
