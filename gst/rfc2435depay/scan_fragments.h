// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_block.h"
#include "restart_header.h"

#include <optional>
#include <vector>

namespace rfc2435 {

// The pieces of one scan that have arrived, placed by fragment offset.
// Allocates memory only for bytes that have arrived, whatever an offset claims:
// pieces are stored in the order of arrival, which is that of the scan unless
// packets were reordered or lost.
class ScanFragments {
public:
  // Room before the first piece, for a JPEG header.
  static constexpr std::size_t header_room = 1024;
  // The maximum number of pieces in a scan: 16 MiB in packets of a kilobyte.
  static constexpr std::size_t max_count = 16384;

  struct Fragment {
    std::uint32_t offset;   // in the scan
    std::uint32_t position; // in the block, after the header room
    std::uint32_t size;
    // As on the wire, with types 64 and 65.
    bool first : 1;
    bool last : 1;
    std::uint16_t restart_count : 14;

    std::uint32_t end () const { return offset + size; }
  };

  enum class Added {
    stored,
    duplicate,
    conflict, // overlaps others, with different contents
    too_many,
  };

  // `expected`: the size that the scan will probably have.
  void reserve (std::size_t expected)
  {
    block_.reserve (header_room + expected);
  }

  // There is at least one byte, and the end of the bytes fits into 32 bits.
  // They may be more than a datagram can hold: packets don't always come from a
  // network.
  Added add (std::uint32_t offset, Bytes bytes, const RestartHeader &restart);

  // In the order of their offsets.
  const std::vector<Fragment> &fragments () const { return fragments_; }
  Bytes bytes (const Fragment &fragment) const
  {
    return {block_.data () + header_room + fragment.position, fragment.size};
  }

  // All bytes that have arrived, without the gaps.
  Bytes received_bytes () const
  {
    return block_.bytes ().subspan (empty () ? 0 : header_room);
  }

  bool empty () const { return fragments_.empty (); }
  std::size_t received () const { return received_; }
  // The end of the last byte that has arrived.
  std::uint32_t end () const
  {
    return empty () ? 0 : fragments_.back ().end ();
  }
  // Whether all bytes up to the end have arrived.
  bool is_gapless () const { return received_ == end (); }
  // The last `count` bytes before the end, if they are in one piece.
  std::optional<Bytes> tail (std::size_t count) const;

  // Sorts the pieces into the order of the scan.
  void sort ();
  // The header room and, after it, the scan, which must be gapless and sorted.
  ByteBlock take_block () { return std::move (block_); }

private:
  ByteBlock block_;
  std::vector<Fragment> fragments_;
  std::size_t received_ = 0;
  bool in_order_ = true;
};

} // namespace rfc2435
