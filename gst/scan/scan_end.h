// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_reader.h"

namespace rfc2435 {

// Where the entropy-coded data of a scan ends: at the first marker that is not
// RSTn, or with the bytes.
struct ScanEnd {
  std::size_t offset = 0;       // behind its last byte
  int marker = ByteReader::end; // second byte of what ends it
  std::uint32_t restart_markers = 0;
  bool in_order = true; // RST0 to RST7 follow each other in turn
};

// Finds the end of the scan at the reader's position, and leaves the reader
// after the marker there. A restart marker right before the end, which some
// encoders write, ends no interval and is not part of the scan.
ScanEnd find_scan_end (ByteReader &reader);

} // namespace rfc2435
