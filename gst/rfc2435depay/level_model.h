// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_placement.h"
#include "interval_span.h"

namespace rfc2435 {

// The DC level of the first block of a restart interval, which nothing that
// came before changes (T.81 F.1.1.5.1); nothing if the interval has none with
// the standard table.
std::optional<int> first_level (Bytes interval);

// How well intervals fit into a place by the levels of their first blocks: in
// the picture before, levels at the same place are alike; in this picture,
// those of the row above and below.
class LevelModel {
public:
  LevelModel (std::span<const IntervalSpan> spans, std::uint32_t count,
      Bytes received, const PreviousIntervals &previous,
      double intervals_per_row);

  // The logarithm of the likelihood of this span there, up to a constant.
  double likelihood (std::size_t span, Index base) const;

  // This span lies there.
  void place (std::size_t span, Index base);

private:
  using Levels = std::vector<int>;
  static constexpr int unknown = 1 << 16;

  static int known (const Levels &levels, Index index)
  {
    return index >= 0 && index < static_cast<Index> (levels.size ())
               ? levels[static_cast<std::size_t> (index)]
               : unknown;
  }
  double scale_of (const Levels &guide, Index distance, double contrast) const;

  Index per_row_;
  std::vector<Levels> of_span_;
  // By index
  Levels now_;
  Levels before_;
  // How much levels differ on average where places are known, 0 for a guide
  // that is none.
  double scale_before_ = 0;
  double scale_row_ = 0;
};

} // namespace rfc2435
