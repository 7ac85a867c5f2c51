// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace test {

// The payload of an APP1 segment whose Exif data contains this orientation,
// after an entry of another kind.
inline std::vector<std::uint8_t>
exif (std::uint8_t orientation, bool little_endian)
{
  std::vector<std::uint8_t> bytes = {'E', 'x', 'i', 'f', 0, 0};
  auto number = [&] (unsigned size, unsigned value) {
    for (unsigned i = 0; i < size; i++) {
      auto shift = 8 * (little_endian ? i : size - 1 - i);
      bytes.push_back (static_cast<std::uint8_t> (value >> shift));
    }
  };
  auto entry = [&] (unsigned tag, unsigned type, unsigned value) {
    number (2, tag);
    number (2, type);
    number (4, 1);
    number (2, value);
    number (2, 0);
  };

  bytes.insert (bytes.end (), 2, little_endian ? 'I' : 'M');
  number (2, 42);
  number (4, 8);
  number (2, 2);
  entry (0x0100, 3, 640);
  entry (0x0112, 3, orientation);
  number (4, 0);
  return bytes;
}

} // namespace test
