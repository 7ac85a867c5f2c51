// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_buffer.h"
#include "bytes.h"

#include <vector>

namespace rfc2435 {

// The bits of a scan: its bytes without those stuffed after 0xff (T.81
// F.1.2.3) and without restart markers, which divide it into segments. The
// segments are contiguous, and zeros follow the last one, so that readers need
// to check for the end only from time to time.
class UnstuffedScan {
public:
  // A block takes at most 27 bits for its DC difference and 63 times 31 for the
  // rest, an MCU has up to six blocks, and the bit reader loads eight bytes at
  // once.
  static constexpr std::size_t padding = 6 * (27 + 63 * 31) / 8 + 64;

  // The data between two restart markers.
  struct Segment {
    std::size_t begin = 0; // in `data ()`, in bytes
    std::size_t end = 0;
    std::size_t source_begin = 0; // in the source
    std::size_t source_end = 0;
    // The second byte of the marker that follows, 0 at the end of the data.
    std::uint8_t marker = 0;
  };

  // Takes the bytes of the joined `pieces` from `offset` up to the first marker
  // that is not part of the scan; restart markers are part of it only if
  // `has_restart_markers`. At most 2^28 bytes are taken, since bit positions
  // have 32 bits.
  void read (std::span<const Bytes> pieces, std::size_t offset,
      bool has_restart_markers);

  // At least one.
  const std::vector<Segment> &segments () const { return segments_; }
  std::size_t size () const { return segments_.back ().end; }
  // Followed by `padding` zeros.
  const std::uint8_t *data () const { return buffer_.data (); }

  // Where the byte before `position`, which lies in this segment, ends in the
  // source. `pieces` are those that were read.
  std::size_t source_offset (std::span<const Bytes> pieces,
      const Segment &segment, std::size_t position) const;

private:
  class Reading;

  ByteBuffer buffer_;
  std::vector<Segment> segments_;
};

} // namespace rfc2435
