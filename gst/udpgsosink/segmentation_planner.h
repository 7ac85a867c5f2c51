// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>

namespace rfc2435 {

struct PacketShape {
  std::size_t size = 0;
  std::size_t pieces = 0; // blocks of memory the packet lies in
};

// Packets that one call with UDP_SEGMENT can send: the kernel splits the bytes
// passed to it into datagrams of `segment_size`, the last of which may be
// shorter.
struct Run {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t segment_size = 0;
};

// Divides packets into the longest runs that the kernel accepts, in order. A
// packet that forms no run with its neighbours is a run of one, whatever its
// size.
class SegmentationPlanner {
public:
  // UDP_MAX_SEGMENTS of Linux before 6.9; later ones allow 128.
  static constexpr std::size_t max_segments = 64;
  // The largest IP packet less the IPv6 and UDP headers. IPv4 has room for 20
  // more bytes, which is not worth two plans.
  static constexpr std::size_t max_bytes = 65535 - 40 - 8;
  static constexpr std::size_t max_pieces = 1024; // UIO_MAXIOV

  explicit SegmentationPlanner (std::span<const PacketShape> packets)
      : packets_ (packets)
  {}

  // False when all packets are in runs.
  bool next (Run &run);

private:
  std::span<const PacketShape> packets_;
  std::size_t next_ = 0;
};

} // namespace rfc2435
