// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <algorithm>

// The input of the depayloader's fuzz targets, after a byte of settings: for
// each packet, its sequence number (16 bits), timestamp, flags, size (16 bits),
// and bytes.
struct PacketInput {
  enum : std::uint8_t {
    marker = 1,
    other_sender = 2,
    give_up = 4,
    segments = 8,
    end_frame = 16,
    // Only for the element: the bytes are a complete RTP packet.
    raw = 32,
    // Only for the element: not a packet, but another setting, a flush or a
    // restart.
    step = 64,
  };

  std::uint16_t seqnum = 0;
  std::uint8_t timestamp = 0;
  std::uint8_t flags = 0;
  rfc2435::Bytes bytes;

  // Removes what it reads from `input`; false at its end.
  bool read (rfc2435::Bytes &input)
  {
    constexpr std::size_t header = 6;
    if (input.size () <= header)
      return false;
    seqnum = static_cast<std::uint16_t> (input[0] << 8 | input[1]);
    timestamp = input[2];
    flags = input[3];
    std::size_t size = input[4] << 8 | input[5];
    input = input.subspan (header);
    bytes = input.first (std::min (size, input.size ()));
    input = input.subspan (bytes.size ());
    return true;
  }
};
