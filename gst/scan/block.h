// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_reader.h"
#include "dc_decoder.h"
#include "symbol_runs.h"

// What the inner loops use to read and write a block.

namespace rfc2435 {

// The range for 8-bit samples: differences have at most 11 bits.
inline constexpr int min_dc_level = -1024;
inline constexpr int max_dc_level = 1023;

// A code and the bits of its value.
inline constexpr unsigned max_coefficient_bits = 16 + 10;

// Reads the DC difference that a block begins with; its length is 0 if there is
// no valid code. Leaves as many bits as skip_ac () needs.
[[gnu::always_inline]] inline DcDecoder::Difference
read_dc_difference (BitReader &reader, const DcDecoder &decoder)
{
  reader.refill ();
  auto difference = decoder.find_short (reader.bits ());
  if (difference.length == 0) [[unlikely]] {
    difference = decoder.find (reader.bits ());
    reader.skip (difference.length);
    reader.refill ();
    return difference;
  }
  reader.skip (difference.length);
  return difference;
}

// The same, added to `level`; false if the code or the level is invalid.
[[gnu::always_inline]] inline bool
read_dc (BitReader &reader, const DcDecoder &decoder, int &level)
{
  auto difference = read_dc_difference (reader, decoder);
  level += difference.value;
  return difference.length != 0 && level >= min_dc_level &&
         level <= max_dc_level;
}

// An AC coefficient read by itself, where the tables of runs don't contain it.
struct AcSymbol {
  HuffmanCode code;
  std::uint16_t value = 0; // its bits
};

[[gnu::always_inline]] inline AcSymbol
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

// Skips the AC coefficients of a block after its DC difference; false if they
// are invalid.
[[gnu::always_inline]] inline bool
skip_ac (BitReader &reader, const HuffmanDecoder &decoder,
    const RunTable<SymbolRun> &runs)
{
  static_assert (
      BitReader::refilled >=
      DcDecoder::look_up_bits + 3 * RunTable<SymbolRun>::look_up_bits);
  static_assert (BitReader::refilled >= 4 * RunTable<SymbolRun>::look_up_bits);
  unsigned k = 1;
  for (;;) {
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
    // Four look-ups between two refills, unless something unusual occurs.
    if (look_up () && look_up () && look_up ()) [[likely]] {
      reader.refill ();
      if (look_up ()) [[likely]]
        continue;
    }
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
    reader.refill ();
  }
}

} // namespace rfc2435
