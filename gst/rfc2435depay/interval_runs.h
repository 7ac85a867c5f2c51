// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "scan_fragments.h"

namespace rfc2435 {

// Consecutive restart intervals, or parts of them, that arrived without a gap.
struct IntervalRun {
  struct Piece {
    std::uint32_t begin; // in the bytes received
    std::uint32_t end;
    bool whole;
  };
  // A piece whose place is certain.
  struct Anchor {
    std::uint32_t piece;
    std::uint32_t index;
  };

  std::vector<Piece> pieces;
  std::vector<Anchor> anchors;
  // According to the restart markers: the index of the first piece modulo 8.
  std::optional<unsigned> phase;
  // The difference between a position in the bytes received and the offset in
  // the scan.
  std::uint32_t shift = 0;
  // The first piece begins at the start of an interval.
  bool begins_interval = false;

  std::uint32_t offset (std::size_t piece) const
  {
    return pieces[piece].begin + shift;
  }
};

// Divides the parts of a scan that have arrived, in its order, at the restart
// markers. `size`: the size of the whole scan, if known; `count`: the number of
// its intervals. Pieces beyond the number that a scan can have are ignored.
std::vector<IntervalRun> find_interval_runs (const ScanFragments &scan,
    std::optional<std::uint32_t> size, std::uint32_t count);

} // namespace rfc2435
