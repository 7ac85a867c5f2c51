// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bits.h"

namespace rfc2435 {

// Writes bits without branches, and without stuffing bytes after 0xff, which
// StuffedOutput does. Nothing is checked here: the caller makes sure there is
// room.
class BitWriter {
public:
  // How many bits can be added between two calls of flush ().
  static constexpr unsigned max_bits = 56;
  // Bytes that may be written behind the last whole one.
  static constexpr unsigned slack = 8;

  explicit BitWriter (std::uint8_t *to) : next_ (to) {}

  // Behind the last whole byte, after flush ().
  std::uint8_t *next () const { return next_; }

  // `value` has no other bits than the lowest `count`.
  [[gnu::always_inline]] void add (std::uint64_t value, unsigned count)
  {
    bits_ = bits_ << count | value;
    count_ += count;
  }

  [[gnu::always_inline]] void flush ()
  {
    // Twice, since shifting by 64 at once means nothing.
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

  // Goes on there, with the bits of a byte that is not whole.
  void move (std::uint8_t *to) { next_ = to; }

private:
  std::uint8_t *next_;
  // The lowest `count_` are not written, up to 7 after flush (). What is above
  // them means nothing.
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
};

} // namespace rfc2435
