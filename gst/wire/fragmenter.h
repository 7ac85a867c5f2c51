// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "main_header.h"

namespace rfc2435 {

// One RTP payload: headers, then a piece of the frame's data.
struct Fragment {
  std::uint32_t offset = 0; // of the piece in the data
  std::size_t header_size = 0;
  std::size_t data_size = 0;
  bool last = false;

  std::size_t size () const { return header_size + data_size; }
};

// Cuts a frame into payloads of a given size, all full but the last.
class Fragmenter {
public:
  // `max_payload` is at least `min_payload (frame)`.
  Fragmenter (const Frame &frame, std::size_t max_payload);

  // The smallest payload that holds the first packet's headers and a byte of
  // data.
  static std::size_t min_payload (const Frame &frame);

  std::size_t packet_count () const;
  // Of all payloads together.
  std::size_t total_size () const;

  // The next payload; false after the last.
  bool next (Fragment &fragment);

  // Writes the fragment's `header_size` bytes and returns the place behind
  // them.
  std::uint8_t *write_header (
      const Fragment &fragment, std::uint8_t *out) const;

private:
  const Frame &frame_;
  std::size_t max_payload_;
  // Of the first payload and of the others.
  std::size_t first_header_size_;
  std::size_t header_size_;
  MainHeader main_header_;
  std::uint32_t offset_ = 0;
};

} // namespace rfc2435
