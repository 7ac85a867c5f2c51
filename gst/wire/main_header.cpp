// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "main_header.h"

namespace rfc2435 {

std::uint8_t *
MainHeader::write (std::uint8_t *out) const
{
  *out++ = type_specific;
  *out++ = static_cast<std::uint8_t> (fragment_offset >> 16);
  *out++ = static_cast<std::uint8_t> (fragment_offset >> 8);
  *out++ = static_cast<std::uint8_t> (fragment_offset);
  *out++ = type;
  *out++ = q;
  *out++ = width_blocks;
  *out++ = height_blocks;
  return out;
}

std::optional<MainHeader>
MainHeader::parse (Bytes payload)
{
  if (payload.size () < size)
    return std::nullopt;

  return MainHeader{
      .type_specific = payload[0],
      .fragment_offset =
          std::uint32_t{payload[1]} << 16 | payload[2] << 8 | payload[3],
      .type = payload[4],
      .q = payload[5],
      .width_blocks = payload[6],
      .height_blocks = payload[7],
  };
}

} // namespace rfc2435
