// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_fragments.h"

#include <algorithm>

namespace rfc2435 {

ScanFragments::Added
ScanFragments::add (
    std::uint32_t offset, Bytes bytes, const RestartHeader &restart)
{
  auto place = fragments_.end ();
  if (offset < end ()) {
    auto after =
        std::upper_bound (fragments_.begin (), fragments_.end (), offset,
            [] (std::uint32_t o, const Fragment &f) { return o < f.end (); });
    if (after->offset < offset + bytes.size ()) {
      auto there = this->bytes (*after);
      bool inside = after->offset <= offset &&
                    offset + bytes.size () <= after->end () &&
                    std::memcmp (there.data () + (offset - after->offset),
                        bytes.data (), bytes.size ()) == 0;
      return inside ? Added::duplicate : Added::conflict;
    }
    place = after;
    in_order_ = false;
  }
  if (fragments_.size () == max_count)
    return Added::too_many;

  if (block_.size () == 0)
    block_.extend (header_room);
  fragments_.insert (
      place, {
                 .offset = offset,
                 .position = static_cast<std::uint32_t> (received_),
                 .size = static_cast<std::uint32_t> (bytes.size ()),
                 .first = restart.first,
                 .last = restart.last,
                 .restart_count = restart.restart_count,
             });
  block_.append (bytes);
  received_ += bytes.size ();
  return Added::stored;
}

std::optional<Bytes>
ScanFragments::tail (std::size_t count) const
{
  if (empty () || fragments_.back ().size < count)
    return std::nullopt;
  return bytes (fragments_.back ()).last (count);
}

void
ScanFragments::sort ()
{
  if (in_order_)
    return;
  ByteBlock sorted;
  sorted.reserve (block_.size () + 2);
  sorted.extend (header_room);
  std::uint32_t position = 0;
  for (auto &fragment : fragments_) {
    sorted.append (bytes (fragment));
    fragment.position = position;
    position += fragment.size;
  }
  block_.swap (sorted);
  in_order_ = true;
}

} // namespace rfc2435
