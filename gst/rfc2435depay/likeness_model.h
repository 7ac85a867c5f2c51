// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_placement.h"
#include "interval_span.h"

namespace rfc2435 {

// The DC level of the first block of a restart interval, which nothing that
// came before changes (T.81 F.1.1.5.1); nothing if the interval has none with
// the standard table.
std::optional<int> first_level (Bytes interval);

// How well intervals fit into a place by their sizes and by the levels of their
// first blocks: in the picture before, those at the same place are alike; in
// this picture, those of the row above and below.
class LikenessModel {
public:
  LikenessModel (std::span<const IntervalSpan> spans, std::uint32_t count,
      Bytes received, const PreviousIntervals &previous,
      double intervals_per_row);

  // The logarithm of the likelihood of this span there, up to a constant.
  double likelihood (std::size_t span, Index base) const;

  // This span lies there.
  void place (std::size_t span, Index base);
  // Learns from those that were placed.
  void update ();

private:
  using Values = std::vector<int>;

  // How much values differ on average from those next to which they belong, and
  // how many times as much they do everywhere else. Contrast 0: nothing can be
  // told by it.
  struct Guide {
    double mean = 0;
    double contrast = 0;
  };

  // What intervals are compared by.
  struct Feature {
    std::vector<Values> of_span;
    // By index
    Values now;
    Values before;
    Guide by_previous;
    Guide by_row;
  };

  // Where values belong next to those that lie so far away in `other`.
  static Guide learn (const Values &now, const Values &other, Index distance);
  void read_features (std::span<const IntervalSpan> spans, Bytes received);
  void read_previous (const PreviousIntervals &previous);

  Index per_row_;
  Feature level_, size_;
};

} // namespace rfc2435
