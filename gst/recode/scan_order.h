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

// T.81 B.2.3 has the components of a scan in the order of the frame. Where
// those of the first scan are not, libjpeg refuses its header but could decode
// its data: it is given a sorted header and then told the order of the data.
class ScanOrder {
public:
  // The frame with this header for libjpeg to read: these pieces or, until the
  // next call, some of this object's.
  std::span<const Bytes> sort (
      std::span<const Bytes> pieces, const JpegHeader &header);
  // Whether the last frame needed it.
  bool sorted () const { return count_ != 0; }
  // For between jpeg_read_header and the first scan. False if the library has
  // read another header.
  bool restore (jpeg_decompress_struct &in) const;

private:
  // Selectors of components and tables.
  std::array<std::uint8_t, 2 * JpegHeader::max_components> selectors_{};
  // Components as the data has them.
  std::array<JpegHeader::ScanComponent, JpegHeader::max_components> order_{};
  unsigned count_ = 0;
  std::vector<Bytes> pieces_;
};

} // namespace rfc2435
