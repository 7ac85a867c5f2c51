// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "main_header.h"
#include "restart_header.h"

#include <span>

namespace rfc2435 {

// One RTP payload: headers, then a piece of the frame's data.
struct Fragment {
  std::uint32_t offset = 0; // of the piece in the data
  std::size_t header_size = 0;
  std::size_t data_size = 0;
  bool last = false; // of the frame
  // With chunks (RFC 2435 section 3.1.7): whether one begins or ends here, and
  // its first restart interval.
  bool first_of_chunk = true;
  bool last_of_chunk = true;
  std::uint16_t restart_count = RestartHeader::whole_frame;

  std::size_t size () const { return header_size + data_size; }
};

// Splits a frame into payloads of at most a given size: either all are full but
// the last, or they are chunks of whole restart intervals, each of which can be
// decoded without the others.
class Fragmenter {
public:
  // `max_payload` is at least `min_payload (frame)`. With `interval_ends`, the
  // end of each restart interval in the frame's data, it makes chunks: as many
  // whole intervals as a payload holds. A larger interval spans several.
  Fragmenter (const Frame &frame, std::size_t max_payload,
      std::span<const std::uint32_t> interval_ends = {});

  // The smallest payload that holds the first packet's headers and a byte of
  // data.
  static std::size_t min_payload (const Frame &frame);

  // The largest scan for which all packets together, each with `rtp_header`
  // bytes before its payload, have at most `total` bytes.
  static std::size_t scan_room (const Frame &frame, std::size_t max_payload,
      std::size_t rtp_header, std::size_t total);

  std::size_t packet_count () const { return packet_count_; }
  // The size of all payloads together.
  std::size_t total_size () const;
  // 0 without chunks.
  std::size_t chunk_count () const { return chunk_count_; }

  // The next payload; false after the last.
  bool next (Fragment &fragment);

  // Writes the fragment's `header_size` bytes and returns the position after
  // them.
  std::uint8_t *write_header (
      const Fragment &fragment, std::uint8_t *out) const;

private:
  Fragment next_of_chunk ();

  const Frame &frame_;
  std::size_t max_payload_;
  // In the first payload, and in the others.
  std::size_t first_header_size_;
  std::size_t header_size_;
  MainHeader main_header_;
  std::span<const std::uint32_t> interval_ends_;
  std::size_t packet_count_ = 0;
  std::size_t chunk_count_ = 0;
  // The position of the next payload
  std::uint32_t offset_ = 0;
  std::uint32_t interval_ = 0;
};

} // namespace rfc2435
