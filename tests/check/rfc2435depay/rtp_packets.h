// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_builder.h"
#include "jpeg_header.h"
#include "payload.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace test {

// Packets like those of other programs, made without code shared with
// rfc2435pay.
struct RtpPacket {
  std::uint16_t seqnum = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0x11223344;
  bool marker = false;
  ByteVector payload;
  std::uint8_t payload_type = 26;

  ByteVector bytes () const
  {
    ByteVector out = {0x80,
        static_cast<std::uint8_t> (payload_type | (marker ? 0x80 : 0)),
        static_cast<std::uint8_t> (seqnum >> 8),
        static_cast<std::uint8_t> (seqnum)};
    for (auto value : {timestamp, ssrc}) {
      for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back (static_cast<std::uint8_t> (value >> shift));
    }
    out.insert (out.end (), payload.begin (), payload.end ());
    return out;
  }
};

inline ByteVector
read_file (const std::string &path)
{
  ByteVector bytes;
  if (auto file = std::fopen (path.c_str (), "rb")) {
    std::uint8_t chunk[4096];
    std::size_t count;
    while ((count = std::fread (chunk, 1, sizeof chunk, file)) > 0)
      bytes.insert (bytes.end (), chunk, chunk + count);
    std::fclose (file);
  }
  return bytes;
}

// The RTP packets of a pcap file of raw IPv4 packets.
inline std::vector<RtpPacket>
read_pcap (const std::string &path)
{
  constexpr std::size_t file_header = 24, record_header = 16, ip_and_udp = 28;
  auto bytes = read_file (path);
  std::vector<RtpPacket> packets;
  for (auto at = file_header; at + record_header <= bytes.size ();) {
    std::size_t size =
        bytes[at + 8] | bytes[at + 9] << 8 | bytes[at + 10] << 16;
    auto rtp = bytes.data () + at + record_header + ip_and_udp;
    auto u32 = [rtp] (unsigned i) {
      return std::uint32_t{rtp[i]} << 24 | rtp[i + 1] << 16 | rtp[i + 2] << 8 |
             rtp[i + 3];
    };
    packets.push_back ({
        .seqnum = static_cast<std::uint16_t> (rtp[2] << 8 | rtp[3]),
        .timestamp = u32 (4),
        .ssrc = u32 (8),
        .marker = (rtp[1] & 0x80) != 0,
        .payload = {rtp + 12, rtp + size - ip_and_udp},
        .payload_type = static_cast<std::uint8_t> (rtp[1] & 0x7f),
    });
    at += record_header + size;
  }
  return packets;
}

// The entropy-coded data of a JPEG, with EOI.
inline ByteVector
scan_of (const ByteVector &jpeg)
{
  rfc2435::Bytes bytes = jpeg;
  rfc2435::ByteReader reader ({&bytes, 1});
  rfc2435::JpegHeader header;
  rfc2435::JpegTables tables;
  if (header.parse (reader, tables))
    return {};
  return {jpeg.begin () + static_cast<std::ptrdiff_t> (header.scan_offset),
      jpeg.end ()};
}

// How a JPEG is split into packets.
struct PacketizerOptions {
  std::size_t scan_size = 500; // per packet
  std::uint8_t q = 255;
  bool tables = true; // in the first packet
  std::uint16_t seqnum = 1000;
  std::uint32_t timestamp = 90000;
  std::uint8_t type_specific = 0;
  bool no_dimensions = false;
};

inline std::vector<RtpPacket>
packetize (const ByteVector &jpeg, const PacketizerOptions &options = {})
{
  rfc2435::Bytes bytes = jpeg;
  rfc2435::ByteReader reader ({&bytes, 1});
  rfc2435::JpegHeader header;
  rfc2435::JpegTables tables;
  std::vector<RtpPacket> packets;
  if (header.parse (reader, tables))
    return packets;

  auto scan = scan_of (jpeg);
  auto seqnum = options.seqnum;
  for (std::size_t at = 0; at < scan.size (); at += options.scan_size) {
    RtpPacket packet;
    rfc2435::MainHeader main = {
        .type_specific = options.type_specific,
        .fragment_offset = static_cast<std::uint32_t> (at),
        .type = static_cast<std::uint8_t> (
            (header.components[0].vertical_sampling == 2 ? 1 : 0) +
            (header.restart_interval ? 64 : 0)),
        .q = options.q,
        .width_blocks = static_cast<std::uint8_t> (
            options.no_dimensions ? 0 : (header.width + 7) / 8),
        .height_blocks = static_cast<std::uint8_t> (
            options.no_dimensions ? 0 : (header.height + 7) / 8),
    };
    packet.payload.resize (rfc2435::MainHeader::size);
    main.write (packet.payload.data ());
    if (header.restart_interval) {
      std::uint8_t restart[rfc2435::RestartHeader::size];
      rfc2435::RestartHeader{.restart_interval = header.restart_interval}
          .write (restart);
      packet.payload.insert (
          packet.payload.end (), std::begin (restart), std::end (restart));
    }
    if (options.q >= 128 && at == 0) {
      rfc2435::QuantizationTables both = {
          *tables.quantization[header.components[0].quantization_table],
          *tables.quantization[header.components[1].quantization_table]};
      ByteVector out (rfc2435::QuantizationHeader::size (both));
      rfc2435::QuantizationHeader::write (both, out.data ());
      if (!options.tables)
        out = {0, 0, 0, 0};
      packet.payload.insert (packet.payload.end (), out.begin (), out.end ());
    }
    auto end = std::min (at + options.scan_size, scan.size ());
    packet.payload.insert (packet.payload.end (),
        scan.begin () + static_cast<std::ptrdiff_t> (at),
        scan.begin () + static_cast<std::ptrdiff_t> (end));
    packet.marker = end == scan.size ();
    packet.seqnum = seqnum++;
    packet.timestamp = options.timestamp;
    packets.push_back (std::move (packet));
  }
  return packets;
}

} // namespace test
