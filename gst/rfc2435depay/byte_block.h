// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace rfc2435 {

// Bytes that are appended, in memory that grows with them and is not
// initialized. As with GLib, a failed allocation ends the program.
class ByteBlock {
public:
  ByteBlock () = default;
  ByteBlock (ByteBlock &&other) noexcept { swap (other); }
  ByteBlock &operator= (ByteBlock &&other) noexcept
  {
    swap (other);
    return *this;
  }
  ~ByteBlock () { std::free (data_); }

  void swap (ByteBlock &other) noexcept
  {
    std::swap (data_, other.data_);
    std::swap (size_, other.size_);
    std::swap (capacity_, other.capacity_);
  }

  std::uint8_t *data () { return data_; }
  const std::uint8_t *data () const { return data_; }
  std::size_t size () const { return size_; }
  Bytes bytes () const { return {data_, size_}; }

  void reserve (std::size_t capacity)
  {
    if (capacity <= capacity_)
      return;
    data_ = static_cast<std::uint8_t *> (std::realloc (data_, capacity));
    if (!data_)
      std::abort ();
    capacity_ = capacity;
  }

  // Makes room at the end, and returns its position.
  std::uint8_t *extend (std::size_t count)
  {
    if (capacity_ - size_ < count)
      reserve (size_ + count + size_ / 2);
    auto place = data_ + size_;
    size_ += count;
    return place;
  }

  void append (Bytes bytes)
  {
    if (!bytes.empty ())
      std::memcpy (extend (bytes.size ()), bytes.data (), bytes.size ());
  }

  void truncate (std::size_t size) { size_ = size; }

  // Hands the memory over; it must be freed with free ().
  std::uint8_t *release ()
  {
    size_ = capacity_ = 0;
    return std::exchange (data_, nullptr);
  }

private:
  std::uint8_t *data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace rfc2435
