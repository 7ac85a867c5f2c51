// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// The restart marker header (RFC 2435 section 3.1.7) that follows the main
// header in every packet of a frame of type 64 to 127.
struct RestartHeader {
  static constexpr std::size_t size = 4;
  // The Restart Count of packets that are not aligned with restart intervals:
  // the receiver must reassemble the whole frame before decoding it.
  static constexpr std::uint16_t whole_frame = 0x3fff;

  std::uint16_t restart_interval = 0;
  bool first = true;
  bool last = true;
  std::uint16_t restart_count = whole_frame;

  bool operator== (const RestartHeader &) const = default;

  // Writes `size` bytes and returns the position after them.
  std::uint8_t *write (std::uint8_t *out) const;
  static std::optional<RestartHeader> parse (Bytes payload);
};

} // namespace rfc2435
