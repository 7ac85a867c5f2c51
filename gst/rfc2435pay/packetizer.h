// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame_transcoder.h"
#include "header_extensions.h"
#include "packet_slab.h"

#include <gst/rtp/rtp.h>

#include <span>
#include <vector>

namespace rfc2435 {

// Makes the RTP packets of frames, for the base class to complete and push.
class Packetizer {
public:
  explicit Packetizer (GstRTPBasePayload *payload);
  ~Packetizer ();
  Packetizer (const Packetizer &) = delete;
  Packetizer &operator= (const Packetizer &) = delete;

  // Appends the packets of a frame to `packets`, with the timestamps and
  // metadata of `buffer`, and returns 0. If the mtu is too small, does nothing
  // and returns the smallest possible one. With `in_chunks`, packets end with
  // restart intervals, if the frame has any.
  std::size_t make_packets (GstBuffer *buffer, std::span<const Bytes> pieces,
      const Frame &frame, bool in_chunks, std::vector<GstBuffer *> &packets);

  // The number of chunks in the last frame, 0 if there were none.
  std::size_t chunk_count () const { return chunk_count_; }

  // The size of all packets of the last frame, with the largest header
  // extensions that they may get.
  std::size_t total_size () const { return total_size_; }

  // The limits for the packets of a frame that may have `total` bytes.
  FrameTranscoder::Limit limit (GstBuffer *buffer, std::size_t total);

  // Frees memory that is kept for the next frame.
  void trim () { gst_rfc2435_slab_allocator_trim (allocator_); }

private:
  void fill_packets (GstBuffer *buffer, std::span<const Bytes> pieces,
      const Frame &frame, Bytes rtp_header, std::size_t max_payload,
      std::vector<GstBuffer *> &packets);

  GstRTPBasePayload *const payload_;
  HeaderExtensions header_extensions_;
  GstRfc2435SlabAllocator *const allocator_;
  std::vector<std::uint32_t> interval_ends_;
  std::size_t chunk_count_ = 0;
  std::size_t total_size_ = 0;
};

} // namespace rfc2435
