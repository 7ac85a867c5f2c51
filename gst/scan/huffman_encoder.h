// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_table.h"

namespace rfc2435 {

// The codes of a table's symbols.
class HuffmanEncoder {
public:
  struct Code {
    std::uint16_t bits = 0;
    std::uint8_t length = 0; // 0: the table lacks the symbol
  };

  explicit HuffmanEncoder (const HuffmanTable &table)
  {
    unsigned code = 0, index = 0;
    for (unsigned length = 1; length <= table.counts.size (); length++) {
      for (unsigned i = 0; i < table.counts[length - 1]; i++)
        codes_[table.symbols[index++]] = {static_cast<std::uint16_t> (code++),
            static_cast<std::uint8_t> (length)};
      code <<= 1;
    }
  }

  Code code (std::uint8_t symbol) const { return codes_[symbol]; }

private:
  std::array<Code, 256> codes_{};
};

// For the standard tables of a component: those of luma and chroma.
struct StandardEncoders {
  HuffmanEncoder dc[2] = {
      HuffmanEncoder (standard_dc_luma), HuffmanEncoder (standard_dc_chroma)};
  HuffmanEncoder ac[2] = {
      HuffmanEncoder (standard_ac_luma), HuffmanEncoder (standard_ac_chroma)};

  const HuffmanEncoder &dc_of (unsigned component) const
  {
    return dc[component != 0];
  }
  const HuffmanEncoder &ac_of (unsigned component) const
  {
    return ac[component != 0];
  }
};

inline const StandardEncoders &
standard_encoders ()
{
  static const StandardEncoders encoders;
  return encoders;
}

} // namespace rfc2435
