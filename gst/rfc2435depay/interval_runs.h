// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "scan_fragments.h"

namespace rfc2435 {

// Restart intervals, or parts of some, that arrived one behind the other
// without a gap.
struct IntervalRun {
  struct Piece {
    std::uint32_t begin; // in the bytes received
    std::uint32_t end;
    bool whole;
  };
  // Where a piece belongs for certain.
  struct Anchor {
    std::uint32_t piece;
    std::uint32_t index;
  };

  std::vector<Piece> pieces;
  std::vector<Anchor> anchors;
  // What the restart markers say: the index of the first piece modulo 8.
  std::optional<unsigned> phase;
  // From a place in the bytes received to the offset in the scan.
  std::uint32_t shift = 0;
  // The first piece begins with an interval.
  bool begins_interval = false;

  std::uint32_t offset (std::size_t piece) const
  {
    return pieces[piece].begin + shift;
  }
};

// Divides what has arrived of a scan, in its order, at the restart markers.
// `size`: of the whole scan, if it is known; `count`: how many intervals it
// has. More pieces than a scan can have are not looked at.
std::vector<IntervalRun> find_interval_runs (const ScanFragments &scan,
    std::optional<std::uint32_t> size, std::uint32_t count);

} // namespace rfc2435
