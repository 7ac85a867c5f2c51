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

// Finds out which intervals have arrived whole. What its restart markers leave
// open, as they tell an index modulo 8 only, is settled by Restart Count, by
// the beginning and the end of the scan, and by how many intervals there is
// room for; then by where the picture before had its intervals, if that leaves
// no doubt. An interval whose place is not certain is left out.
// `previous`: the offsets at which the intervals of the picture before began,
// and the end of the last, or nothing.
std::vector<PlacedInterval> place_intervals (std::vector<IntervalRun> runs,
    std::uint32_t count, std::span<const std::uint32_t> previous);

} // namespace rfc2435
