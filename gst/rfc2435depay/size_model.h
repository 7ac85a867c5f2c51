// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interval_span.h"

#include <algorithm>

namespace rfc2435 {

// How large the intervals of this picture are where none have arrived, by the
// picture before and by their neighbours, whichever has been the better guide
// where they have.
class SizeModel {
public:
  SizeModel (std::span<const IntervalSpan> spans,
      std::span<const std::uint32_t> previous, std::uint32_t count)
      : previous_ (previous)
  {
    if (previous_.size () != std::size_t{count} + 1)
      previous_ = {};
    measure (spans);
  }

  bool is_known () const { return guide_ != Guide::none; }

  // How many intervals take so many bytes (negative: backwards) from the begin
  // of piece `from` on.
  double intervals (
      const IntervalSpan &span, std::size_t from, double bytes) const
  {
    auto index = span.first () + static_cast<Index> (from);
    if (guide_ == Guide::neighbours)
      return bytes / neighbours (span, from, bytes < 0).mean;
    auto scale = global_scale_;
    if (guide_ == Guide::previous_here) {
      auto near = neighbours (span, from, bytes < 0);
      if (near.before > 0)
        scale = near.now / near.before;
    }
    return by_previous (index, bytes / scale);
  }

  // By how many that is wrong, of so many: the standard deviation.
  double deviation (double count) const
  {
    return std::max (0.2, deviation_) * std::max (0.5, count / window);
  }

private:
  static constexpr std::size_t window = 8;

  enum class Guide { previous, previous_here, neighbours, none };

  struct Neighbours {
    double now = 0, before = 0, mean = 1;
  };

  // The intervals in front of piece `from`, or behind it.
  Neighbours neighbours (
      const IntervalSpan &span, std::size_t from, bool behind) const
  {
    auto begin = behind ? from : from - std::min (from, window);
    auto end = behind ? std::min (from + window, span.size () - 1) : from;
    if (end <= begin)
      return {.mean = mean_};
    Neighbours result;
    result.now = span.piece (end).begin - span.piece (begin).begin;
    result.mean = result.now / static_cast<double> (end - begin);
    if (!previous_.empty ()) {
      auto first = static_cast<std::size_t> (span.first ());
      result.before = previous_[first + end] - previous_[first + begin];
    }
    return result;
  }

  double by_previous (Index from, double bytes) const
  {
    auto target = previous_[static_cast<std::size_t> (from)] + bytes;
    auto after = std::upper_bound (previous_.begin (), previous_.end (), target,
        [] (double t, std::uint32_t p) { return t < p; });
    if (after == previous_.begin ())
      return -static_cast<double> (from);
    if (after == previous_.end ())
      return static_cast<double> (previous_.size () - 1) -
             static_cast<double> (from);
    auto whole = static_cast<double> (after - 1 - previous_.begin ());
    double size = std::max (1u, *after - *(after - 1));
    return whole + (target - *(after - 1)) / size - static_cast<double> (from);
  }

  void measure (std::span<const IntervalSpan> spans)
  {
    double now = 0, before = 0, intervals = 0;
    for (auto &span : spans) {
      if (!span.base || span.size () < 3)
        continue;
      // The first piece may be a part of one.
      auto first = static_cast<std::size_t> (span.first ());
      now += span.piece (span.size () - 1).begin - span.piece (1).begin;
      intervals += static_cast<double> (span.size ()) - 2;
      if (!previous_.empty ())
        before += previous_[first + span.size () - 1] - previous_[first + 1];
    }
    if (now <= 0)
      return;
    mean_ = now / intervals;
    if (before > 0)
      global_scale_ = now / before;

    double squares[3] = {};
    std::size_t windows = 0;
    for (auto &span : spans) {
      for (std::size_t i = 1 + window; span.base && i + window < span.size ();
           i++) {
        double ahead = span.piece (i + window).begin - span.piece (i).begin;
        auto near = neighbours (span, i, false);
        auto add = [&] (Guide guide, double expected) {
          auto error = window * (ahead / expected - 1);
          squares[static_cast<unsigned> (guide)] += error * error;
        };
        windows++;
        add (Guide::neighbours, near.now);
        if (near.before > 0) {
          auto at = static_cast<std::size_t> (span.first ()) + i;
          double was = previous_[at + window] - previous_[at];
          add (Guide::previous, was * global_scale_);
          add (Guide::previous_here, was * near.now / near.before);
        }
      }
    }
    if (windows < window)
      return;
    auto best = before > 0 ? std::min_element (squares, squares + 3)
                           : squares + static_cast<int> (Guide::neighbours);
    guide_ = static_cast<Guide> (best - squares);
    deviation_ = std::sqrt (*best / static_cast<double> (windows));
  }

  std::span<const std::uint32_t> previous_;
  Guide guide_ = Guide::none;
  double global_scale_ = 1;
  double mean_ = 1;
  double deviation_ = 0;
};

} // namespace rfc2435
