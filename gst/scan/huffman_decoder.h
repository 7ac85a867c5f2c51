// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_table.h"

namespace rfc2435 {

struct HuffmanCode {
  std::uint8_t length = 0; // 0: no code
  std::uint8_t symbol = 0;

  // T.81 F.1.2: how many zeros precede a coefficient, and how many bits of its
  // value follow the code.
  unsigned run () const { return symbol >> 4; }
  unsigned size () const { return symbol & 15; }
  bool is_zero_run () const { return symbol == 0xf0; }
  // Decoders treat all other runs without a value as an end of block, too.
  bool is_end_of_block () const { return size () == 0 && !is_zero_run (); }
};

// Finds codes in bits: short ones in a look-up table, others by length.
class HuffmanDecoder {
public:
  static constexpr unsigned fast_bits = 9;

  enum class Class { dc, ac };

  // Leaves out codes for values with more bits than baseline allows. If the
  // table is invalid (T.81 C.2), changes nothing and returns false.
  bool build (const HuffmanTable &table, Class table_class);

  const HuffmanTable &table () const { return table_; }

  // The code at the start of these bits, left-aligned.
  HuffmanCode code (std::uint64_t bits) const
  {
    auto code = fast_[bits >> (64 - fast_bits)];
    return code.length != 0 ? code : search (bits);
  }

private:
  static constexpr unsigned max_length = 16;

  bool is_baseline (std::uint8_t symbol) const;
  [[gnu::cold]] HuffmanCode search (std::uint64_t bits) const;

  HuffmanTable table_;
  Class class_ = Class::dc;
  // For each length, the first invalid code, left-aligned in 16 bits.
  std::array<std::uint32_t, max_length + 1> limit_{};
  // Codes of each length stand for symbols[code + symbol_offset_].
  std::array<int, max_length + 1> symbol_offset_{};
  std::array<HuffmanCode, 1 << fast_bits> fast_{};
};

} // namespace rfc2435
