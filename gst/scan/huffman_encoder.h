// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_table.h"

#include <bit>

namespace rfc2435 {

// The codes for the symbols of a table.
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

// The codes for DC differences, including the value (T.81 F.1.2.1).
class DcEncoder {
public:
  struct Code {
    std::uint32_t bits : 24 = 0;
    std::uint32_t length : 8 = 0;
  };

  explicit DcEncoder (const HuffmanTable &table) : symbols_ (table)
  {
    for (int difference = -max_small; difference <= max_small; difference++)
      small_[static_cast<unsigned> (difference + max_small)] =
          make (difference);
  }

  // For differences of at most 11 bits; others have no code.
  Code code (int difference) const
  {
    auto index = static_cast<unsigned> (difference + max_small);
    return index < small_.size () ? small_[index] : make (difference);
  }

private:
  static constexpr int max_small = 255;

  [[gnu::noinline]] Code make (int difference) const
  {
    auto magnitude =
        static_cast<unsigned> (difference < 0 ? -difference : difference);
    auto size = static_cast<unsigned> (std::bit_width (magnitude));
    auto symbol = symbols_.code (static_cast<std::uint8_t> (size));
    auto value =
        static_cast<unsigned> (difference < 0 ? difference - 1 : difference) &
        ((1u << size) - 1);
    return {.bits = static_cast<std::uint32_t> (symbol.bits) << size | value,
        .length = symbol.length + size};
  }

  HuffmanEncoder symbols_;
  std::array<Code, 2 * max_small + 1> small_{};
};

// For the standard tables, by component.
class StandardEncoders {
public:
  StandardEncoders () = default;
  StandardEncoders (const StandardEncoders &) = delete;
  StandardEncoders &operator= (const StandardEncoders &) = delete;

  const DcEncoder &dc_of (unsigned component) const { return *dc_[component]; }
  const HuffmanEncoder &ac_of (unsigned component) const
  {
    return *ac_[component];
  }

private:
  DcEncoder dc_luma_{standard_dc_luma};
  DcEncoder dc_chroma_{standard_dc_chroma};
  HuffmanEncoder ac_luma_{standard_ac_luma};
  HuffmanEncoder ac_chroma_{standard_ac_chroma};
  const DcEncoder *dc_[3] = {&dc_luma_, &dc_chroma_, &dc_chroma_};
  const HuffmanEncoder *ac_[3] = {&ac_luma_, &ac_chroma_, &ac_chroma_};
};

inline const StandardEncoders &
standard_encoders ()
{
  static const StandardEncoders encoders;
  return encoders;
}

} // namespace rfc2435
