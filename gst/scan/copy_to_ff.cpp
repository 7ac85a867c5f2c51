// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "copy_to_ff.h"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rfc2435 {
namespace {

// The last few bytes, and those around a 0xff.
std::size_t
copy_bytes (const std::uint8_t *begin, const std::uint8_t *from,
    const std::uint8_t *end, std::uint8_t *to)
{
  while (from != end && *from != 0xff)
    *to++ = *from++;
  return from - begin;
}

bool
has_ff (std::uint64_t bytes)
{
  constexpr std::uint64_t ones = 0x0101010101010101;
  // 0xff is the one byte that is 0 when inverted.
  return ((~bytes - ones) & bytes & (ones << 7)) != 0;
}

} // namespace

std::size_t
copy_to_ff_portable (
    const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to)
{
  auto begin = from;
  while (end - from >= 8) {
    std::uint64_t bytes;
    std::memcpy (&bytes, from, sizeof bytes);
    if (has_ff (bytes))
      break;
    std::memcpy (to, &bytes, sizeof bytes);
    from += 8;
    to += 8;
  }
  return copy_bytes (begin, from, end, to);
}

#ifdef __SSE2__

std::size_t
copy_to_ff (const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to)
{
  const auto ff = _mm_set1_epi8 (-1);
  auto begin = from;
  while (end - from >= 16) {
    auto bytes = _mm_loadu_si128 (reinterpret_cast<const __m128i *> (from));
    _mm_storeu_si128 (reinterpret_cast<__m128i *> (to), bytes);
    auto found =
        static_cast<unsigned> (_mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, ff)));
    if (found != 0)
      return from - begin + std::countr_zero (found);
    from += 16;
    to += 16;
  }
  return copy_bytes (begin, from, end, to);
}

#else

std::size_t
copy_to_ff (const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to)
{
  return copy_to_ff_portable (from, end, to);
}

#endif

} // namespace rfc2435
