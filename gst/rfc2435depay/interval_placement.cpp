// SPDX-License-Identifier: LGPL-2.1-or-later
#include "interval_placement.h"

#include <algorithm>
#include <cmath>

namespace rfc2435 {
namespace {

using Index = std::int64_t;

// Half of the 8 intervals that a restart marker can't tell apart, less half an
// interval of which nothing is known.
constexpr double max_doubt = 3.5;

// With more gaps than that, only what is certain at once is placed: it bounds
// the time taken.
constexpr std::size_t max_spans = 256;

// A run, or the part of one, whose pieces follow one another; `base` is the
// index of its first piece.
struct Span {
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
add_spans (
    const IntervalRun &run, std::uint32_t count, std::vector<Span> &spans)
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

// How the intervals of this picture compare with those of the one before.
class SizeModel {
public:
  SizeModel (std::span<const Span> spans,
      std::span<const std::uint32_t> previous, std::uint32_t count)
      : previous_ (previous)
  {
    if (previous_.size () != std::size_t{count} + 1)
      previous_ = {};
    if (!previous_.empty ())
      measure (spans);
  }

  bool is_known () const { return scale_ > 0; }

  // How many intervals, from this index on, take so many bytes; backwards if
  // negative.
  double intervals (Index from, double bytes) const
  {
    auto target = previous_[static_cast<std::size_t> (from)] + bytes / scale_;
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

  // By how much that may be wrong, of so many intervals.
  double doubt (double count) const
  {
    return 0.5 + deviation_ * std::max (1.0, count / window);
  }

private:
  static constexpr std::size_t window = 8;

  void measure (std::span<const Span> spans)
  {
    double now = 0, before = 0, intervals = 0;
    for_each_window (spans, 1, [&] (double n, double b) {
      now += n;
      before += b;
      intervals++;
    });
    if (intervals < 2 * window || now <= 0 || before <= 0)
      return;
    scale_ = now / before;
    double mean = before / intervals, worst = 0;
    std::size_t windows = 0;
    for_each_window (spans, window, [&] (double n, double b) {
      worst = std::max (worst, std::abs (n / scale_ - b) / mean);
      windows++;
    });
    deviation_ = windows > 0 ? worst : window / 2.0;
  }

  // The bytes of so many intervals in a row in this picture and in the one
  // before.
  template <typename Function>
  void for_each_window (
      std::span<const Span> spans, std::size_t length, Function function)
  {
    for (auto &span : spans) {
      if (!span.base)
        continue;
      for (std::size_t i = 0; i + length < span.size (); i++) {
        if (!span.piece (i).whole)
          continue;
        auto index = static_cast<std::size_t> (span.first ()) + i;
        function (span.piece (i + length).begin - span.piece (i).begin,
            previous_[index + length] - previous_[index]);
      }
    }
  }

  std::span<const std::uint32_t> previous_;
  double scale_ = 0;
  double deviation_ = 0;
};

class Placer {
public:
  Placer (const std::vector<IntervalRun> &runs, std::uint32_t count,
      std::span<const std::uint32_t> previous)
      : count_ (count)
  {
    for (auto &run : runs)
      add_spans (run, count, spans_);
    drop_contradictions ();
    if (spans_.size () > max_spans)
      return;
    by_room ();
    for (bool again = true; again;) {
      SizeModel model (spans_, previous, count);
      again = model.is_known () && by_sizes (model);
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
  const Span *placed_before (std::size_t i) const
  {
    while (i-- > 0) {
      if (spans_[i].base)
        return &spans_[i];
    }
    return nullptr;
  }

  const Span *placed_after (std::size_t i) const
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

  static Index first_candidate (Index low, const Span &span)
  {
    auto phase = static_cast<Index> ((*span.run->phase + span.begin) % 8);
    return low + (phase - low % 8 + 8) % 8;
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
  static std::size_t first_begin (const Span &span)
  {
    return span.begin == 0 && !span.run->begins_interval ? 1 : 0;
  }

  struct Guess {
    Index base;
    double doubt;
  };

  // Goes by the distance in bytes from a place that is known.
  std::optional<Guess> guess (std::size_t i, Index known, double known_offset,
      const SizeModel &model) const
  {
    auto &span = spans_[i];
    auto k = first_begin (span);
    if (k >= span.size ())
      return std::nullopt;
    auto offset = static_cast<double> (span.run->offset (span.begin + k));
    auto distance = model.intervals (known, offset - known_offset);
    auto expected =
        static_cast<double> (known) + distance - static_cast<double> (k);
    auto phase = static_cast<Index> ((*span.run->phase + span.begin) % 8);
    auto nearest =
        phase + 8 * static_cast<Index> (std::lround (
                        (expected - static_cast<double> (phase)) / 8));
    return Guess{nearest, std::abs (static_cast<double> (nearest) - expected) +
                              model.doubt (std::abs (distance))};
  }

  // Places the one that is the most certain.
  bool by_sizes (const SizeModel &model)
  {
    std::optional<std::size_t> best;
    Guess best_guess{0, max_doubt};
    for (std::size_t i = 0; i < spans_.size (); i++) {
      if (spans_[i].base)
        continue;
      auto [low, high] = room (i);
      auto consider = [&] (std::optional<Guess> g) {
        if (g && g->doubt < best_guess.doubt && g->base >= low &&
            g->base <= high) {
          best = i;
          best_guess = *g;
        }
      };
      if (auto before = placed_before (i)) {
        auto k = before->size () - 1;
        if (k >= first_begin (*before))
          consider (guess (i, before->last (),
              before->run->offset (before->begin + k), model));
      }
      if (auto after = placed_after (i)) {
        auto k = first_begin (*after);
        if (k < after->size ())
          consider (guess (i, after->first () + static_cast<Index> (k),
              after->run->offset (after->begin + k), model));
      }
    }
    if (best)
      spans_[*best].base = best_guess.base;
    return best.has_value ();
  }

  const std::uint32_t count_;
  std::vector<Span> spans_;
};

} // namespace

std::vector<PlacedInterval>
place_intervals (std::vector<IntervalRun> runs, std::uint32_t count,
    std::span<const std::uint32_t> previous)
{
  return Placer (runs, count, previous).placed ();
}

} // namespace rfc2435
