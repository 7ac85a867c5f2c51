// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "exif_orientation.h"

#include <algorithm>
#include <array>

namespace rfc2435 {
namespace {

constexpr std::array<std::uint8_t, 6> exif = {'E', 'x', 'i', 'f', 0, 0};
constexpr std::uint32_t tiff_header_size = 8;
constexpr std::uint32_t entry_size = 12;
constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t type_short = 3;

// Reads the numbers of a TIFF file in its byte order; beyond the end, they are
// 0.
class TiffReader {
public:
  TiffReader (ByteReader reader, std::size_t left)
      : reader_ (reader), left_ (left)
  {}

  // False if this is not a TIFF file.
  bool read_byte_order ()
  {
    auto order = number (2);
    little_endian_ = order == 0x4949;
    return (little_endian_ || order == 0x4d4d) && number (2) == 42;
  }

  std::uint32_t number (unsigned size)
  {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; i++) {
      auto byte = static_cast<std::uint32_t> (left_ > 0 ? reader_.u8 () : 0);
      left_ -= left_ > 0;
      value = little_endian_ ? value | byte << 8 * i : value << 8 | byte;
    }
    return value;
  }

  void skip (std::size_t count)
  {
    count = std::min (count, left_);
    reader_.skip (count);
    left_ -= count;
  }

  std::size_t left () const { return left_; }

private:
  ByteReader reader_;
  std::size_t left_;
  bool little_endian_ = false;
};

} // namespace

std::uint8_t
exif_orientation (ByteReader reader, std::size_t length)
{
  std::array<std::uint8_t, exif.size ()> name;
  length = std::min (length, reader.remaining ());
  if (length < name.size () || !reader.read (name.data (), name.size ()) ||
      name != exif)
    return 0;

  TiffReader tiff (reader, length - name.size ());
  if (!tiff.read_byte_order ())
    return 0;
  // The first directory is that of the picture itself.
  auto directory = tiff.number (4);
  if (directory < tiff_header_size)
    return 0;
  tiff.skip (directory - tiff_header_size);
  auto entries = tiff.number (2);
  for (; entries > 0 && tiff.left () >= entry_size; entries--) {
    auto tag = tiff.number (2), type = tiff.number (2), count = tiff.number (4);
    auto value = tiff.number (2);
    tiff.skip (2);
    if (tag == orientation_tag)
      return type == type_short && count == 1 && value >= 1 && value <= 8
                 ? static_cast<std::uint8_t> (value)
                 : 0;
  }
  return 0;
}

} // namespace rfc2435
