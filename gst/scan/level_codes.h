// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_decoder.h"
#include "huffman_encoder.h"
#include "symbol_runs.h"

namespace rfc2435 {

// The AC coefficient in the next 12 bits of a block. `advance` means the same
// as in SymbolRun, except that runs of 16 zeros are included, as a coefficient
// of 0 after 15 others.
struct LevelRun {
  std::uint16_t sign_magnitude = 0; // the lowest bit is the sign
  std::uint8_t length = 0;
  std::uint8_t advance = SymbolRun::none;

  unsigned magnitude () const { return sign_magnitude >> 1; }
  bool is_negative () const { return sign_magnitude & 1; }

  // `bits` are those after the code.
  static LevelRun of (HuffmanCode code, unsigned bits)
  {
    if (code.length == 0)
      return {};
    auto length = static_cast<std::uint8_t> (code.length + code.size ());
    if (code.is_end_of_block ())
      return {.length = length, .advance = SymbolRun::end_of_block};
    // T.81 F.2.2.1, EXTEND
    auto mask = (1u << code.size ()) - 1;
    bool is_negative = bits <= mask >> 1 && mask != 0;
    auto magnitude = is_negative ? bits ^ mask : bits;
    return {
        .sign_magnitude =
            static_cast<std::uint16_t> (magnitude << 1 | (is_negative ? 1 : 0)),
        .length = length,
        .advance = static_cast<std::uint8_t> (code.run () + 1),
    };
  }
};

void build_runs (const HuffmanDecoder &decoder, RunTable<LevelRun> &table);

// Codes, one after the other.
struct LevelCodes {
  std::uint64_t bits = 0;
  unsigned length = 0;

  template <typename Code> void append (Code code)
  {
    bits = bits << code.length | code.bits;
    length += code.length;
  }
};

// Encodes AC coefficients; small ones without computing their size.
class LevelEncoder {
public:
  struct Code {
    std::uint32_t bits = 0;
    std::uint32_t length = 0;
  };

  static constexpr unsigned max_run = 15;
  static constexpr unsigned max_small_level = 7;

  explicit LevelEncoder (const HuffmanTable &table);

  // `level` is at most `max_small_level`, `run` at most `max_run`. A level of 0
  // takes no bits.
  Code small (unsigned run, unsigned level, bool is_negative) const
  {
    return small_[run << 4 | level << 1 | (is_negative ? 1u : 0u)];
  }
  // For levels up to 1023.
  Code code (unsigned run, unsigned level, bool is_negative) const;

  Code zero_run () const { return zero_run_; } // of 16
  Code end_of_block () const { return end_of_block_; }

private:
  HuffmanEncoder symbols_;
  Code zero_run_;
  Code end_of_block_;
  std::array<Code, (max_run + 1) << 4> small_{};
};

// For the standard tables.
const LevelEncoder &luma_level_encoder ();
const LevelEncoder &chroma_level_encoder ();

} // namespace rfc2435
