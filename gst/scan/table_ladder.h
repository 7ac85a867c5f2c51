// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "quantization_table.h"

#include <vector>

namespace rfc2435 {

// The IJG quality that tables are nearest to, from 1 to 100.
unsigned nearest_quality (const QuantizationTables &tables);

// The quantization tables that a picture may be given in place of its own, each
// a little coarser than the one before. Those of the IJG's scale stay on it, so
// that Q tells them (RFC 2435 section 4.2); others are scaled.
class TableLadder {
public:
  struct Rung {
    QuantizationTables tables;
    unsigned quality = 0; // nearest_quality ()
    // The logarithm of how much longer its steps are than the source's, in the
    // mean of luma's frequencies, low ones counting more.
    double coarseness = 0;
  };

  // Goes down to `min_quality`, but for the first rung, which is the source
  // itself.
  void set (const QuantizationTables &source, unsigned min_quality);

  const std::vector<Rung> &rungs () const { return rungs_; }

  // The first rung that is as coarse as that, or the last.
  std::size_t find (double coarseness) const;
  // The rung whose steps are nearest to those of other tables.
  std::size_t find_nearest (const QuantizationTables &tables) const;

private:
  unsigned min_quality_ = 0;
  std::vector<Rung> rungs_;
};

} // namespace rfc2435
