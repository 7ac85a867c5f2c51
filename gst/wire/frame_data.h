// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"

namespace rfc2435 {

// Reads the data of a frame: the scan in the JPEG's pieces, then EOI.
class FrameData {
public:
  FrameData (std::span<const Bytes> pieces, const Frame &frame);

  // Copies the next bytes; `count` must not exceed those left.
  std::uint8_t *read (std::uint8_t *out, std::size_t count);

private:
  ByteReader scan_;
  std::size_t scan_left_;
  Bytes eoi_;
};

} // namespace rfc2435
