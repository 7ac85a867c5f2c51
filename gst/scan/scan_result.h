// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

enum class ScanFault : std::uint8_t {
  none,
  // The data, or a restart interval of it, ends in an MCU.
  cut_short,
  // A Huffman code that the table lacks, more than 63 AC coefficients, a level
  // that baseline has no code for, a Huffman table that is none.
  corrupt,
  // A restart marker out of sequence.
  restart_marker,
  // More output than allowed.
  too_large,
  // What was done to it did not want to go on.
  stopped,
};

// The result of processing a scan.
struct ScanResult {
  ScanFault fault = ScanFault::none;
  // The first MCU that is not whole; with no fault, how many there are.
  std::uint32_t mcu = 0;
  // Where the last whole MCU's last byte ends in the source.
  std::size_t end = 0;
  // There are bytes of no MCU in front of a restart marker. Decoders pass over
  // them, but no encoder is known to write them.
  bool has_extraneous_bytes = false;

  explicit operator bool () const { return fault == ScanFault::none; }
};

} // namespace rfc2435
