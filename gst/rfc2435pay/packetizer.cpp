// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "packetizer.h"

#include "fragmenter.h"
#include "frame_data.h"
#include "restart_intervals.h"

#include <gst/video/video.h>

#include <algorithm>

namespace rfc2435 {
namespace {

// Metadata is copied as in GStreamer's payloaders: video metadata, and metadata
// without tags.
gboolean
copy_meta (GstBuffer *frame, GstMeta **meta, gpointer packet)
{
  auto info = (*meta)->info;
  auto tags = gst_meta_api_type_get_tags (info->api);
  auto video = g_quark_from_static_string (GST_META_TAG_VIDEO_STR);

  if (info->transform_func &&
      (!tags || !tags[0] ||
          (!tags[1] && gst_meta_api_type_has_tag (info->api, video)))) {
    GstMetaTransformCopy copy = {FALSE, 0, static_cast<gsize> (-1)};
    info->transform_func (static_cast<GstBuffer *> (packet), *meta, frame,
        _gst_meta_transform_copy, &copy);
  }
  return TRUE;
}

bool
has_meta (GstBuffer *buffer)
{
  gpointer state = nullptr;
  return gst_buffer_iterate_meta (buffer, &state) != nullptr;
}

void
set_marker (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  gst_rtp_buffer_map (packet, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_marker (&rtp, TRUE);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_FLAG_SET (packet, GST_BUFFER_FLAG_MARKER);
}

} // namespace

Packetizer::Packetizer (GstRTPBasePayload *payload)
    : payload_ (payload), header_extensions_ (payload),
      allocator_ (gst_rfc2435_slab_allocator_new ())
{}

Packetizer::~Packetizer ()
{
  gst_rfc2435_slab_allocator_close (allocator_);
}

std::size_t
Packetizer::make_packets (GstBuffer *buffer, std::span<const Bytes> pieces,
    const Frame &frame, bool in_chunks, std::vector<GstBuffer *> &packets)
{
  interval_ends_.clear ();
  if (in_chunks && frame.has_restart_header ())
    find_interval_ends (pieces, frame, interval_ends_);
  // A picture may have more intervals of its own than can be counted.
  if (interval_ends_.size () > RestartHeader::whole_frame)
    interval_ends_.clear ();

  // With the CSRCs of the input, if #GstRTPBasePayload:source-info is set.
  auto header = gst_rtp_base_payload_allocate_output_buffer (payload_, 0, 0, 0);
  std::size_t mtu = GST_RTP_BASE_PAYLOAD_MTU (payload_);
  auto overhead =
      gst_buffer_get_size (header) + header_extensions_.max_size (buffer);
  auto needed = overhead + Fragmenter::min_payload (frame);

  if (mtu >= needed) {
    GstMapInfo map;
    gst_buffer_map (header, &map, GST_MAP_READ);
    fill_packets (
        buffer, pieces, frame, {map.data, map.size}, mtu - overhead, packets);
    total_size_ += packets.size () * (overhead - map.size);
    gst_buffer_unmap (header, &map);
  }
  gst_buffer_unref (header);
  return mtu >= needed ? 0 : needed;
}

FrameTranscoder::Limit
Packetizer::limit (GstBuffer *buffer, std::size_t total)
{
  auto rtp_header =
      gst_rtp_buffer_calc_header_len (0) + header_extensions_.max_size (buffer);
  std::size_t mtu = GST_RTP_BASE_PAYLOAD_MTU (payload_);
  return {.total = total,
      .max_payload = mtu > rtp_header ? mtu - rtp_header : 0,
      .rtp_header = rtp_header};
}

// All packets of a frame lie in one slab, in wire order. Each begins with
// `rtp_header`.
void
Packetizer::fill_packets (GstBuffer *buffer, std::span<const Bytes> pieces,
    const Frame &frame, Bytes rtp_header, std::size_t max_payload,
    std::vector<GstBuffer *> &packets)
{
  Fragmenter fragmenter (frame, max_payload, interval_ends_);
  chunk_count_ = fragmenter.chunk_count ();
  auto count = fragmenter.packet_count ();
  total_size_ = fragmenter.total_size () + count * rtp_header.size ();
  SlabWriter slab (allocator_, count, total_size_);
  FrameData data (pieces, frame);
  bool with_meta = has_meta (buffer);
  Fragment fragment;

  while (fragmenter.next (fragment)) {
    auto out =
        std::copy (rtp_header.begin (), rtp_header.end (), slab.position ());
    out = fragmenter.write_header (fragment, out);
    data.read (out, fragment.data_size);

    auto packet = slab.finish_packet (rtp_header.size () + fragment.size ());
    GST_BUFFER_PTS (packet) = GST_BUFFER_PTS (buffer);
    GST_BUFFER_DTS (packet) = GST_BUFFER_DTS (buffer);
    if (with_meta)
      gst_buffer_foreach_meta (buffer, copy_meta, packet);
    packets.push_back (packet);
  }
  set_marker (packets.back ());
}

} // namespace rfc2435
