// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_header.h"

namespace rfc2435 {

std::uint8_t *
RestartHeader::write (std::uint8_t *out) const
{
  auto flags_and_count = static_cast<std::uint16_t> (
      (first ? 0x8000 : 0) | (last ? 0x4000 : 0) | (restart_count & 0x3fff));

  *out++ = static_cast<std::uint8_t> (restart_interval >> 8);
  *out++ = static_cast<std::uint8_t> (restart_interval);
  *out++ = static_cast<std::uint8_t> (flags_and_count >> 8);
  *out++ = static_cast<std::uint8_t> (flags_and_count);
  return out;
}

std::optional<RestartHeader>
RestartHeader::parse (Bytes payload)
{
  if (payload.size () < size)
    return std::nullopt;

  return RestartHeader{
      .restart_interval =
          static_cast<std::uint16_t> (payload[0] << 8 | payload[1]),
      .first = (payload[2] & 0x80) != 0,
      .last = (payload[2] & 0x40) != 0,
      .restart_count =
          static_cast<std::uint16_t> ((payload[2] & 0x3f) << 8 | payload[3]),
  };
}

} // namespace rfc2435
