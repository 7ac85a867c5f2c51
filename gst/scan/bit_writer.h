// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bits.h"

namespace rfc2435 {

// Writes bits without branches, and without the bytes to stuff after 0xff: that
// is StuffedOutput's. Nothing is checked here: whoever writes sees to the room.
class BitWriter {
public:
  // How many bits can be put at once.
  static constexpr unsigned max_bits = 56;
  // Bytes that may be written behind the last whole one.
  static constexpr unsigned slack = 8;

  explicit BitWriter (std::uint8_t *to) : next_ (to) {}

  // Behind the last whole byte.
  std::uint8_t *next () const { return next_; }

  // `value` has no other bits than the lowest `count`, from 1 to `max_bits`.
  void put (std::uint64_t value, unsigned count)
  {
    bits_ |= value << (64 - count_ - count);
    count_ += count;
    store_be64 (next_, bits_);
    next_ += count_ >> 3;
    bits_ <<= count_ & ~7u;
    count_ &= 7;
  }

  // Fills the last byte with ones (T.81 F.1.2.3).
  void align ()
  {
    if (count_ != 0)
      put ((1u << (8 - count_)) - 1, 8 - count_);
  }

  // Goes on there, with the bits of a byte that is not whole.
  void move (std::uint8_t *to) { next_ = to; }

private:
  std::uint8_t *next_;
  std::uint64_t bits_ = 0;
  unsigned count_ = 0; // up to 7 that are not in a whole byte
};

} // namespace rfc2435
