// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quantization_table.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// T.81 tables K.1 and K.2 in zig-zag order.
constexpr std::array<std::uint8_t, 64> luma_k1 = {
    16, 11, 12, 14, 12, 10, 16, 14,       //
    13, 14, 18, 17, 16, 19, 24, 40,       //
    26, 24, 22, 22, 24, 49, 35, 37,       //
    29, 40, 58, 51, 61, 60, 57, 51,       //
    56, 55, 64, 72, 92, 78, 64, 68,       //
    87, 69, 55, 56, 80, 109, 81, 87,      //
    95, 98, 103, 104, 103, 62, 77, 113,   //
    121, 112, 100, 120, 92, 101, 103, 99, //
};

constexpr std::array<std::uint8_t, 64> chroma_k2 = {
    17, 18, 18, 24, 21, 24, 47, 26, //
    26, 47, 99, 66, 56, 66, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
    99, 99, 99, 99, 99, 99, 99, 99, //
};

constexpr std::uint16_t
scaled (unsigned base, unsigned q)
{
  unsigned factor = q < 50 ? 5000 / q : 200 - 2 * q;
  return static_cast<std::uint16_t> (
      std::clamp ((base * factor + 50) / 100, 1u, 255u));
}

constexpr QuantizationTable
scaled (const std::array<std::uint8_t, 64> &base, unsigned q)
{
  QuantizationTable table;
  for (std::size_t i = 0; i < base.size (); i++)
    table.values[i] = scaled (base[i], q);
  return table;
}

} // namespace

bool
QuantizationTable::is_8bit () const
{
  unsigned bits = 0;
  for (auto value : values)
    bits |= value;
  return bits <= 255;
}

bool
QuantizationTable::has_zero () const
{
  return std::ranges::find (values, 0) != values.end ();
}

QuantizationTables
formula_tables (unsigned q)
{
  return {.luma = scaled (luma_k1, q), .chroma = scaled (chroma_k2, q)};
}

unsigned
formula_q (const QuantizationTables &tables)
{
  // The last luma value falls as Q rises, or stays where it is clamped, so the
  // other 127 values are compared for only a few values of Q.
  for (unsigned q = min_formula_q; q <= max_formula_q; q++) {
    if (tables.luma.values[63] == scaled (luma_k1[63], q) &&
        tables == formula_tables (q))
      return q;
  }
  return 0;
}

} // namespace rfc2435
