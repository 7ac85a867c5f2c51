// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace rfc2435 {

// Logarithms of likelihoods, by row and by number of eights.
class Scores {
public:
  Scores (std::size_t rows, std::size_t choices)
      : choices_ (choices), values_ (rows * choices)
  {}

  std::size_t choices () const { return choices_; }
  std::size_t rows () const { return values_.size () / choices_; }
  double &at (std::size_t row, std::size_t eights)
  {
    return values_[row * choices_ + eights];
  }
  double at (std::size_t row, std::size_t eights) const
  {
    return values_[row * choices_ + eights];
  }

private:
  std::size_t choices_;
  std::vector<double> values_;
};

struct EightsBefore {
  std::size_t count = 0;
  // How much better this number is than any other.
  double margin = 0;
};

// Restart markers tell the number of intervals in each gap of a scan modulo 8.
// This finds the best distribution of further eights among the gaps: how many
// of them lie before each span of intervals, from 0 to choices - 1 in total.
//
// `gaps`: the likelihood that a gap contains this many eights. There is a gap
// before each span, and one after the last if all eights must be used. `spans`:
// the likelihood that this many eights lie before a span.
std::vector<EightsBefore> distribute_eights (
    const Scores &gaps, const Scores &spans);

} // namespace rfc2435
