// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segmentation_planner.h"

namespace rfc2435 {

bool
SegmentationPlanner::next (Run &run)
{
  if (next_ == packets_.size ())
    return false;

  auto &first = packets_[next_];
  auto bytes = first.size;
  auto pieces = first.pieces;
  run = {.first = next_, .count = 1, .segment_size = first.size};

  for (auto &packet : packets_.subspan (next_ + 1)) {
    bytes += packet.size;
    pieces += packet.pieces;
    // An empty datagram can't be the last of a run: it adds no bytes to split.
    if (packet.size == 0 || packet.size > run.segment_size ||
        run.count == max_segments || bytes > max_bytes || pieces > max_pieces)
      break;
    run.count++;
    if (packet.size < run.segment_size)
      break;
  }
  next_ += run.count;
  return true;
}

} // namespace rfc2435
