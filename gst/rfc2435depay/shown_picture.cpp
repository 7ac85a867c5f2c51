// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shown_picture.h"

#include "jpeg_markers.h"

namespace rfc2435 {

bool
ShownPicture::find_intervals (std::uint32_t count)
{
  if (!intervals.empty ())
    return intervals.size () == count;

  auto scan = picture.scan ();
  std::size_t begin = 0, at = 0;
  auto add = [&] (std::size_t end) {
    intervals.push_back ({static_cast<std::uint32_t> (begin),
        static_cast<std::uint32_t> (end), timestamp});
  };
  while (at < scan.size () && intervals.size () < count) {
    auto found = static_cast<const std::uint8_t *> (
        std::memchr (scan.data () + at, 0xff, scan.size () - at));
    if (!found || found + 1 == scan.data () + scan.size ())
      break;
    at = static_cast<std::size_t> (found - scan.data ()) + 1;
    if (scan[at] == 0xff)
      continue;
    if (marker::is_rst (scan[at])) {
      // Out of sequence: the picture is not what it seems.
      if (scan[at] - marker::rst0 != static_cast<int> (intervals.size () % 8))
        break;
      add (at - 1);
      begin = at + 1;
    }
    at++;
  }
  add (scan.size ());
  return intervals.size () == count;
}

} // namespace rfc2435
