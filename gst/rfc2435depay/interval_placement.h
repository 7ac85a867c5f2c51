// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_runs.h"

#include <span>

namespace rfc2435 {

// Where a whole restart interval lies in the bytes received.
struct PlacedInterval {
  std::uint32_t index;
  std::uint32_t begin;
  std::uint32_t end;
};

// The restart intervals of the picture before, or none.
struct PreviousIntervals {
  // Where each begins in the scan, and where another would.
  std::vector<std::uint32_t> begins;
  Bytes scan;
};

// Finds out which intervals have arrived whole. What its restart markers leave
// open, as they tell an index modulo 8 only, is settled by Restart Count, by
// the beginning and the end of the scan, and by how many intervals there is
// room for in all gaps together. Where that isn't enough, the bytes missing in
// each gap are compared with the sizes of intervals around it, and the sizes
// and first DC levels of those that arrived, which restart markers make
// absolute, with those at that place in the picture before and in the rows
// above and below. An interval whose place is not certain is left out.
// `received`: what the runs lie in.
std::vector<PlacedInterval> place_intervals (
    const std::vector<IntervalRun> &runs, std::uint32_t count, Bytes received,
    const PreviousIntervals &previous, double intervals_per_row);

} // namespace rfc2435
