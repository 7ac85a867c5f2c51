// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "traffic.h"

#include <gst/rtp/rtp.h>

namespace {

struct RtpFields {
  uint32_t timestamp = 0;
  bool marker = false;
};

RtpFields
rtp_fields (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  RtpFields fields;
  if (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp)) {
    fields.timestamp = gst_rtp_buffer_get_timestamp (&rtp);
    fields.marker = gst_rtp_buffer_get_marker (&rtp);
    gst_rtp_buffer_unmap (&rtp);
  }
  return fields;
}

// A copy, since a camera has only a few buffers.
Bytes
bytes_of (GstBuffer *buffer)
{
  Bytes bytes (gst_buffer_get_size (buffer));
  gst_buffer_extract (buffer, 0, bytes.data (), bytes.size ());
  return bytes;
}

} // namespace

void
Traffic::watch (const Pipeline &sender, const Pipeline *receiver)
{
  keep_ = receiver != nullptr;
  sender.probe ("pay", "sink", GST_PAD_PROBE_TYPE_BUFFER, jpeg_in, this);
  sender.probe ("pay", "src",
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, packets_out,
      this);
  if (receiver) {
    // rtpjpegdepay outputs a frame in the thread and call that delivered its
    // last packet.
    receiver->probe (
        "depay", "sink", GST_PAD_PROBE_TYPE_BUFFER, packet_in, this);
    receiver->probe ("depay", "src", GST_PAD_PROBE_TYPE_BUFFER, jpeg_out, this);
  }
}

Counts
Traffic::counts () const
{
  std::lock_guard lock (mutex_);
  return counts_;
}

std::size_t
Traffic::kept_bytes () const
{
  std::lock_guard lock (mutex_);
  return kept_bytes_;
}

GstPadProbeReturn
Traffic::jpeg_in (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *self = static_cast<Traffic *> (data);
  self->frames_in_++;
  if (self->keep_)
    self->payloading_ = bytes_of (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
Traffic::packets_out (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *self = static_cast<Traffic *> (data);
  std::lock_guard lock (self->mutex_);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList *packets = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
    for (guint i = 0; i < gst_buffer_list_length (packets); i++)
      self->add_packet (gst_buffer_list_get (packets, i));
  } else {
    self->add_packet (GST_PAD_PROBE_INFO_BUFFER (info));
  }
  return GST_PAD_PROBE_OK;
}

void
Traffic::add_packet (GstBuffer *packet)
{
  const RtpFields rtp = rtp_fields (packet);
  counts_.packets++;
  counts_.bytes += gst_buffer_get_size (packet);
  if (!rtp.marker)
    return;
  if (counts_.frames_sent++ == 0)
    counts_.frames_before_sending = frames_in_ - 1;
  if (keep_) {
    kept_bytes_ += payloading_.size ();
    frames_[rtp.timestamp].sent = std::move (payloading_);
    payloading_.clear ();
  }
}

GstPadProbeReturn
Traffic::packet_in (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *self = static_cast<Traffic *> (data);
  self->depayloading_ = rtp_fields (GST_PAD_PROBE_INFO_BUFFER (info)).timestamp;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
Traffic::jpeg_out (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *self = static_cast<Traffic *> (data);
  Bytes jpeg = bytes_of (GST_PAD_PROBE_INFO_BUFFER (info));
  std::lock_guard lock (self->mutex_);
  self->counts_.frames_received++;
  self->kept_bytes_ += jpeg.size ();
  self->frames_[self->depayloading_].received = std::move (jpeg);
  return GST_PAD_PROBE_OK;
}
