// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_placement.h"
#include "interval_span.h"

namespace rfc2435 {

// The DC level of the first block of a restart interval, which does not depend
// on anything before it (T.81 F.1.1.5.1). Nothing if it can't be read with the
// standard table.
std::optional<int> first_level (Bytes interval);

// How well intervals fit into a place according to their sizes and the levels
// of their first blocks: they resemble the intervals at the same place of the
// previous picture, and those in the rows above and below in this picture.
class LikenessModel {
public:
  LikenessModel (std::span<const IntervalSpan> spans, std::uint32_t count,
      Bytes received, const PreviousIntervals &previous,
      double intervals_per_row);

  // The logarithm of the likelihood that this span belongs there, up to a
  // constant.
  double likelihood (std::size_t span, Index base) const;

  // This span belongs there.
  void place (std::size_t span, Index base);
  // Learns from the spans that were placed.
  void update ();

private:
  using Values = std::vector<int>;

  // How much values differ on average from those next to which they belong, and
  // by what factor they differ more everywhere else. With contrast 0, the guide
  // says nothing.
  struct Guide {
    double mean = 0;
    double contrast = 0;
  };

  // A property by which intervals are compared.
  struct Feature {
    std::vector<Values> of_span;
    // By index
    Values now;
    Values before;
    Guide by_previous;
    Guide by_row;
  };

  // Learns from values that belong next to those at this distance in `other`.
  static Guide learn (const Values &now, const Values &other, Index distance);
  void read_features (std::span<const IntervalSpan> spans, Bytes received);
  void read_previous (const PreviousIntervals &previous);

  Index per_row_;
  Feature level_, size_;
};

} // namespace rfc2435
