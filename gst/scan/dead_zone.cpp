// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dead_zone.h"

#include "huffman_table.h"

#include <algorithm>
#include <cmath>

namespace rfc2435 {
namespace {

constexpr unsigned max_run = 15; // of one code
constexpr std::uint8_t zero_run = 0xf0;

using CodeLengths = std::array<std::uint8_t, 256>;

CodeLengths
code_lengths (const HuffmanTable &table)
{
  CodeLengths lengths{};
  unsigned index = 0;
  for (unsigned length = 1; length <= table.counts.size (); length++) {
    for (unsigned n = table.counts[length - 1]; n > 0; n--)
      lengths[table.symbols[index++]] = static_cast<std::uint8_t> (length);
  }
  return lengths;
}

// That a level of so many bits takes behind `run` zeros.
unsigned
bits (const CodeLengths &lengths, unsigned run, unsigned size)
{
  unsigned total = size;
  for (; run > max_run; run -= max_run + 1)
    total += lengths[zero_run];
  return total + lengths[run << 4 | size];
}

std::uint32_t
above (double level)
{
  return static_cast<std::uint32_t> (std::floor (level * DeadZone::one)) + 1;
}

// What a bit of chroma costs, with one of luma at 1: its loss shows less.
constexpr double chroma_price = 1.5;

double
lambda (unsigned strength)
{
  constexpr double least = 0.005, most = 0.5;
  return least *
         std::pow (most / least, strength / (DeadZone::strengths - 1.0));
}

} // namespace

struct DeadZones {
  std::array<DeadZone, DeadZone::strengths> zones;

  DeadZones (const HuffmanTable &codes, double price)
  {
    auto lengths = code_lengths (codes);
    for (unsigned strength = 0; strength < DeadZone::strengths; strength++) {
      auto &zone = zones[strength];
      auto a_bit = price * lambda (strength);
      for (unsigned run = 0; run < zone.keep_one.size (); run++) {
        auto one = bits (lengths, run, 1);
        auto two = bits (lengths, run, 2);
        // x^2 - (x - 1)^2 = 2x - 1, and (x - 1)^2 - (x - 2)^2 = 2x - 3
        zone.keep_one[run] = above ((1 + a_bit * one) / 2);
        zone.keep_two[run] = above ((3 + a_bit * (two - one)) / 2);
      }
    }
  }
};

const DeadZone &
DeadZone::luma (unsigned strength)
{
  static const DeadZones zones (standard_ac_luma, 1);
  return zones.zones[strength];
}

const DeadZone &
DeadZone::chroma (unsigned strength)
{
  static const DeadZones zones (standard_ac_chroma, chroma_price);
  return zones.zones[strength];
}

} // namespace rfc2435
