// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_decoder.h"
#include "huffman_encoder.h"

namespace rfc2435 {

// The AC coefficients in the next 12 bits of a block: as many complete codes
// with their values as fit, so that most blocks take three or four look-ups.
struct SymbolRun {
  // Comparing the next coefficient's number plus `advance` with 64 detects
  // everything unusual: an end of block adds 128, and without a complete
  // symbol, `advance` is 255.
  static constexpr unsigned end_of_block = 128;
  static constexpr unsigned none = 255;

  std::uint8_t length = 0; // in bits
  // The number of coefficients, including zeros. Runs of 16 zeros are never
  // part of a run of symbols: whether they are written depends on what follows.
  std::uint8_t advance = none;
};

// The same, and its code in the standard tables.
struct RecodedRun {
  std::uint32_t bits = 0;
  std::uint8_t bit_count = 0;
  std::uint8_t length = 0;
  std::uint8_t advance = SymbolRun::none;
};

template <typename Run> class RunTable {
public:
  static constexpr unsigned look_up_bits = 12;

  // The run at the start of these bits, left-aligned.
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
