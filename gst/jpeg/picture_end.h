// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_header.h"

namespace rfc2435 {

// What follows a picture in its buffer, not counting padding (zeros, or 0xff).
struct TrailingData {
  std::size_t size = 0;     // in bytes
  bool has_picture = false; // SOI is among them

  bool operator== (const TrailingData &) const = default;
};

// The data after an EOI; the reader is right after it.
TrailingData data_behind_eoi (ByteReader reader);

// The data after a picture; the reader is in its entropy-coded data or after
// it. A picture without EOI ends at the next SOI.
TrailingData data_behind_picture (ByteReader reader);

// Whether the buffer contains the two fields of an interlaced picture.
// JpegHeader::has_fields alone does not show that: complete pictures may claim
// it, too.
inline bool
is_interlaced (const JpegHeader &header, const TrailingData &trailing)
{
  return header.has_fields && trailing.has_picture;
}

} // namespace rfc2435
