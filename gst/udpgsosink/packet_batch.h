// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "segmentation_planner.h"

#include <cstddef>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace rfc2435 {

// Packets that are sent together, and the runs they form. Refers to memory it
// does not own; planned once, whatever the number of destinations.
class PacketBatch {
public:
  struct PlannedRun : Run {
    std::size_t first_iovec = 0;
    std::size_t iovec_count = 0;
    std::size_t bytes = 0;
  };

  void clear ();
  // The next bytes of the packet that end_packet () completes.
  void add_piece (const void *data, std::size_t size);
  void end_packet ();
  // After the last packet.
  void plan ();

  std::size_t packet_count () const { return packets_.size (); }
  std::size_t packet_size (std::size_t packet) const
  {
    return packets_[packet].size;
  }
  std::size_t byte_count () const { return byte_count_; }
  std::span<iovec> packet_iovecs (std::size_t packet);

  std::span<const PlannedRun> runs () const { return runs_; }
  // Adjacent blocks are merged.
  std::span<iovec> run_iovecs (const PlannedRun &run);

private:
  std::vector<PacketShape> packets_;
  std::vector<std::size_t> first_pieces_; // of each packet
  std::vector<iovec> pieces_;
  std::vector<PlannedRun> runs_;
  std::vector<iovec> run_iovecs_;
  PacketShape current_;
  std::size_t byte_count_ = 0;
};

} // namespace rfc2435
