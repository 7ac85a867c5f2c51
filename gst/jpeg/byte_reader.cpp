// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "byte_reader.h"

#include "marker_search.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rfc2435 {

ByteReader::ByteReader (std::span<const Bytes> pieces) : following_ (pieces)
{
  for (auto piece : pieces)
    size_ += piece.size ();
}

// Called when the current piece is used up.
bool
ByteReader::next_piece ()
{
  while (!following_.empty ()) {
    auto piece = following_.front ();
    following_ = following_.subspan (1);
    if (piece.empty ())
      continue;
    passed_ += stop_ - begin_;
    begin_ = next_ = piece.data ();
    stop_ = begin_ + piece.size ();
    return true;
  }
  return false;
}

int
ByteReader::u16 ()
{
  int high = u8 ();
  int low = u8 ();
  return low == end ? end : high << 8 | low;
}

bool
ByteReader::read (std::uint8_t *out, std::size_t count)
{
  while (count > 0) {
    if (next_ == stop_ && !next_piece ())
      return false;
    auto n = std::min<std::size_t> (count, stop_ - next_);
    std::memcpy (out, next_, n);
    next_ += n;
    out += n;
    count -= n;
  }
  return true;
}

bool
ByteReader::skip (std::size_t count)
{
  while (count > 0) {
    if (next_ == stop_ && !next_piece ())
      return false;
    auto n = std::min<std::size_t> (count, stop_ - next_);
    next_ += n;
    count -= n;
  }
  return true;
}

void
ByteReader::skip_all (std::uint8_t value)
{
  // Cameras pad with many such bytes.
  std::array<std::uint8_t, 64> many;
  many.fill (value);
  do {
    while (stop_ - next_ >= std::ssize (many) &&
           std::memcmp (next_, many.data (), many.size ()) == 0)
      next_ += many.size ();
    while (next_ != stop_ && *next_ == value)
      next_++;
  } while (next_ == stop_ && next_piece ());
}

ByteReader::Marker
ByteReader::next_marker ()
{
  for (;;) {
    next_ = find_marker (next_, stop_);
    if (next_ == stop_) {
      if (!next_piece ())
        return {.code = end, .offset = size_};
      continue;
    }
    auto offset = position ();
    int code;
    do
      code = u8 ();
    while (code == 0xff);
    if (code != 0)
      return {.code = code, .offset = offset};
  }
}

} // namespace rfc2435
