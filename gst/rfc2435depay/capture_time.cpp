// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "capture_time.h"

#include <cstring>

namespace rfc2435 {
namespace {

GstStaticCaps ntp_time = GST_STATIC_CAPS ("timestamp/x-ntp");

// The NTP timestamp, with 32 bits for the fraction of a second. 0 if there is
// none, which is also what rtphdrextntp64 writes if it knows no time.
guint64
read_ntp (GstRTPBuffer *packet, guint id)
{
  gpointer data = nullptr;
  guint size = 0;
  guint8 app_bits;
  if (id == 0 || id > 255 || !gst_rtp_buffer_get_extension (packet))
    return 0;
  if (!gst_rtp_buffer_get_extension_onebyte_header (
          packet, static_cast<guint8> (id), 0, &data, &size) &&
      !gst_rtp_buffer_get_extension_twobytes_header (
          packet, &app_bits, static_cast<guint8> (id), 0, &data, &size))
    return 0;
  guint64 ntp = 0;
  if (size == sizeof ntp)
    std::memcpy (&ntp, data, sizeof ntp); // not aligned
  return GUINT64_FROM_BE (ntp);
}

} // namespace

bool
has_capture_time (GstRTPBuffer *packet, guint ntp_id)
{
  return gst_buffer_get_meta (
             packet->buffer, GST_REFERENCE_TIMESTAMP_META_API_TYPE) ||
         read_ntp (packet, ntp_id) != 0;
}

void
copy_capture_time (GstBuffer *packet, guint ntp_id, GstBuffer *picture)
{
  guint64 ntp = 0;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  if (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp)) {
    ntp = read_ntp (&rtp, ntp_id);
    gst_rtp_buffer_unmap (&rtp);
  }
  if (ntp != 0) {
    auto caps = gst_static_caps_get (&ntp_time);
    gst_buffer_add_reference_timestamp_meta (picture, caps,
        gst_util_uint64_scale (ntp, GST_SECOND, G_GUINT64_CONSTANT (1) << 32),
        GST_CLOCK_TIME_NONE);
    gst_caps_unref (caps);
  }

  gpointer state = nullptr;
  while (auto meta = gst_buffer_iterate_meta_filtered (
             packet, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE)) {
    auto time = reinterpret_cast<GstReferenceTimestampMeta *> (meta);
    if (!gst_buffer_get_reference_timestamp_meta (picture, time->reference))
      gst_buffer_add_reference_timestamp_meta (
          picture, time->reference, time->timestamp, time->duration);
  }
}

} // namespace rfc2435
