// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// The 64 values of a quantization table in zig-zag order, as in a DQT segment
// and on the wire.
struct QuantizationTable {
  std::array<std::uint16_t, 64> values{};

  bool operator== (const QuantizationTable &) const = default;

  // Whether every value fits in 8 bits.
  bool is_8bit () const;
  // Whether a value is 0, which is not allowed (T.81 B.2.4.1).
  bool has_zero () const;
  // Bytes that the values take on the wire: 64 or 128.
  std::size_t wire_size () const { return is_8bit () ? 64 : 128; }
};

struct QuantizationTables {
  QuantizationTable luma;
  QuantizationTable chroma;

  bool operator== (const QuantizationTables &) const = default;
};

// The values of Q for which RFC 2435 section 4.2 derives the tables.
inline constexpr unsigned min_formula_q = 1;
inline constexpr unsigned max_formula_q = 99;

// The tables that a receiver derives from Q (RFC 2435 section 4.2 and appendix
// A: those of T.81 annex K, scaled as the IJG's library does).
QuantizationTables formula_tables (unsigned q);

// The Q whose formula gives exactly these tables, or 0.
unsigned formula_q (const QuantizationTables &tables);

} // namespace rfc2435
