// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_span.h"

#include <algorithm>

namespace rfc2435 {

// Estimates how many intervals a gap contains by the number of missing bytes
// and the sizes of intervals on both sides.
class GapModel {
public:
  explicit GapModel (std::span<const IntervalSpan> spans) { measure (spans); }

  // The mean size of the intervals around a gap: the last ones of one span and
  // the first ones of the next, or of all intervals if these have none.
  double mean_size (const IntervalSpan *before, const IntervalSpan *after) const
  {
    Sum sum;
    if (before)
      sum.add_last (*before);
    if (after)
      sum.add_first (*after);
    return sum.count > 0 ? sum.bytes / sum.count : mean_;
  }

  // The logarithm of the likelihood, up to a constant, that `count` intervals
  // of this mean size take this many bytes.
  double likelihood (double bytes, double mean_size, Index count) const
  {
    if (mean_size <= 0)
      return 0;
    auto n = static_cast<double> (count);
    auto deviation = deviation_ * std::sqrt (std::max (1.0, window / n));
    auto error = std::log (bytes / (n * mean_size)) / deviation;
    // Large deviations are more frequent than in a normal distribution.
    return -3 * std::log1p (error * error / 3) - std::log (deviation);
  }

private:
  static constexpr std::size_t window = 4;
  static constexpr std::size_t neighbours = 6;
  static constexpr double min_deviation = 0.08;
  static constexpr double unknown_deviation = 0.7;
  static constexpr std::size_t min_samples = 16;

  struct Sum {
    double bytes = 0, count = 0;

    void add (const IntervalSpan &span, std::size_t begin, std::size_t end)
    {
      bytes += span.begin_of (end) - span.begin_of (begin);
      count += static_cast<double> (end - begin);
    }
    void add_last (const IntervalSpan &span)
    {
      auto end = span.last_begin (), first = span.first_begin ();
      add (span, std::max (first, end - std::min (end, neighbours)), end);
    }
    void add_first (const IntervalSpan &span)
    {
      auto begin = span.first_begin (), last = span.last_begin ();
      add (span, begin, std::min (last, begin + neighbours));
    }
  };

  // Learns its deviation from imagined gaps in what has arrived.
  void measure (std::span<const IntervalSpan> spans)
  {
    Sum all;
    double squares = 0;
    std::size_t samples = 0;
    for (auto &span : spans) {
      auto first = span.first_begin (), last = span.last_begin ();
      if (first < last)
        all.add (span, first, last);
      constexpr auto width = 2 * neighbours + window;
      for (auto begin = first; begin + width <= last; begin++) {
        auto gap = begin + neighbours;
        Sum around, inside;
        around.add (span, begin, gap);
        around.add (span, gap + window, begin + width);
        inside.add (span, gap, gap + window);
        auto error =
            std::log (inside.bytes / window / (around.bytes / around.count));
        squares += error * error;
        samples++;
      }
    }
    if (all.count > 0)
      mean_ = all.bytes / all.count;
    deviation_ = samples < min_samples
                     ? unknown_deviation
                     : std::max (min_deviation,
                           std::sqrt (squares / static_cast<double> (samples)));
  }

  double mean_ = 0;
  double deviation_ = 0;
};

} // namespace rfc2435
