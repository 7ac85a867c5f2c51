// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// The main JPEG header (RFC 2435 section 3.1) that opens every payload.
struct MainHeader {
  static constexpr std::size_t size = 8;
  // Fragment Offset has 24 bits.
  static constexpr std::uint32_t max_fragment_offset = (1u << 24) - 1;
  // Width and Height are in blocks of 8 pixels, with 8 bits each.
  static constexpr unsigned max_dimension = 255 * 8;
  // Added to a type if there are restart markers (section 3.1.3).
  static constexpr std::uint8_t with_restart_markers = 64;

  std::uint8_t type_specific = 0;
  std::uint32_t fragment_offset = 0;
  std::uint8_t type = 0;
  std::uint8_t q = 0;
  std::uint8_t width_blocks = 0;
  std::uint8_t height_blocks = 0;

  bool operator== (const MainHeader &) const = default;

  // Writes `size` bytes and returns the position after them.
  std::uint8_t *write (std::uint8_t *out) const;
  static std::optional<MainHeader> parse (Bytes payload);
};

} // namespace rfc2435
