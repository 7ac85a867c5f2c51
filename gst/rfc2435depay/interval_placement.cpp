// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "interval_placement.h"

#include "eights.h"
#include "gap_model.h"
#include "likeness_model.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// By how much, as the logarithm of a likelihood, one place must be better than
// all others. With moving pictures, 3 proved to be enough.
constexpr double certainty = 5;

// To limit the time taken: with more gaps than this, only those intervals are
// placed that are certain at once; with more ways to distribute intervals among
// gaps, none.
constexpr std::size_t max_spans = 256;
constexpr std::size_t max_steps = 1 << 18;

bool
is_possible (const IntervalRun &run, const IntervalRun::Anchor &anchor,
    std::uint32_t count)
{
  return anchor.index < count && anchor.index >= anchor.piece &&
         (!run.phase || (*run.phase + anchor.piece) % 8 == anchor.index % 8);
}

// Divides a run where its anchors contradict each other: intervals between two
// that disagree have no place.
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
    // If all anchors are impossible, or nothing is known, the run is not used.
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
  Placer (const std::vector<IntervalRun> &runs, std::uint32_t count,
      Bytes received, const PreviousIntervals &previous,
      double intervals_per_row)
      : count_ (count), received_ (received), previous_ (previous),
        intervals_per_row_ (intervals_per_row)
  {
    for (auto &run : runs)
      add_spans (run, count, spans_);
    drop_contradictions ();
    if (spans_.size () > max_spans)
      return;
    while (place_between_known ()) {
      if (likeness_)
        likeness_->update ();
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
  // Intervals later in the scan must have a higher index.
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

  // Returns whether any was placed.
  bool place_between_known ()
  {
    bool any = false;
    for (std::size_t begin = 0; begin < spans_.size ();) {
      auto end = begin;
      while (end < spans_.size () && !spans_[end].base)
        end++;
      if (begin < end && place (begin, end))
        any = true;
      begin = std::max (end, begin + 1);
    }
    return any;
  }

  // From the last known beginning of an interval before a gap to the first one
  // after it.
  struct Gap {
    const IntervalSpan *before, *after;
    Index least; // intervals

    double bytes () const
    {
      Index from = before ? before->begin_of (before->last_begin ()) : 0;
      Index to = after->begin_of (after->first_begin ());
      return static_cast<double> (std::max (to - from, Index{1}));
    }
  };

  // The smallest number of intervals, at least one, with this remainder.
  static Index least_number (Index remainder)
  {
    return ((remainder - 1) % 8 + 8) % 8 + 1;
  }

  // Places the spans between two whose places are known, or the beginning or
  // the end of the scan. Each gap contains at least one interval, and the
  // number is known modulo 8. If there is room only for the smallest numbers,
  // no doubt is left.
  bool place (std::size_t begin, std::size_t end)
  {
    std::vector<Gap> gaps;
    std::vector<Index> least; // the lowest index of each span
    auto before = begin > 0 ? &spans_[begin - 1] : nullptr;
    // The index of the last interval that begins before the gap
    auto index = before ? before->index_of (before->last_begin ()) : 0;
    for (auto i = begin; i < end; i++) {
      auto &span = spans_[i];
      auto first = static_cast<Index> (span.first_begin ());
      auto remainder = static_cast<Index> (*span.run->phase + span.begin);
      gaps.push_back (
          {before, &span, least_number (remainder + first - index)});
      index += gaps.back ().least;
      least.push_back (index - first);
      index += static_cast<Index> (span.last_begin ()) - first;
      before = &span;
    }
    auto last = Index{count_} - 1;
    if (end < spans_.size ()) {
      auto &after = spans_[end];
      last = after.index_of (after.first_begin ());
      gaps.push_back ({before, &after, least_number (last - index)});
      index += gaps.back ().least;
    }
    if (index > last)
      return false;

    auto choices = static_cast<std::size_t> (last - index) / 8 + 1;
    if (choices == 1) {
      for (std::size_t i = 0; i < least.size (); i++)
        put (begin + i, least[i]);
      return true;
    }
    if (choices * choices * least.size () > max_steps)
      return false;
    return weigh (begin, gaps, least, choices);
  }

  // Places the spans for which one number of eights is far more likely than all
  // others.
  bool weigh (std::size_t begin, const std::vector<Gap> &gaps,
      const std::vector<Index> &least, std::size_t choices)
  {
    if (!likeness_) {
      sizes_.emplace (spans_);
      likeness_.emplace (
          spans_, count_, received_, previous_, intervals_per_row_);
    }
    Scores gap_scores (gaps.size (), choices);
    Scores span_scores (least.size (), choices);
    for (std::size_t i = 0; i < gaps.size (); i++) {
      auto &gap = gaps[i];
      auto expected = sizes_->mean_size (gap.before, gap.after);
      for (std::size_t k = 0; k < choices; k++) {
        auto eights = 8 * static_cast<Index> (k);
        gap_scores.at (i, k) =
            sizes_->likelihood (gap.bytes (), expected, gap.least + eights);
        if (i < least.size ())
          span_scores.at (i, k) =
              likeness_->likelihood (begin + i, least[i] + eights);
      }
    }

    bool any = false;
    auto eights = distribute_eights (gap_scores, span_scores);
    for (std::size_t i = 0; i < eights.size (); i++) {
      if (eights[i].margin < certainty)
        continue;
      put (begin + i, least[i] + 8 * static_cast<Index> (eights[i].count));
      any = true;
    }
    return any;
  }

  void put (std::size_t span, Index base)
  {
    spans_[span].base = base;
    if (likeness_)
      likeness_->place (span, base);
  }

  const std::uint32_t count_;
  const Bytes received_;
  const PreviousIntervals &previous_;
  const double intervals_per_row_;
  std::vector<IntervalSpan> spans_;
  // Made only if needed
  std::optional<GapModel> sizes_;
  std::optional<LikenessModel> likeness_;
};

} // namespace

std::vector<PlacedInterval>
place_intervals (const std::vector<IntervalRun> &runs, std::uint32_t count,
    Bytes received, const PreviousIntervals &previous, double intervals_per_row)
{
  return Placer (runs, count, received, previous, intervals_per_row).placed ();
}

} // namespace rfc2435
