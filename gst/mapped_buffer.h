// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <gst/gst.h>

#include <algorithm>
#include <array>

namespace rfc2435 {

// All memories of a buffer, mapped one by one: mapping the whole buffer would
// merge them by copying.
class MappedBuffer {
public:
  explicit MappedBuffer (GstBuffer *buffer)
  {
    auto count = std::min<guint> (gst_buffer_n_memory (buffer), max_memories);
    for (; count_ < count; count_++) {
      auto memory = gst_buffer_peek_memory (buffer, count_);
      if (!gst_memory_map (memory, &maps_[count_], GST_MAP_READ))
        return;
      pieces_[count_] = {maps_[count_].data, maps_[count_].size};
    }
    complete_ = true;
  }
  ~MappedBuffer ()
  {
    for (guint i = 0; i < count_; i++)
      gst_memory_unmap (maps_[i].memory, &maps_[i]);
  }
  MappedBuffer (const MappedBuffer &) = delete;
  MappedBuffer &operator= (const MappedBuffer &) = delete;

  explicit operator bool () const { return complete_; }
  std::span<const Bytes> pieces () const { return {pieces_.data (), count_}; }

private:
  // gst_buffer_get_max_memory (): GStreamer merges memories beyond that.
  static constexpr guint max_memories = 16;

  std::array<GstMapInfo, max_memories> maps_;
  std::array<Bytes, max_memories> pieces_;
  guint count_ = 0;
  bool complete_ = false;
};

} // namespace rfc2435
