// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_reader.h"
#include "symbol_runs.h"

#include <bit>

// The pieces that a block is read and written with, for the inner loops.

namespace rfc2435 {

// Those of 8-bit samples: differences of them have at most 11 bits.
inline constexpr int min_dc_level = -1024;
inline constexpr int max_dc_level = 1023;

// A DC difference (T.81 F.1.2.1).
struct DcDifference {
  std::uint8_t size; // of its bits
  std::uint16_t bits;

  // T.81 F.2.2.1, EXTEND: those that begin with a 0 are negative.
  int value () const
  {
    int begins_with_1 = bits >> (size - (size != 0));
    return bits - (((1 << size) - 1) & (begins_with_1 - 1));
  }

  static DcDifference of (int value)
  {
    auto magnitude = static_cast<unsigned> (value < 0 ? -value : value);
    auto size = static_cast<unsigned> (std::bit_width (magnitude));
    auto bits = static_cast<unsigned> (value < 0 ? value - 1 : value) &
                ((1u << size) - 1);
    return {
        static_cast<std::uint8_t> (size), static_cast<std::uint16_t> (bits)};
  }
};

// Reads the DC difference that a block begins with and adds it to `level`;
// false if there is no code, or the level is none.
inline bool
read_dc (BitReader &reader, const HuffmanDecoder &decoder, int &level,
    DcDifference &difference)
{
  reader.refill ();
  auto code = decoder.code (reader.bits ());
  if (code.length == 0)
    return false;
  reader.skip (code.length);
  auto size = code.symbol;
  auto bits = reader.bits () >> 1 >> (63 - size);
  reader.skip (size);
  difference = {size, static_cast<std::uint16_t> (bits)};
  level += difference.value ();
  return level >= min_dc_level && level <= max_dc_level;
}

// The AC coefficients of a block, symbol by symbol: for what the tables of runs
// don't hold.
struct AcSymbol {
  HuffmanCode code;
  std::uint16_t value = 0; // its bits
};

inline AcSymbol
read_ac (BitReader &reader, const HuffmanDecoder &decoder)
{
  reader.refill ();
  AcSymbol symbol = {.code = decoder.code (reader.bits ())};
  reader.skip (symbol.code.length);
  auto size = symbol.code.size ();
  symbol.value =
      static_cast<std::uint16_t> (reader.bits () >> 1 >> (63 - size));
  reader.skip (size);
  return symbol;
}

// Moves behind the AC coefficients of a block; false if they are none.
[[gnu::always_inline]] inline bool
skip_ac (BitReader &reader, const HuffmanDecoder &decoder,
    const RunTable<SymbolRun> &runs)
{
  static_assert (BitReader::refilled >= 4 * RunTable<SymbolRun>::look_up_bits);
  unsigned k = 1;
  for (;;) {
    reader.refill ();
    // Four look-ups, or what is unusual.
    const SymbolRun *run = nullptr;
    unsigned next = 0;
    auto look_up = [&] {
      run = &runs.find (reader.bits ());
      next = k + run->advance;
      if (next >= 64)
        return false;
      reader.skip (run->length);
      k = next;
      return true;
    };
    if (look_up () && look_up () && look_up () && look_up ()) [[likely]]
      continue;
    if (next - SymbolRun::end_of_block < 64) [[likely]] {
      reader.skip (run->length);
      return true;
    }
    auto code = read_ac (reader, decoder).code;
    if (code.length == 0)
      return false;
    if (code.is_end_of_block ())
      return true;
    k += code.run () + 1;
    if (k >= 64)
      return k == 64;
  }
}

} // namespace rfc2435
