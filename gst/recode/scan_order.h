// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"
#include "jpeg_header.h"

#include <array>
#include <cstdio> // jpeglib.h needs FILE and size_t declared
#include <span>
#include <vector>

#include <jpeglib.h>

namespace rfc2435 {

// T.81 B.2.3 requires the components of a scan to be in the order of the frame.
// libjpeg rejects the header of a first scan that breaks this rule, although it
// could decode the data: so it is given a sorted header, and then told the
// order of the data.
class ScanOrder {
public:
  // The frame with this header as libjpeg is to read it: `pieces`, or pieces
  // that this object owns until the next call.
  std::span<const Bytes> sort (
      std::span<const Bytes> pieces, const JpegHeader &header);
  // Whether the last frame needed sorting.
  bool sorted () const { return count_ != 0; }
  // To be called between jpeg_read_header and the first scan. False if the
  // library has read another header.
  bool restore (jpeg_decompress_struct &in) const;

private:
  // Component and table selectors, sorted.
  std::array<std::uint8_t, 2 * JpegHeader::max_components> selectors_{};
  // Components in the order of the data.
  std::array<JpegHeader::ScanComponent, JpegHeader::max_components> order_{};
  unsigned count_ = 0;
  std::vector<Bytes> pieces_;
};

} // namespace rfc2435
