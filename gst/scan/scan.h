// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_reader.h"
#include "jpeg_header.h"

#include <optional>

namespace rfc2435 {

struct ScanEnd {
  std::size_t offset; // behind the last byte of the entropy-coded data
  bool has_eoi;       // whether EOI is what ends it
};

// Finds the end of the scan that the reader stands at: the first marker that
// does not belong into it, or the end of the data. Leaves the reader behind
// that marker.
ScanEnd find_scan_end (ByteReader &reader, bool has_restart_markers);

// The same for pictures that end the data but for zeros, as cameras' do, found
// from the end without a look at the scan: the offset of an EOI that only zeros
// follow.
std::optional<std::size_t> find_final_eoi (std::span<const Bytes> pieces);

} // namespace rfc2435
