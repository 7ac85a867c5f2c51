// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_reader.h"
#include "interval_writer.h"
#include "mcu_index.h"
#include "scan_decoder.h"
#include "scan_layout.h"
#include "unstuffed_scan.h"

namespace rfc2435 {

// A scan that has been read up to its last complete MCU. The index has a
// position for each MCU, and one where the last one ends.
struct IndexedScan {
  UnstuffedScan bits;
  std::vector<McuPosition> mcus;

  std::uint32_t count () const
  {
    return static_cast<std::uint32_t> (mcus.size ()) - 1;
  }
};

// Splices a scan without restart markers from MCUs of several scans. Bits are
// copied unchanged, except for the first DC difference of each component where
// MCUs follow other ones than in their own scan.
class McuSplicer {
public:
  // `expected`: the size that the scan will probably have.
  McuSplicer (const ScanLayout &layout, std::size_t expected);

  // Appends MCUs that were read before, from `begin` to `end` of these bits,
  // with `offset` added to their DC levels.
  void put (const std::uint8_t *data, const McuPosition &begin,
      const McuPosition &end, const DcLevels &offset = {});
  void put_gray (std::uint32_t count);

  // The scan; nothing if it has grown larger than RFC 2435 allows.
  std::optional<Bytes> finish ();

private:
  const ScanLayout layout_;
  StuffedOutput output_;
  std::array<std::uint8_t, IntervalWriter::buffer_size> buffer_;
  IntervalWriter writer_;
  DcLevels written_{}; // of the MCU written last
};

} // namespace rfc2435
