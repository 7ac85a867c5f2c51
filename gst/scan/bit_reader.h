// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bits.h"

#include <cstddef>

namespace rfc2435 {

// Reads bits, most significant first, as fast as possible: nothing is checked
// here. The caller uses `position ()` to make sure that it stays before the
// padding of an UnstuffedScan. Everything is inlined, even what is rarely
// called, so that the reader stays in registers.
class BitReader {
public:
  // The minimum number of bits available after refill ().
  static constexpr unsigned refilled = 56;

  explicit BitReader (const std::uint8_t *data, std::size_t bit = 0)
      : data_ (data)
  {
    seek (bit);
  }

  [[gnu::always_inline]] void seek (std::size_t bit)
  {
    next_ = data_ + bit / 8;
    bits_ = 0;
    count_ = 0;
    refill ();
    skip (bit % 8);
  }

  // After Fabian Giesen, "Reading bits in far too many ways", variant 4. Bits
  // beyond those that are counted are loaded again by the next call.
  [[gnu::always_inline]] void refill ()
  {
    bits_ |= load_be64 (next_) >> count_;
    next_ += (63 - count_) >> 3;
    count_ |= 56;
  }

  // The next bits, left-aligned.
  std::uint64_t bits () const { return bits_; }

  [[gnu::always_inline]] void skip (unsigned count)
  {
    bits_ <<= count;
    count_ -= count;
  }

  // In bits.
  std::size_t position () const
  {
    return static_cast<std::size_t> (next_ - data_) * 8 - count_;
  }

private:
  const std::uint8_t *data_;
  const std::uint8_t *next_;
  std::uint64_t bits_;
  unsigned count_;
};

} // namespace rfc2435
