// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_builder.h"

#include <algorithm>
#include <array>
#include <random>

// Pictures of random coefficients with random Huffman tables that no encoder
// would choose: every symbol of baseline, codes of up to 16 bits, long runs,
// restart intervals.

namespace test {

using Random = std::mt19937;

inline unsigned
random_below (Random &random, unsigned n)
{
  return random () % n;
}

// A code for each symbol, of random lengths from 1 to 16.
inline rfc2435::HuffmanTable
random_table (Random &random, ByteVector symbols)
{
  std::shuffle (symbols.begin (), symbols.end (), random);
  for (;;) {
    rfc2435::HuffmanTable table;
    unsigned free = 1;
    auto left = static_cast<unsigned> (symbols.size ());
    // Also tables of only short codes, and of only long ones.
    auto dense = random_below (random, 4);
    for (unsigned length = 1; length <= 16; length++) {
      free *= 2;
      auto most = std::min (left, free - 1);
      auto count =
          length == 16
              ? most
              : std::min (most, random_below (random, (most >> dense) + 1));
      table.counts[length - 1] = static_cast<std::uint8_t> (count);
      free -= count;
      left -= count;
    }
    if (left != 0)
      continue;
    std::copy (symbols.begin (), symbols.end (), table.symbols.begin ());
    return table;
  }
}

inline rfc2435::HuffmanTable
random_dc_table (Random &random)
{
  ByteVector symbols;
  for (std::uint8_t size = 0; size <= 11; size++)
    symbols.push_back (size);
  return random_table (random, symbols);
}

inline rfc2435::HuffmanTable
random_ac_table (Random &random)
{
  ByteVector symbols = {0x00, 0xf0};
  for (unsigned run = 0; run < 16; run++)
    for (unsigned size = 1; size <= 10; size++)
      symbols.push_back (static_cast<std::uint8_t> (run << 4 | size));
  return random_table (random, symbols);
}

// Writes values as defined by T.81 annex F, in the simplest way.
class CoefficientWriter {
public:
  CoefficientWriter (
      const rfc2435::HuffmanTable &dc, const rfc2435::HuffmanTable &ac)
      : dc_ (codes_of (dc)), ac_ (codes_of (ac))
  {}

  void put_block (BitWriter &bits, int dc_difference,
      const std::array<int, 64> &levels) const
  {
    put (bits, dc_, 0, dc_difference);
    unsigned run = 0;
    for (unsigned k = 1; k < 64; k++) {
      if (levels[k] == 0) {
        run++;
        continue;
      }
      for (; run >= 16; run -= 16)
        put_code (bits, ac_, 0xf0);
      put (bits, ac_, run, levels[k]);
      run = 0;
    }
    if (run != 0)
      put_code (bits, ac_, 0x00);
  }

private:
  struct Code {
    unsigned bits, length;
  };
  using Codes = std::array<Code, 256>;

  static Codes codes_of (const rfc2435::HuffmanTable &table)
  {
    Codes codes{};
    unsigned code = 0, index = 0;
    for (unsigned length = 1; length <= 16; length++) {
      for (unsigned i = 0; i < table.counts[length - 1]; i++)
        codes[table.symbols[index++]] = {code++, length};
      code <<= 1;
    }
    return codes;
  }

  static void put_code (BitWriter &bits, const Codes &codes, unsigned symbol)
  {
    bits.put (codes[symbol].bits, codes[symbol].length);
  }

  static void put (BitWriter &bits, const Codes &codes, unsigned run, int value)
  {
    unsigned size = 0;
    while (std::abs (value) >> size != 0)
      size++;
    put_code (bits, codes, run << 4 | size);
    if (size != 0)
      bits.put (value < 0 ? value + (1 << size) - 1 : value, size);
  }

  Codes dc_, ac_;
};

struct RandomPicture {
  unsigned width, height;
  std::uint8_t sampling;
  unsigned restart_interval; // 0: none
  std::array<rfc2435::HuffmanTable, 3> dc, ac;
  ByteVector scan;

  ByteVector jpeg () const
  {
    auto tables = rfc2435::formula_tables (50);
    JpegBuilder jpeg;
    jpeg.soi ().dqt (0, tables.luma).dqt (1, tables.chroma);
    jpeg.sof0 (width, height, sampling);
    for (std::uint8_t i = 0; i < 3; i++)
      jpeg.dht (i, dc[i]).dht (0x10 | i, ac[i]);
    if (restart_interval != 0)
      jpeg.dri (restart_interval);
    return jpeg.sos ({{1, 0x00}, {2, 0x11}, {3, 0x22}}).raw (scan).eoi ().bytes;
  }
};

// `with_standard_tables`: those of annex K.3.
inline RandomPicture
random_picture (Random &random, bool with_standard_tables = false)
{
  RandomPicture p;
  p.width = 1 + random_below (random, 100);
  p.height = 1 + random_below (random, 70);
  p.sampling = random () & 1 ? sampling_420 : sampling_422;
  for (unsigned i = 0; i < 3; i++) {
    p.dc[i] = i == 0 ? rfc2435::standard_dc_luma : rfc2435::standard_dc_chroma;
    p.ac[i] = i == 0 ? rfc2435::standard_ac_luma : rfc2435::standard_ac_chroma;
    if (!with_standard_tables) {
      p.dc[i] = random_dc_table (random);
      p.ac[i] = random_ac_table (random);
    }
  }
  if (random () & 1) {
    p.dc[2] = p.dc[1];
    p.ac[2] = p.ac[1];
  }
  auto mcus = mcu_count (p.width, p.height, p.sampling);
  p.restart_interval = random () & 1 ? random_below (random, mcus + 2) : 0;

  // From nearly nothing to all coefficients, from ±1 to the largest.
  auto fill = random_below (random, 64);
  auto ac_bits = 1 + random_below (random, 10);
  auto dc_range = 1u << random_below (random, 12);
  unsigned h = p.sampling >> 4;
  auto mcus_across = mcu_count (p.width, 1, p.sampling);
  // Blocks of Y outside the picture. Encoders may write anything there, but
  // libjpeg always makes them flat.
  auto is_dummy = [&] (unsigned mcu, unsigned block) {
    auto x = mcu % mcus_across * h + block % h;
    auto y = mcu / mcus_across * (p.sampling & 15) + block / h;
    return x * 8 >= p.width || y * 8 >= p.height;
  };
  std::array<int, 3> last{};
  std::array<CoefficientWriter, 3> writers = {
      CoefficientWriter (p.dc[0], p.ac[0]),
      CoefficientWriter (p.dc[1], p.ac[1]),
      CoefficientWriter (p.dc[2], p.ac[2]),
  };
  BitWriter bits;
  for (unsigned mcu = 0; mcu < mcus; mcu++) {
    if (p.restart_interval != 0 && mcu != 0 && mcu % p.restart_interval == 0) {
      auto piece = bits.take ();
      p.scan.insert (p.scan.end (), piece.begin (), piece.end ());
      p.scan.push_back (0xff);
      p.scan.push_back (
          rfc2435::marker::rst0 + (mcu / p.restart_interval - 1) % 8);
      last = {};
    }
    for (unsigned block = 0; block < luma_blocks (p.sampling) + 2; block++) {
      auto i = block < luma_blocks (p.sampling)
                   ? 0
                   : block - luma_blocks (p.sampling) + 1;
      std::array<int, 64> levels{};
      levels[0] =
          std::clamp (static_cast<int> (random_below (random, dc_range)) -
                          static_cast<int> (dc_range / 2),
              -1024, 1023);
      for (unsigned k = 1; k < 64; k++)
        if (random_below (random, 64) < fill)
          levels[k] = static_cast<int> (random_below (
                          random, (2u << random_below (random, ac_bits)) - 1)) -
                      ((1 << random_below (random, ac_bits)) - 1);
      for (auto &level : levels)
        level = std::clamp (level, -1024, 1023);
      for (unsigned k = 1; k < 64; k++)
        levels[k] = std::clamp (levels[k], -1023, 1023);
      // Runs of 16 zeros and more before the last coefficient
      if (random_below (random, 8) == 0) {
        auto from = 1 + random_below (random, 48);
        std::fill (levels.begin () + from, levels.end () - 1, 0);
        levels[63] = 1;
      }
      if (i == 0 && is_dummy (mcu, block)) {
        levels = {};
        levels[0] = last[0];
      }
      writers[i].put_block (bits, levels[0] - last[i], levels);
      last[i] = levels[0];
    }
  }
  auto piece = bits.take ();
  p.scan.insert (p.scan.end (), piece.begin (), piece.end ());
  return p;
}

} // namespace test
