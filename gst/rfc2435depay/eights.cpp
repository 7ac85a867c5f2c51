// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "eights.h"

#include <algorithm>
#include <limits>

namespace rfc2435 {
namespace {

constexpr double never = -std::numeric_limits<double>::infinity ();

// The best score of everything up to each span, including the span.
Scores
up_to (const Scores &gaps, const Scores &spans)
{
  auto choices = spans.choices ();
  Scores best (spans.rows (), choices);
  for (std::size_t row = 0; row < spans.rows (); row++) {
    for (std::size_t before = 0; before < choices; before++) {
      auto score = row == 0 ? gaps.at (0, before) : never;
      for (std::size_t in_gap = 0; row > 0 && in_gap <= before; in_gap++)
        score = std::max (
            score, best.at (row - 1, before - in_gap) + gaps.at (row, in_gap));
      best.at (row, before) = score + spans.at (row, before);
    }
  }
  return best;
}

// The best score of everything after each span.
Scores
behind (const Scores &gaps, const Scores &spans)
{
  auto choices = spans.choices ();
  Scores best (spans.rows (), choices);
  for (auto row = spans.rows (); row-- > 0;) {
    for (std::size_t before = 0; before < choices; before++) {
      auto rest = choices - 1 - before;
      if (row + 1 == spans.rows ()) {
        bool is_open = gaps.rows () == spans.rows ();
        best.at (row, before) = is_open ? 0 : gaps.at (row + 1, rest);
        continue;
      }
      auto score = never;
      for (std::size_t in_gap = 0; in_gap <= rest; in_gap++)
        score = std::max (score, gaps.at (row + 1, in_gap) +
                                     spans.at (row + 1, before + in_gap) +
                                     best.at (row + 1, before + in_gap));
      best.at (row, before) = score;
    }
  }
  return best;
}

} // namespace

std::vector<EightsBefore>
distribute_eights (const Scores &gaps, const Scores &spans)
{
  auto first = up_to (gaps, spans), rest = behind (gaps, spans);
  std::vector<EightsBefore> result (spans.rows ());
  for (std::size_t row = 0; row < spans.rows (); row++) {
    auto best = never, next = never;
    for (std::size_t k = 0; k < spans.choices (); k++) {
      auto score = first.at (row, k) + rest.at (row, k);
      if (score > best) {
        next = best;
        best = score;
        result[row].count = k;
      } else {
        next = std::max (next, score);
      }
    }
    result[row].margin = best - next;
  }
  return result;
}

} // namespace rfc2435
