// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

namespace rfc2435 {

// Bytes that are not initialized before they are written, in memory that is
// kept for the next frame.
class ByteBuffer {
public:
  std::uint8_t *data () { return bytes_.get (); }
  const std::uint8_t *data () const { return bytes_.get (); }
  std::size_t capacity () const { return capacity_; }

  // Makes room for `capacity` bytes and keeps the first `used`.
  void reserve (std::size_t capacity, std::size_t used = 0)
  {
    if (capacity <= capacity_)
      return;
    // A buffer that has grown once will grow again: with some room to spare, a
    // slightly larger frame needs no new memory.
    if (capacity_ != 0)
      capacity = std::max (capacity + capacity / 4, capacity_ + capacity_ / 2);
    auto bytes = std::make_unique_for_overwrite<std::uint8_t[]> (capacity);
    if (used != 0)
      std::memcpy (bytes.get (), bytes_.get (), used);
    bytes_ = std::move (bytes);
    capacity_ = capacity;
  }

private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
};

} // namespace rfc2435
