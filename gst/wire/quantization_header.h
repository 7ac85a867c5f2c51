// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"
#include "quantization_table.h"

#include <optional>

namespace rfc2435 {

// The quantization table header (RFC 2435 section 3.1.8) with the two tables of
// types 0 and 1, in a frame's first packet when Q is 128 or more. A table is
// sent with 16-bit values only if necessary: hardly any receiver reads those.
struct QuantizationHeader {
  static constexpr std::size_t fixed_size = 4;
  static constexpr std::size_t max_size = fixed_size + 2 * 128;

  static std::size_t size (const QuantizationTables &tables);
  // Writes `size ()` bytes and returns the position after them.
  static std::uint8_t *write (
      const QuantizationTables &tables, std::uint8_t *out);
  static std::optional<QuantizationTables> parse (Bytes payload);
  // The same, but also accepts what some senders write: one table for all
  // components, or more than two, of which the first two count.
  static std::optional<QuantizationTables> parse_lenient (Bytes payload);
};

} // namespace rfc2435
