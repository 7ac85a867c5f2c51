// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace rfc2435 {

inline std::uint64_t
swap_to_big_endian (std::uint64_t value)
{
  if constexpr (std::endian::native == std::endian::little)
    return __builtin_bswap64 (value);
  else
    return value;
}

// Eight bytes, big-endian; the address need not be aligned.
inline std::uint64_t
load_be64 (const std::uint8_t *from)
{
  std::uint64_t value;
  std::memcpy (&value, from, sizeof value);
  return swap_to_big_endian (value);
}

inline void
store_be64 (std::uint8_t *to, std::uint64_t value)
{
  value = swap_to_big_endian (value);
  std::memcpy (to, &value, sizeof value);
}

} // namespace rfc2435
