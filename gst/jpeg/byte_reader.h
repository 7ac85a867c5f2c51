// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

namespace rfc2435 {

// Reads forward through data in several pieces, such as the memories of a
// buffer, without joining them. Every read is checked against the end.
class ByteReader {
public:
  static constexpr int end = -1;

  // The pieces must outlive the reader.
  explicit ByteReader (std::span<const Bytes> pieces);

  std::size_t size () const { return size_; }
  std::size_t position () const { return passed_ + (next_ - begin_); }
  std::size_t remaining () const { return size_ - position (); }

  // The next byte, or `end`.
  int u8 ()
  {
    if (next_ == stop_ && !next_piece ())
      return end;
    return *next_++;
  }

  // The next two bytes, big-endian, or `end`.
  int u16 ();

  // False if there are fewer than `count` bytes; then the reader is at the end,
  // and the contents of `out` are undefined.
  bool read (std::uint8_t *out, std::size_t count);
  bool skip (std::size_t count);

  // Skips all bytes of this value that come next.
  void skip_all (std::uint8_t value);

  struct Marker {
    int code;           // the marker's second byte, or `end` if there is none
    std::size_t offset; // of its first byte, fill bytes included
  };

  // Moves past the next marker (T.81 B.1.1.2), skipping whatever precedes it,
  // including stuffed bytes.
  Marker next_marker ();

private:
  bool next_piece ();

  std::span<const Bytes> following_;
  const std::uint8_t *begin_ = nullptr;
  const std::uint8_t *next_ = nullptr;
  const std::uint8_t *stop_ = nullptr;
  std::size_t passed_ = 0;
  std::size_t size_ = 0;
};

} // namespace rfc2435
