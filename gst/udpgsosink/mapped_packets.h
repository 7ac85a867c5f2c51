// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "packet_batch.h"

#include <gst/gst.h>

#include <vector>

namespace rfc2435 {

// Buffers as packets of a batch. Each memory is mapped once, whatever the
// number of destinations, and stays mapped until release ().
class MappedPackets {
public:
  MappedPackets () = default;
  ~MappedPackets () { release (); }
  MappedPackets (const MappedPackets &) = delete;
  MappedPackets &operator= (const MappedPackets &) = delete;

  // False if the buffer's memory can't be read; the packet is left out then.
  bool add (GstBuffer *buffer)
  {
    auto first = maps_.size ();
    auto count = gst_buffer_n_memory (buffer);

    for (guint i = 0; i < count; i++) {
      auto &map = maps_.emplace_back ();
      if (!gst_memory_map (
              gst_buffer_peek_memory (buffer, i), &map, GST_MAP_READ)) {
        maps_.pop_back ();
        return false;
      }
    }
    for (auto i = first; i < maps_.size (); i++)
      batch_.add_piece (maps_[i].data, maps_[i].size);
    batch_.end_packet ();
    return true;
  }

  PacketBatch &batch () { return batch_; }

  void release ()
  {
    for (auto &map : maps_)
      gst_memory_unmap (map.memory, &map);
    maps_.clear ();
    batch_.clear ();
  }

private:
  std::vector<GstMapInfo> maps_;
  PacketBatch batch_;
};

} // namespace rfc2435
