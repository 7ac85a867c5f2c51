// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_runs.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace rfc2435 {

using Index = std::int64_t;

// A run, or part of one, whose pieces are consecutive; `base` is the index of
// its first piece.
struct IntervalSpan {
  const IntervalRun *run;
  std::size_t begin, end; // pieces
  std::optional<Index> base;

  Index first () const { return *base; }
  Index last () const { return *base + static_cast<Index> (end - begin) - 1; }
  const IntervalRun::Piece &piece (std::size_t i) const
  {
    return run->pieces[begin + i];
  }
  std::size_t size () const { return end - begin; }

  // The first and the last piece, counted from `begin`, where an interval is
  // known to begin; the one after the last piece is where the next interval
  // begins.
  std::size_t first_begin () const
  {
    return begin == 0 && !run->begins_interval ? 1 : 0;
  }
  std::size_t last_begin () const
  {
    return std::max (size () - 1, first_begin ());
  }
  Index index_of (std::size_t i) const
  {
    return *base + static_cast<Index> (i);
  }
  // Where this piece begins in the scan.
  std::uint32_t begin_of (std::size_t i) const
  {
    return i < size () ? run->offset (begin + i)
                       : piece (i - 1).end + 2 + run->shift;
  }
};

} // namespace rfc2435
