// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

enum class ScanFault : std::uint8_t {
  none,
  // The data, or a restart interval in it, ends within an MCU.
  cut_short,
  // A Huffman code that the table lacks, more than 63 AC coefficients, a level
  // that baseline has no code for, or an invalid Huffman table.
  corrupt,
  // A restart marker out of sequence.
  restart_marker,
  // More output than allowed.
  too_large,
  // The operation stopped.
  stopped,
};

// The result of processing a scan.
struct ScanResult {
  ScanFault fault = ScanFault::none;
  // The first incomplete MCU; without a fault, the number of MCUs.
  std::uint32_t mcu = 0;
  // Where the last byte of the last complete MCU ends in the source.
  std::size_t end = 0;
  // Bytes before a restart marker belong to no MCU. Decoders skip them, but no
  // encoder is known to write them.
  bool has_extraneous_bytes = false;

  explicit operator bool () const { return fault == ScanFault::none; }
};

} // namespace rfc2435
