// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_runs.h"

#include <span>

namespace rfc2435 {

// Where a complete restart interval lies in the bytes received.
struct PlacedInterval {
  std::uint32_t index;
  std::uint32_t begin;
  std::uint32_t end;
};

// The restart intervals of the previous picture, or none.
struct PreviousIntervals {
  // Where each begins in the scan, and where one after the last would begin.
  std::vector<std::uint32_t> begins;
  Bytes scan;
};

// Determines which intervals have arrived completely, and their indices.
// Restart markers give an index only modulo 8. The rest is determined by
// Restart Count, by the beginning and the end of the scan, and by the number of
// intervals for which all gaps together have room. If that isn't enough, the
// number of bytes missing in each gap is compared with the sizes of intervals
// around it; and the sizes of intervals that arrived, and their first DC
// levels, which restart markers make absolute, are compared with those at that
// place in the previous picture and in the rows above and below. An interval
// whose place is not certain is left out. `received`: the bytes that the runs
// refer to.
std::vector<PlacedInterval> place_intervals (
    const std::vector<IntervalRun> &runs, std::uint32_t count, Bytes received,
    const PreviousIntervals &previous, double intervals_per_row);

} // namespace rfc2435
