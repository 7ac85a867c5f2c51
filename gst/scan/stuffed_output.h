// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_buffer.h"
#include "bytes.h"

namespace rfc2435 {

// Entropy-coded data as it appears in a JPEG: with a byte 0 stuffed after each
// 0xff (T.81 F.1.2.3), and with restart markers. Keeps its memory for the next
// scan.
class StuffedOutput {
public:
  void clear (std::size_t limit)
  {
    size_ = 0;
    limit_ = limit;
    is_full_ = false;
  }
  void reserve (std::size_t capacity) { buffer_.reserve (capacity, size_); }

  void append (Bytes bytes);
  void append_marker (std::uint8_t code);

  // Whether the limit was exceeded.
  bool is_full () const { return is_full_; }
  // Valid until the next call.
  Bytes bytes () const { return {buffer_.data (), size_}; }

private:
  bool make_room (std::size_t size);

  ByteBuffer buffer_;
  std::size_t size_ = 0;
  std::size_t limit_ = 0;
  bool is_full_ = false;
};

} // namespace rfc2435
