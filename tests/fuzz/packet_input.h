// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <algorithm>

// What the fuzz targets of the depayloader are made of, behind a byte of
// settings: for each packet its sequence number (16 bits), timestamp, flags,
// size (16 bits), and so many bytes.
struct PacketInput {
  enum : std::uint8_t {
    marker = 1,
    other_sender = 2,
    give_up = 4,
    segments = 8,
    end_frame = 16,
    // For the element alone: the bytes are all of an RTP packet.
    raw = 32,
    // For the element alone: no packet but another setting, a flush or a
    // restart.
    step = 64,
  };

  std::uint16_t seqnum = 0;
  std::uint8_t timestamp = 0;
  std::uint8_t flags = 0;
  rfc2435::Bytes bytes;

  // False at the end of `input`, of which it takes what it reads.
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
