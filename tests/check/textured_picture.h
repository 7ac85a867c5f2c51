// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "random_scan.h"

namespace test {

// A picture with detail in every block, more of it in low frequencies, like a
// photograph.
inline ByteVector
textured_picture (unsigned size, unsigned q, unsigned seed = 1)
{
  Random random (seed);
  CoefficientWriter luma (rfc2435::standard_dc_luma, rfc2435::standard_ac_luma);
  CoefficientWriter chroma (
      rfc2435::standard_dc_chroma, rfc2435::standard_ac_chroma);
  BitWriter bits;
  for (unsigned mcu = 0; mcu < mcu_count (size, size, sampling_420); mcu++) {
    for (unsigned block = 0; block < 6; block++) {
      std::array<int, 64> levels{};
      for (unsigned k = 1; k < 64; k++)
        if (random_below (random, k) < 4)
          levels[k] = static_cast<int> (random_below (random, 1 + 60 / k)) -
                      static_cast<int> (30 / k);
      (block < 4 ? luma : chroma).put_block (bits, 0, levels);
    }
  }
  return header (size, size, sampling_420, q).raw (bits.take ()).eoi ().bytes;
}

} // namespace test
