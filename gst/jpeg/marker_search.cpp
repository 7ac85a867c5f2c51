// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marker_search.h"

#include <cstddef>
#include <cstring>

namespace rfc2435 {
namespace {

// The vector extensions of GCC and Clang, which the compiler emulates where a
// processor lacks instructions: each byte of each frame passes through here.
using Vector [[gnu::vector_size (16)]] = std::uint8_t;
using Halves [[gnu::vector_size (16)]] = std::uint64_t;

constexpr std::ptrdiff_t vector_size = sizeof (Vector);

Vector
load (const std::uint8_t *bytes)
{
  Vector vector;
  std::memcpy (&vector, bytes, sizeof (vector));
  return vector;
}

// Not 0 for each of 16 bytes that is 0xff and is followed by a byte other than
// 0. Reads one byte more.
Vector
candidates (const std::uint8_t *bytes)
{
  return reinterpret_cast<Vector> (load (bytes) == 0xff) &
         reinterpret_cast<Vector> (load (bytes + 1) != 0);
}

bool
any (Vector vector)
{
  auto halves = reinterpret_cast<Halves> (vector);
  return (halves[0] | halves[1]) != 0;
}

} // namespace

const std::uint8_t *
find_marker (const std::uint8_t *begin, const std::uint8_t *end)
{
  auto at = begin;
  while (end - at > 4 * vector_size &&
         !any (candidates (at) | candidates (at + vector_size) |
               candidates (at + 2 * vector_size) |
               candidates (at + 3 * vector_size)))
    at += 4 * vector_size;
  while (end - at > vector_size && !any (candidates (at)))
    at += vector_size;
  while (at != end && (*at != 0xff || (at + 1 != end && at[1] == 0)))
    at++;
  return at;
}

} // namespace rfc2435
