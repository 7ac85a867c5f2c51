// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_decoder.h"
#include "huffman_encoder.h"

namespace rfc2435 {

// What the next 12 bits of a block's AC coefficients hold: as many whole codes
// with their values as fit, so that most blocks take three or four look-ups.
struct SymbolRun {
  // One comparison of the next coefficient's number plus `advance` with 64
  // tells all that is unusual: an end of block adds 128, and where there is no
  // whole symbol, 255 stands.
  static constexpr unsigned end_of_block = 128;
  static constexpr unsigned none = 255;

  std::uint8_t length = 0; // in bits
  // Coefficients, those of zero runs too. Runs of 16 zeros are never in a run
  // of symbols: whether they are written depends on what follows.
  std::uint8_t advance = none;
};

// The same, and what it is in the standard tables.
struct RecodedRun {
  std::uint32_t bits = 0;
  std::uint8_t bit_count = 0;
  std::uint8_t length = 0;
  std::uint8_t advance = SymbolRun::none;
};

template <typename Run> class RunTable {
public:
  static constexpr unsigned look_up_bits = 12;

  // That of these bits, left-aligned.
  const Run &find (std::uint64_t bits) const
  {
    return runs_[bits >> (64 - look_up_bits)];
  }

  Run &operator[] (unsigned prefix) { return runs_[prefix]; }

private:
  std::array<Run, 1 << look_up_bits> runs_;
};

void build_runs (const HuffmanDecoder &decoder, RunTable<SymbolRun> &table);
void build_runs (const HuffmanDecoder &decoder, const HuffmanEncoder &encoder,
    RunTable<RecodedRun> &table);

} // namespace rfc2435
