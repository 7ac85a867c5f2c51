// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The path of every frame, in the source's own thread.
#include "config.h"

#include "private.h"

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

using Clock = GstV4l2MjpegSrcPrivate::Clock;

Clock::rep
now ()
{
  return Clock::now ().time_since_epoch ().count ();
}

std::optional<DropCause>
judge (GstV4l2MjpegSrcPrivate *priv, GstBuffer *buffer)
{
  bool corrupted = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_CORRUPTED);
  // Raw pictures have no markers.
  if (priv->encoding) {
    if (gst_buffer_get_size (buffer) == 0)
      return DropCause::empty;
    if (corrupted)
      return DropCause::corrupted;
    return std::nullopt;
  }

  GstMapInfo map;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return DropCause::empty;
  auto cause = priv->frame_guard.check ({map.data, map.size}, corrupted);
  gst_buffer_unmap (buffer, &map);
  return cause;
}

// The driver numbers all frames of the camera, including those for which no
// buffer was free.
guint64
lost_before (GstV4l2MjpegSrcPrivate *priv, GstBuffer *buffer)
{
  guint64 lost = 0;
  auto offset = GST_BUFFER_OFFSET (buffer);
  if (offset == GST_BUFFER_OFFSET_NONE)
    return 0;
  if (priv->next_offset != GST_BUFFER_OFFSET_NONE && offset > priv->next_offset)
    lost = offset - priv->next_offset;
  priv->next_offset = offset + 1;
  return lost;
}

// v4l2src subtracts a picture's age from the time by the pipeline's clock, and
// reads the two one after the other. If its thread is preempted in between, the
// age is too large, and the timestamp may be before that of the previous
// picture, which muxers refuse. The picture was captured a frame interval after
// it, or later.
void
keep_in_order (GstV4l2MjpegSrc *self, GstPadProbeInfo *info)
{
  auto priv = self->priv;
  auto buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return;
  auto pts = GST_BUFFER_PTS (buffer);
  if (GST_CLOCK_TIME_IS_VALID (priv->last_pts) && pts < priv->last_pts) {
    pts = priv->last_pts;
    if (GST_BUFFER_DURATION_IS_VALID (buffer))
      pts += GST_BUFFER_DURATION (buffer);
    GST_DEBUG_OBJECT (self,
        "pts %" GST_TIME_FORMAT " is before the previous one: %" GST_TIME_FORMAT
        " instead",
        GST_TIME_ARGS (GST_BUFFER_PTS (buffer)), GST_TIME_ARGS (pts));
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) = pts;
    if (GST_BUFFER_DTS_IS_VALID (buffer))
      GST_BUFFER_DTS (buffer) = pts;
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  }
  priv->last_pts = pts;
}

// Does nothing if the source has already added it.
void
add_reference_timestamp (
    GstBuffer *buffer, GstStaticCaps &reference, GstClockTime time)
{
  auto caps = gst_static_caps_get (&reference);
  if (!gst_buffer_get_reference_timestamp_meta (buffer, caps))
    gst_buffer_add_reference_timestamp_meta (
        buffer, caps, time, GST_CLOCK_TIME_NONE);
  gst_caps_unref (caps);
}

// How far the system clock, in ns since 1970, is ahead of `clock`. The thread
// may be preempted between two readings: the closest pair counts.
GstClockTimeDiff
system_clock_offset (GstClock *clock)
{
  GstClockTimeDiff offset = 0;
  auto shortest = GST_CLOCK_TIME_NONE;
  for (int i = 0; i < 5 && shortest > 20 * GST_USECOND; i++) {
    auto before = gst_clock_get_time (clock);
    auto real = g_get_real_time () * GST_USECOND;
    auto took = gst_clock_get_time (clock) - before;
    if (took < shortest) {
      shortest = took;
      offset = GST_CLOCK_DIFF (before + took / 2, real);
    }
  }
  return offset;
}

// Adds the capture time by the system clock. Frames are timestamped by the
// pipeline's clock, so the time since then is known exactly.
void
add_capture_time (GstV4l2MjpegSrc *self, GstPadProbeInfo *info)
{
  static GstStaticCaps unix_time = GST_STATIC_CAPS ("timestamp/x-unix");
  // What rtphdrextntp64 sends: the time since 1900
  static GstStaticCaps ntp_time = GST_STATIC_CAPS ("timestamp/x-ntp");
  constexpr auto ntp_offset = G_GUINT64_CONSTANT (2208988800) * GST_SECOND;

  auto buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  auto clock = gst_element_get_clock (GST_ELEMENT (self));
  if (clock && GST_BUFFER_PTS_IS_VALID (buffer)) {
    auto captured = gst_element_get_base_time (GST_ELEMENT (self)) +
                    GST_BUFFER_PTS (buffer) + system_clock_offset (clock);
    buffer = gst_buffer_make_writable (buffer);
    add_reference_timestamp (buffer, unix_time, captured);
    add_reference_timestamp (buffer, ntp_time, captured + ntp_offset);
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  }
  gst_clear_object (&clock);
}

GstPadProbeReturn
pass_frame (GstV4l2MjpegSrc *self, GstPadProbeInfo *info)
{
  auto priv = self->priv;
  auto buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  priv->last_arrival = now ();
  auto lost = lost_before (priv, buffer);
  bool eoi_expected = priv->frame_guard.eoi_expected ();
  std::optional<DropCause> cause;
  if (priv->guard)
    cause = judge (priv, buffer);

  {
    std::lock_guard lock (priv->stats_lock);
    priv->stats.frames_lost += lost;
    if (cause)
      priv->stats.dropped.add (*cause);
  }
  GST_LOG_OBJECT (self,
      "frame %" G_GUINT64_FORMAT " of %" G_GSIZE_FORMAT
      " bytes, pts %" GST_TIME_FORMAT ": %s, %" G_GUINT64_FORMAT
      " lost before it",
      GST_BUFFER_OFFSET (buffer), gst_buffer_get_size (buffer),
      GST_TIME_ARGS (GST_BUFFER_PTS (buffer)),
      cause ? rfc2435::text (*cause).name : "passed", lost);
  if (eoi_expected && !priv->frame_guard.eoi_expected ())
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("The camera's pictures have no end marker (EOI); they are passed on "
         "unchanged."),
        ("%u frames without EOI and none with it", FrameGuard::eoi_patience));
  if (cause) {
    priv->last_cause = *cause;
    priv->dropped_in_a_row++;
    return GST_PAD_PROBE_DROP;
  }

  priv->dropped_in_a_row = 0;
  keep_in_order (self, info);
  if (priv->add_reference_timestamp_meta)
    add_capture_time (self, info);
  if (priv->discont) {
    priv->discont = false;
    buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    GST_PAD_PROBE_INFO_DATA (info) = buffer;
  }
  return GST_PAD_PROBE_OK;
}

// The source itself sends EOS.
GstPadProbeReturn
pass_eos (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  std::lock_guard lock (priv->events);
  // From push_eos()
  if (priv->ended)
    return GST_PAD_PROBE_OK;
  // A source that failed also sends EOS after its error.
  if (priv->lost)
    return GST_PAD_PROBE_DROP;
  if (priv->restart_on_eos && priv->reconnect) {
    priv->failure = {.code = GST_RESOURCE_ERROR_READ,
        .text = "The source ended its stream."};
    priv->lost = true;
  } else {
    priv->ended = true;
  }
  priv->wake_up.notify_all ();
  return priv->ended ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

GstPadProbeReturn
pass_event (GstV4l2MjpegSrc *self, GstEvent *event)
{
  auto priv = self->priv;
  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT, event);
  switch (GST_EVENT_TYPE (event)) {
  // Downstream, the stream continues in its segment.
  case GST_EVENT_STREAM_START:
    return priv->stream_started.exchange (true) ? GST_PAD_PROBE_DROP
                                                : GST_PAD_PROBE_OK;
  case GST_EVENT_SEGMENT:
    return priv->segment_sent.exchange (true) ? GST_PAD_PROBE_DROP
                                              : GST_PAD_PROBE_OK;
  case GST_EVENT_FLUSH_STOP:
    // It discarded the segment downstream, and running time may begin anew.
    priv->segment_sent = false;
    priv->last_pts = GST_CLOCK_TIME_NONE;
    return GST_PAD_PROBE_OK;
  case GST_EVENT_EOS:
    return pass_eos (self);
  default:
    return GST_PAD_PROBE_OK;
  }
}

bool
is_serialized (GstQuery *query)
{
  return gst_query_type_get_flags (GST_QUERY_TYPE (query)) &
         GST_QUERY_TYPE_SERIALIZED;
}

bool
is_serialized (GstEvent *event)
{
  return gst_event_type_get_flags (GST_EVENT_TYPE (event)) &
         GST_EVENT_TYPE_SERIALIZED;
}

// A pad complains about a frame without a segment before it calls its probes.
// So it must store the events that the gate keeps back.
void
keep_in (GstPad *pad, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
  case GST_EVENT_CAPS:
  case GST_EVENT_SEGMENT:
    gst_pad_store_sticky_event (pad, event);
    break;
  default:
    break;
  }
}

// Held by any thread that is downstream of the pad.
GRecMutex *
stream_lock_of (GstElement *element, const char *pad_name)
{
  // The element keeps the pad alive.
  auto pad = gst_element_get_static_pad (element, pad_name);
  gst_object_unref (pad);
  return GST_PAD_GET_STREAM_LOCK (pad);
}

void
wait_for (GRecMutex *stream_lock)
{
  g_rec_mutex_lock (stream_lock);
  g_rec_mutex_unlock (stream_lock);
}

bool
is_free (GRecMutex *stream_lock)
{
  if (!g_rec_mutex_trylock (stream_lock))
    return false;
  g_rec_mutex_unlock (stream_lock);
  return true;
}

} // namespace

std::unique_lock<std::mutex>
lock_behind_gate (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  auto input = stream_lock_of (priv->filter, "sink");
  for (;;) {
    priv->gate_closed = true;
    wait_for (input);
    std::unique_lock lock (priv->lifecycle);
    // A hardware encoder has a thread of its own, which the gate at the output
    // stops.
    if (auto encoder = priv->encoder;
        encoder && !is_free (stream_lock_of (encoder, "src"))) {
      gst_object_ref (encoder);
      lock.unlock ();
      wait_for (stream_lock_of (encoder, "src"));
      gst_object_unref (encoder);
      continue;
    }
    // The source may have been started again in the meantime.
    if (priv->gate_closed && is_free (input))
      return lock;
  }
}

GstPadProbeReturn
input_probe (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  auto self = GST_V4L2_MJPEG_SRC (user_data);
  auto priv = self->priv;
  auto type = GST_PAD_PROBE_INFO_TYPE (info);
  if (type & GST_PAD_PROBE_TYPE_BUFFER)
    return priv->gate_closed ? GST_PAD_PROBE_DROP : pass_frame (self, info);
  if (type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    return priv->gate_closed ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  if (type & GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM) {
    auto query = GST_PAD_PROBE_INFO_QUERY (info);
    return priv->gate_closed && is_serialized (query) ? GST_PAD_PROBE_DROP
                                                      : GST_PAD_PROBE_OK;
  }
  auto event = GST_PAD_PROBE_INFO_EVENT (info);
  if (priv->gate_closed && is_serialized (event) &&
      GST_EVENT_TYPE (event) != GST_EVENT_FLUSH_STOP) {
    keep_in (pad, event);
    return GST_PAD_PROBE_DROP;
  }
  return pass_event (self, event);
}

GstPadProbeReturn
output_probe (GstPad *, GstPadProbeInfo *info, gpointer user_data)
{
  auto self = GST_V4L2_MJPEG_SRC (user_data);
  auto priv = self->priv;
  auto left = priv->frames_left.load ();
  if (left == 0 || priv->gate_closed)
    return GST_PAD_PROBE_DROP;

  {
    std::lock_guard lock (priv->stats_lock);
    priv->stats.frames_out++;
    priv->stats.bytes_out +=
        gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  }
  priv->last_frame = now ();
  bool first = !priv->flowing.exchange (true);
  if (left > 0)
    priv->frames_left = left - 1;
  if (first || left == 1) {
    std::lock_guard lock (priv->events);
    priv->first_frame |= first;
    priv->finish |= left == 1;
    priv->wake_up.notify_all ();
  }
  return GST_PAD_PROBE_OK;
}

gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  auto priv = GST_V4L2_MJPEG_SRC (parent)->priv;
  switch (GST_QUERY_TYPE (query)) {
  case GST_QUERY_CAPS:
    // The output is JPEG, whatever the source produces.
    if (!priv->configured) {
      GstCaps *filter = nullptr;
      gst_query_parse_caps (query, &filter);
      auto caps = gst_pad_get_pad_template_caps (pad);
      if (filter) {
        auto filtered =
            gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
        gst_caps_unref (caps);
        caps = filtered;
      }
      gst_query_set_caps_result (query, caps);
      gst_caps_unref (caps);
      return TRUE;
    }
    break;
  case GST_QUERY_LATENCY: {
    // An absent camera must not hold up the pipeline's latency query. The
    // answer is that of v4l2src: a live source with a latency of one frame.
    std::lock_guard lock (priv->stats_lock);
    if (priv->status != GST_V4L2_MJPEG_SRC_STATUS_WAITING)
      break;
    gint numerator = 0, denominator = 1;
    GstClockTime frame = 0;
    if (priv->mode_caps &&
        gst_structure_get_fraction (gst_caps_get_structure (priv->mode_caps, 0),
            "framerate", &numerator, &denominator) &&
        numerator > 0)
      frame = gst_util_uint64_scale_int (GST_SECOND, denominator, numerator);
    gst_query_set_latency (query, TRUE, frame, GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  default:
    break;
  }
  return gst_pad_query_default (pad, parent, query);
}

void
push_eos (GstV4l2MjpegSrc *self, guint stream)
{
  auto priv = self->priv;
  auto pad = gst_element_get_static_pad (priv->filter, "sink");
  // Deactivating the pad takes this lock, too, so that no other stream can have
  // begun by the time EOS is sent.
  GST_PAD_STREAM_LOCK (pad);
  bool current = false;
  {
    std::lock_guard lock (priv->events);
    current = priv->stream == stream;
  }
  if (current) {
    // The probe drops events that were already sent.
    auto id = gst_pad_create_stream_id (priv->pad, GST_ELEMENT (self), nullptr);
    gst_pad_send_event (pad, gst_event_new_stream_start (id));
    g_free (id);
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_send_event (pad, gst_event_new_segment (&segment));
    gst_pad_send_event (pad, gst_event_new_eos ());
  }
  GST_PAD_STREAM_UNLOCK (pad);
  gst_object_unref (pad);
}

} // namespace v4l2mjpeg
