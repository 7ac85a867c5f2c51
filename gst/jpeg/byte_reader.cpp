// SPDX-License-Identifier: LGPL-2.1-or-later
#include "byte_reader.h"

#include <algorithm>
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

bool
ByteReader::skip_to (std::uint8_t value)
{
  do {
    auto found = next_ == stop_
                     ? nullptr
                     : static_cast<const std::uint8_t *> (
                           std::memchr (next_, value, stop_ - next_));
    if (found) {
      next_ = found;
      return true;
    }
    next_ = stop_;
  } while (next_piece ());
  return false;
}

} // namespace rfc2435
