// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mcu_index.h"
#include "requantizing.h"
#include "scan_decoder.h"
#include "scan_layout.h"
#include "scan_result.h"
#include "stuffed_output.h"
#include "unstuffed_scan.h"

#include <optional>

namespace rfc2435 {

// Reads a baseline scan of Y, U and V in 4:2:0 or 4:2:2 from the first code to
// the last, in one pass and without arrays of coefficients, and rewrites it on
// request: with the standard Huffman tables, and with restart markers at any
// interval. The picture stays exactly the same, unless it is requantized.
//
//   source ──> UnstuffedScan ──> scan_walk.h ──> IntervalWriter ──>
//   StuffedOutput
//              (segments)       + an operation   (bits)            (scan)
//                               (scan_operations.h)
//
// An operation is what is done to a block. To add one, write a class of this
// kind and a member function here; it shares the loop, the reader and the
// writer.
//
// Memory is kept for the next scan. Not thread-safe.
class ScanTranscoder {
public:
  // RFC 2435 counts a scan's bytes in 24 bits.
  static constexpr std::size_t max_output = (std::size_t{1} << 24) - 1;

  // Loads the scan that begins at `offset` of the pieces, which must stay valid
  // while it is in use. The other functions work on this scan.
  void read (std::span<const Bytes> pieces, std::size_t offset,
      const ScanLayout &layout);

  // Reads every code up to those of the last MCU.
  ScanResult check (const ScanTables &tables, McuIndex *index = nullptr);

  // The same, and writes the scan with the standard tables and with this
  // restart interval, in MCUs, 0 for none.
  ScanResult transcode (const ScanTables &tables,
      std::uint16_t restart_interval, McuIndex *index = nullptr);

  // Writes the scan with requantized levels, the standard Huffman tables and
  // this restart interval.
  ScanResult requantize (const ScanTables &tables,
      const Requantizing &requantizing, std::uint16_t restart_interval);

  // The positions in an McuIndex refer to this.
  const UnstuffedScan &source () const { return source_; }
  // The marker that follows the scan, 0 for none.
  std::uint8_t next_marker () const
  {
    return source_.segments ().back ().marker;
  }
  // The scan written, without a marker at its end. Valid until the next call.
  Bytes scan () const { return output_.bytes (); }

private:
  ScanResult no_tables () const;
  template <typename Operation>
  ScanResult walk (const Operation &operation, std::uint16_t restart_interval,
      McuIndex *index);

  std::span<const Bytes> pieces_;
  ScanLayout layout_;
  UnstuffedScan source_;
  StuffedOutput output_;
  // For custom tables, built when first needed.
  ScanDecoder<SymbolRun> decoder_;
  ScanDecoder<RecodedRun> recoding_decoder_;
  ScanDecoder<LevelRun> level_decoder_;
  ByteBuffer bits_;
};

} // namespace rfc2435
