// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_reader.h"
#include "interval_writer.h"
#include "mcu_index.h"
#include "scan_decoder.h"
#include "scan_layout.h"
#include "unstuffed_scan.h"

namespace rfc2435 {

// A scan that has been read up to its last whole MCU. The index has a position
// for each, and one more where the last ends.
struct IndexedScan {
  UnstuffedScan bits;
  std::vector<McuPosition> mcus;

  std::uint32_t count () const
  {
    return static_cast<std::uint32_t> (mcus.size ()) - 1;
  }
};

// Puts a scan without restart markers together from MCUs of several. Bits are
// copied as they are, but for the first DC difference of each component where
// MCUs follow others than those they were written behind.
class McuSplicer {
public:
  // `expected`: how many bytes the scan will probably have.
  McuSplicer (const ScanLayout &layout, std::size_t expected);

  // MCUs that were read, from `begin` to `end` of these bits, with these added
  // to their DC levels.
  void put (const std::uint8_t *data, const McuPosition &begin,
      const McuPosition &end, const DcLevels &offset = {});
  void put_gray (std::uint32_t count);

  // Nothing if it has grown larger than RFC 2435 allows.
  std::optional<Bytes> finish ();

private:
  const ScanLayout layout_;
  StuffedOutput output_;
  std::array<std::uint8_t, IntervalWriter::buffer_size> buffer_;
  IntervalWriter writer_;
  DcLevels written_{}; // of the MCU written last
};

} // namespace rfc2435
