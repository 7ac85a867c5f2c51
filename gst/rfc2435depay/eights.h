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
  // How much better that is than any other number.
  double margin = 0;
};

// Restart markers tell modulo 8 how many intervals each gap in a scan holds.
// How many times 8 more lie before each span of intervals, by the best way to
// distribute them among the gaps: from 0 to choices - 1 altogether.
//
// `gaps`: how likely each gap holds so many; a gap before each span, and one
// behind the last if all have to be used up by then. `spans`: how likely each
// span has so many before it.
std::vector<EightsBefore> distribute_eights (
    const Scores &gaps, const Scores &spans);

} // namespace rfc2435
