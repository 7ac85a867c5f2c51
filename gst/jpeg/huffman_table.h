// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>

namespace rfc2435 {

// A Huffman table as defined by a DHT segment: the number of codes of each
// length from 1 to 16 bits, and their symbols in the order of the codes.
struct HuffmanTable {
  std::array<std::uint8_t, 16> counts{};
  // Symbols beyond the sum of `counts` are 0.
  std::array<std::uint8_t, 256> symbols{};

  bool operator== (const HuffmanTable &) const = default;

  unsigned symbol_count () const
  {
    unsigned n = 0;
    for (auto count : counts)
      n += count;
    return n;
  }
};

// The tables of T.81 annex K.3, which types 0 and 1 of RFC 2435 imply.
extern const HuffmanTable standard_dc_luma;
extern const HuffmanTable standard_dc_chroma;
extern const HuffmanTable standard_ac_luma;
extern const HuffmanTable standard_ac_chroma;

} // namespace rfc2435
