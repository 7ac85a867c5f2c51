// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_end.h"

#include "jpeg_markers.h"

namespace rfc2435 {

TrailingData
data_behind_eoi (ByteReader reader)
{
  // Usually there is nothing.
  reader.skip_all (0);
  auto rest = reader;
  rest.skip_all (0xff);
  if (rest.remaining () == 0)
    return {};

  TrailingData trailing = {.size = reader.remaining ()};
  int code;
  do
    code = reader.next_marker ().code;
  while (code != marker::soi && code != ByteReader::end);
  trailing.has_picture = code == marker::soi;
  return trailing;
}

TrailingData
data_behind_picture (ByteReader reader)
{
  for (;;) {
    auto [code, offset] = reader.next_marker ();
    if (code == ByteReader::end)
      return {};
    if (code == marker::eoi)
      return data_behind_eoi (reader);
    if (code == marker::soi)
      return {.size = reader.size () - offset, .has_picture = true};
    if (marker::is_rst (code) || code == marker::tem)
      continue;
    // The contents of a segment may look like a marker.
    auto length = reader.u16 ();
    if (length > 2)
      reader.skip (length - 2);
  }
}

} // namespace rfc2435
