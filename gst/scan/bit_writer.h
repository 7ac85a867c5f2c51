// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bits.h"

namespace rfc2435 {

// Writes bits without branches. StuffedOutput stuffs bytes after 0xff. Nothing
// is checked here: the caller makes sure that there is room.
class BitWriter {
public:
  // The maximum number of bits added between two calls of flush ().
  static constexpr unsigned max_bits = 56;
  // Bytes that may be written beyond the last complete one.
  static constexpr unsigned slack = 8;

  explicit BitWriter (std::uint8_t *to) : next_ (to) {}

  // The end of the last complete byte, after flush ().
  std::uint8_t *next () const { return next_; }

  // Only the lowest `count` bits of `value` may be set.
  [[gnu::always_inline]] void add (std::uint64_t value, unsigned count)
  {
    bits_ = bits_ << count | value;
    count_ += count;
  }

  [[gnu::always_inline]] void flush ()
  {
    // In two steps, since a shift by 64 is undefined.
    store_be64 (next_, bits_ << 1 << (63 - count_));
    next_ += count_ >> 3;
    count_ &= 7;
  }

  [[gnu::always_inline]] void put (std::uint64_t value, unsigned count)
  {
    add (value, count);
    flush ();
  }

  // Fills the last byte with ones (T.81 F.1.2.3).
  [[gnu::always_inline]] void align ()
  {
    if (count_ != 0)
      put ((1u << (8 - count_)) - 1, 8 - count_);
  }

  // Continues there, taking the bits of an incomplete byte along.
  void move (std::uint8_t *to) { next_ = to; }

private:
  std::uint8_t *next_;
  // The lowest `count_` bits, up to 7 after flush (), are not written yet.
  // Those above have no meaning.
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
};

} // namespace rfc2435
