// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "quantization_table.h"

#include <vector>

namespace rfc2435 {

// The IJG quality whose tables are nearest to these, from 1 to 100.
unsigned nearest_quality (const QuantizationTables &tables);

// The quantization tables that can replace those of a picture, each a little
// coarser than the one before. Tables on the IJG's scale stay on it, so that Q
// describes them (RFC 2435 section 4.2); others are scaled.
class TableLadder {
public:
  struct Rung {
    QuantizationTables tables;
    unsigned quality = 0; // nearest_quality ()
    // The logarithm of the ratio of its steps to the source's: a mean over
    // luma's frequencies, in which low ones weigh more.
    double coarseness = 0;
  };

  // The rungs go down to `min_quality`. The first is the source itself,
  // whatever its quality.
  void set (const QuantizationTables &source, unsigned min_quality);

  const std::vector<Rung> &rungs () const { return rungs_; }

  // The first rung that is at least this coarse, or the last one.
  std::size_t find (double coarseness) const;
  // The rung whose steps are nearest to those of other tables.
  std::size_t find_nearest (const QuantizationTables &tables) const;

private:
  unsigned min_quality_ = 0;
  std::vector<Rung> rungs_;
};

} // namespace rfc2435
