// SPDX-License-Identifier: LGPL-2.1-or-later
#include "interval_placement.h"

#include "level_model.h"
#include "size_model.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// By how much, as the logarithm of a likelihood, one place has to be better
// than all others.
constexpr double certainty = 8;

// Places that are looked at on either side of the one that sizes tell.
constexpr Index reach = 5 * 8;

// With more gaps than that, only what is certain at once is placed: it bounds
// the time taken.
constexpr std::size_t max_spans = 256;

bool
is_possible (const IntervalRun &run, const IntervalRun::Anchor &anchor,
    std::uint32_t count)
{
  return anchor.index < count && anchor.index >= anchor.piece &&
         (!run.phase || (*run.phase + anchor.piece) % 8 == anchor.index % 8);
}

// Divides a run where its anchors contradict each other: what is between two
// that don't agree has no place.
void
add_spans (const IntervalRun &run, std::uint32_t count,
    std::vector<IntervalSpan> &spans)
{
  std::vector<IntervalRun::Anchor> anchors;
  for (auto &anchor : run.anchors) {
    if (is_possible (run, anchor, count))
      anchors.push_back (anchor);
  }
  if (anchors.empty ()) {
    // Contradicted, or nothing is said at all.
    if (run.anchors.empty () && run.phase)
      spans.push_back ({&run, 0, run.pieces.size (), std::nullopt});
    return;
  }

  std::size_t begin = 0;
  for (std::size_t i = 0; i < anchors.size (); i++) {
    auto base = Index{anchors[i].index} - anchors[i].piece;
    bool last = i + 1 == anchors.size ();
    if (!last && Index{anchors[i + 1].index} - anchors[i + 1].piece == base)
      continue;
    std::size_t end = last ? run.pieces.size () : anchors[i].piece + 1;
    if (begin < end)
      spans.push_back ({&run, begin, end, base + static_cast<Index> (begin)});
    if (!last)
      begin = anchors[i + 1].piece;
  }
}

class Placer {
public:
  Placer (const std::vector<IntervalRun> &runs, std::uint32_t count, Bytes now,
      const PreviousIntervals &previous, double intervals_per_row)
      : count_ (count)
  {
    for (auto &run : runs)
      add_spans (run, count, spans_);
    drop_contradictions ();
    if (spans_.size () > max_spans)
      return;
    by_room ();
    LevelModel levels (spans_, count, now, previous, intervals_per_row);
    for (bool again = true; again;) {
      SizeModel sizes (spans_, previous.begins, count);
      again = sizes.is_known () && by_likelihood (sizes, levels);
      if (again)
        by_room ();
    }
  }

  std::vector<PlacedInterval> placed () const
  {
    std::vector<PlacedInterval> placed;
    for (auto &span : spans_) {
      for (std::size_t i = 0; span.base && i < span.size (); i++) {
        auto &piece = span.piece (i);
        auto index = static_cast<std::uint32_t> (*span.base) +
                     static_cast<std::uint32_t> (i);
        bool again = !placed.empty () && placed.back ().index >= index;
        if (piece.whole && index < count_ && !again)
          placed.push_back ({index, piece.begin, piece.end});
      }
    }
    return placed;
  }

private:
  const IntervalSpan *placed_before (std::size_t i) const
  {
    while (i-- > 0) {
      if (spans_[i].base)
        return &spans_[i];
    }
    return nullptr;
  }

  const IntervalSpan *placed_after (std::size_t i) const
  {
    while (++i < spans_.size ()) {
      if (spans_[i].base)
        return &spans_[i];
    }
    return nullptr;
  }

  // What comes later in the scan has a higher index.
  void drop_contradictions ()
  {
    Index next = 0;
    for (auto &span : spans_) {
      if (!span.base)
        continue;
      if (span.first () < next || span.last () >= Index{count_}) {
        span.end = span.begin;
        span.base.reset ();
      } else {
        next = span.piece (span.size () - 1).whole ? span.last () + 1
                                                   : span.last ();
      }
    }
    std::erase_if (spans_, [] (auto &span) { return span.begin == span.end; });
  }

  // The least and the greatest index that the first piece can have: those
  // around it leave so much room.
  std::pair<Index, Index> room (std::size_t i) const
  {
    Index low = 0, high = Index{count_};
    if (auto before = placed_before (i))
      low =
          before->last () + (before->piece (before->size () - 1).whole ? 1 : 0);
    if (auto after = placed_after (i))
      high = after->first () + (after->piece (0).whole ? 0 : 1);
    // Those that have no place yet need some, too.
    for (auto k = i; k-- > 0 && !spans_[k].base;)
      low += static_cast<Index> (spans_[k].size ()) - 1;
    for (auto k = i + 1; k < spans_.size () && !spans_[k].base; k++)
      high -= static_cast<Index> (spans_[k].size ()) - 1;
    return {low, high - static_cast<Index> (spans_[i].size ())};
  }

  static Index first_candidate (Index low, const IntervalSpan &span)
  {
    auto phase = static_cast<Index> ((*span.run->phase + span.begin) % 8);
    return low + ((phase - low) % 8 + 8) % 8;
  }

  // Places those for which there is only one index that fits.
  bool by_room ()
  {
    bool any = false;
    for (bool again = true; again;) {
      again = false;
      for (std::size_t i = 0; i < spans_.size (); i++) {
        auto &span = spans_[i];
        if (span.base)
          continue;
        auto [low, high] = room (i);
        auto candidate = first_candidate (low, span);
        if (candidate <= high && candidate + 8 > high) {
          span.base = candidate;
          any = again = true;
        }
      }
    }
    return any;
  }

  // The first piece that begins with an interval.
  static std::size_t first_begin (const IntervalSpan &span)
  {
    return span.begin == 0 && !span.run->begins_interval ? 1 : 0;
  }

  struct Estimate {
    double base;
    double deviation;
  };

  // By the distance in bytes from a place that is known.
  std::optional<Estimate> estimate (const IntervalSpan &span,
      const IntervalSpan &known, std::size_t from, const SizeModel &model) const
  {
    auto k = first_begin (span);
    if (k >= span.size ())
      return std::nullopt;
    auto offset = static_cast<double> (span.run->offset (span.begin + k));
    auto distance = model.intervals (
        known, from, offset - known.run->offset (known.begin + from));
    return Estimate{static_cast<double> (known.first ()) +
                        static_cast<double> (from) + distance -
                        static_cast<double> (k),
        model.deviation (std::abs (distance))};
  }

  struct Decision {
    Index base = 0;
    double margin = 0; // between the best place and the next
  };

  // Weighs the places that a span can have.
  Decision decide (
      std::size_t i, const SizeModel &sizes, const LevelModel &levels) const
  {
    auto &span = spans_[i];
    std::vector<Estimate> estimates;
    if (auto before = placed_before (i)) {
      auto k = before->size () - 1;
      if (k >= first_begin (*before))
        if (auto e = estimate (span, *before, k, sizes))
          estimates.push_back (*e);
    }
    if (auto after = placed_after (i)) {
      auto k = first_begin (*after);
      if (k < after->size ())
        if (auto e = estimate (span, *after, k, sizes))
          estimates.push_back (*e);
    }
    auto best_estimate = std::min_element (estimates.begin (), estimates.end (),
        [] (auto &a, auto &b) { return a.deviation < b.deviation; });
    if (best_estimate == estimates.end ())
      return {};

    // Places for which there is no room compete, too: what took their room may
    // be wrong.
    auto center = static_cast<Index> (std::lround (best_estimate->base));
    constexpr double never = -1e9;
    Decision decision;
    double best = never, next = never;
    for (auto base = first_candidate (center - reach, span);
         base <= center + reach; base += 8) {
      auto error = (static_cast<double> (base) - best_estimate->base) /
                   best_estimate->deviation;
      // Sizes err more often by much than chance alone would have it.
      auto likelihood =
          levels.likelihood (i, base) - 3 * std::log1p (error * error / 3);
      if (likelihood > best) {
        next = best;
        best = likelihood;
        decision.base = base;
      } else {
        next = std::max (next, likelihood);
      }
    }
    decision.margin = best - next;
    auto [low, high] = room (i);
    if (decision.base < low || decision.base > high)
      decision.margin = 0;
    return decision;
  }

  // Places the one that is the most certain.
  bool by_likelihood (const SizeModel &sizes, LevelModel &levels)
  {
    std::optional<std::size_t> best;
    Decision decision{.margin = certainty};
    for (std::size_t i = 0; i < spans_.size (); i++) {
      if (spans_[i].base)
        continue;
      auto d = decide (i, sizes, levels);
      if (d.margin > decision.margin) {
        best = i;
        decision = d;
      }
    }
    if (best) {
      spans_[*best].base = decision.base;
      levels.place (*best, decision.base);
    }
    return best.has_value ();
  }

  const std::uint32_t count_;
  std::vector<IntervalSpan> spans_;
};

} // namespace

std::vector<PlacedInterval>
place_intervals (const std::vector<IntervalRun> &runs, std::uint32_t count,
    Bytes received, const PreviousIntervals &previous, double intervals_per_row)
{
  return Placer (runs, count, received, previous, intervals_per_row).placed ();
}

} // namespace rfc2435
