// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_runs.h"

#include <cmath>
#include <span>

namespace rfc2435 {

using Index = std::int64_t;

// A run, or the part of one, whose pieces follow one another; `base` is the
// index of its first piece.
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
};

} // namespace rfc2435
