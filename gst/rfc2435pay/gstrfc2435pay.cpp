// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-rfc2435pay
 * @title: rfc2435pay
 * @short_description: sends JPEG pictures over RTP
 * @see_also: rtpjpegdepay, rtpjpegpay
 *
 * Packs JPEG pictures into RTP packets as defined by RFC 2435, without decoding
 * them. Each buffer must hold one complete picture, as cameras, encoders and
 * demuxers produce them; put `jpegparse` in front of a plain byte stream.
 *
 * A picture that RFC 2435 can't carry unchanged, such as a progressive one or
 * one with custom Huffman tables, is recoded, losslessly in most cases (see
 * #GstRfc2435Pay:recode). A picture that is broken or can't be recoded is never
 * sent as if it were valid: it is dropped, counted in
 * #GstRfc2435Pay:frame-stats, and explained in a WARNING message, the first
 * time for each cause and then at most every five seconds. The message's
 * details are a structure `rfc2435pay-dropped` with `cause` (string, as in the
 * statistics), `found` (string) and `dropped` (guint64, frames dropped for this
 * cause so far).
 *
 * RFC 2435 can't convey a picture's orientation. The first picture whose Exif
 * data says that it is to be turned posts a WARNING message with a structure
 * `rfc2435pay-orientation`: `orientation` (guint, 2 to 8 as in Exif). #jpegflip
 * turns such pictures.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! image/jpeg ! rfc2435pay ! udpsink host=192.0.2.1
 * ]| Sends a camera's pictures.
 * |[
 * gst-launch-1.0 udpsrc port=5004
 * caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,payload=26
 * ! rtpjitterbuffer ! rtpjpegdepay ! jpegdec ! autovideosink
 * ]| Shows them.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstrfc2435pay_private.h"

#include "gstrfc2435elements.h"
#include "quantization_header.h"

#include <utility>

using rfc2435::DropCause;
using rfc2435::Frame;

GST_DEBUG_CATEGORY (rfc2435pay_debug);
#define GST_CAT_DEFAULT rfc2435pay_debug

namespace {

constexpr guint clock_rate = 90000;

} // namespace

G_DEFINE_TYPE (GstRfc2435Pay, gst_rfc2435_pay, GST_TYPE_RTP_BASE_PAYLOAD)
GST_ELEMENT_REGISTER_DEFINE (
    rfc2435pay, "rfc2435pay", GST_RANK_PRIMARY + 1, GST_TYPE_RFC2435_PAY)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg; video/x-jpeg"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (
            "application/x-rtp, media=(string)video, payload=(int)26, "
            "clock-rate=(int)90000, encoding-name=(string)JPEG; "
            "application/x-rtp, media=(string)video, payload=(int)[96, 127], "
            "clock-rate=(int)90000, encoding-name=(string)JPEG"));

// RFC 3551: the static payload type or a dynamic one.
static gboolean
gst_rfc2435_pay_check_pt (GstRfc2435Pay *self)
{
  auto pt = GST_RTP_BASE_PAYLOAD_PT (self);
  auto &told = self->priv->told_of_payload_type;
  if (pt == GST_RTP_PAYLOAD_JPEG || pt >= 96) {
    told = false;
    return TRUE;
  }
  // A source may retry repeatedly.
  if (!std::exchange (told, true))
    GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS,
        ("Payload type %u is not valid for JPEG: set pt to 26, or to a value "
         "from 96 to 127.",
            pt),
        (nullptr));
  return FALSE;
}

gboolean
gst_rfc2435_pay_negotiate (GstRfc2435Pay *self)
{
  auto priv = self->priv;

  if (!gst_rfc2435_pay_check_pt (self))
    return FALSE;
  if (priv->negotiated == priv->sdp_fields &&
      priv->negotiated_pt == GST_RTP_BASE_PAYLOAD_PT (self))
    return TRUE;

  auto fields = priv->sdp_fields.to_structure ();
  GST_DEBUG_OBJECT (self, "negotiating with %" GST_PTR_FORMAT, fields);
  auto negotiated = gst_rtp_base_payload_set_outcaps_structure (
      GST_RTP_BASE_PAYLOAD (self), fields);
  gst_structure_free (fields);

  if (negotiated) {
    priv->negotiated = priv->sdp_fields;
    // Downstream may require a value other than the one set.
    priv->negotiated_pt = GST_RTP_BASE_PAYLOAD_PT (self);
  }
  GST_INFO_OBJECT (self, "%s: payload type %u, SSRC 0x%08x",
      negotiated ? "negotiated" : "failed to negotiate",
      GST_RTP_BASE_PAYLOAD_PT (self),
      GST_RTP_BASE_PAYLOAD (self)->current_ssrc);
  return negotiated;
}

static gboolean
gst_rfc2435_pay_set_caps (GstRTPBasePayload *payload, GstCaps *caps)
{
  auto self = GST_RFC2435_PAY (payload);
  auto priv = self->priv;
  auto structure = gst_caps_get_structure (caps, 0);

  GST_DEBUG_OBJECT (self, "pictures have caps %" GST_PTR_FORMAT, caps);
  gst_rtp_base_payload_set_options (payload, "video",
      payload->pt != GST_RTP_PAYLOAD_JPEG, "JPEG", clock_rate);

  priv->parser.reset ();
  priv->sdp_fields = rfc2435::SdpFields::from_caps (structure);
  priv->frame_interval = rfc2435::Framerate::from_caps (structure).interval ();
  priv->negotiated.reset ();
  return gst_rfc2435_pay_negotiate (self);
}

static void
gst_rfc2435_pay_count_sent (GstRfc2435Pay *self, const Frame &frame,
    const rfc2435::FrameSender::Sent &sent)
{
  auto &stats = self->priv->stats;
  bool whole = sent.packets == self->priv->packets.size ();

  GST_OBJECT_LOCK (self);
  stats.frames_out += whole;
  stats.frames_unsent += !whole;
  stats.packets_sent += sent.packets;
  stats.bytes_sent += sent.bytes;
  if (whole)
    stats.chunks_sent += self->priv->packetizer.chunk_count ();
  if (sent.packets > 0 && !frame.has_tables ())
    stats.header_bytes_saved +=
        rfc2435::QuantizationHeader::size (frame.tables);
  GST_OBJECT_UNLOCK (self);
}

static GstFlowReturn
gst_rfc2435_pay_send (GstRfc2435Pay *self, const Frame &frame,
    GstClockTime time, const rfc2435::FrameSender::Settings &settings,
    bool stamped_by_arrival)
{
  auto priv = self->priv;
  auto sent = priv->sender.send (priv->packets, settings,
      {.timestamp = time,
          .interval = priv->frame_interval,
          .by_arrival = stamped_by_arrival});

  gst_rfc2435_pay_count_sent (self, frame, sent);
  GST_LOG_OBJECT (self,
      "sent a frame: %ux%u, type %u, Q %u, %s, restart interval %u, %u bytes "
      "of scan; %u of %u packets in %u bursts, room %" GST_STIME_FORMAT ": %s",
      frame.width, frame.height, frame.type, frame.q,
      frame.has_tables () ? "tables in band" : "no tables",
      frame.restart_interval, static_cast<guint> (frame.scan_size),
      static_cast<guint> (sent.packets),
      static_cast<guint> (priv->packets.size ()), sent.bursts,
      GST_STIME_ARGS (sent.room), gst_flow_get_name (sent.flow));
  return sent.flow;
}

// Gives a timestamp to a frame that has none; true if it had to be estimated.
static bool
gst_rfc2435_pay_stamp (GstRfc2435Pay *self, GstBuffer *&buffer)
{
  auto priv = self->priv;
  auto &segment = GST_RTP_BASE_PAYLOAD (self)->segment;

  if (GST_BUFFER_PTS_IS_VALID (buffer)) {
    // Some frames of HTTP cameras have timestamps, of when they were read. If a
    // queue delays them, one without may have got a later time by its arrival.
    if (!priv->arrival_stamps.have_passed (gst_segment_to_running_time (
            &segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer)))) {
      priv->last_pts = GST_BUFFER_PTS (buffer);
      return false;
    }
  } else if (GST_BUFFER_DTS_IS_VALID (buffer)) {
    // JPEGs are never reordered.
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer);
    return false;
  }

  // multifilesrc sets a timestamp only on its first frame.
  auto last_pts = std::exchange (priv->last_pts, GST_CLOCK_TIME_NONE);
  if (GST_CLOCK_TIME_IS_VALID (last_pts))
    priv->arrival_stamps.set_last (
        gst_segment_to_running_time (&segment, GST_FORMAT_TIME, last_pts));
  auto running_time = priv->arrival_stamps.next (priv->frame_interval,
      gst_element_get_current_running_time (GST_ELEMENT (self)));
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) = gst_segment_position_from_running_time (
      &segment, GST_FORMAT_TIME, running_time);

  if (!std::exchange (priv->told_of_arrival_stamps, true)) {
    bool by_rate = GST_CLOCK_TIME_IS_VALID (priv->frame_interval);
    auto details = gst_structure_new ("rfc2435pay-stamped", "by", G_TYPE_STRING,
        by_rate ? "framerate" : "arrival", nullptr);
    gst_element_message_full_with_details (GST_ELEMENT (self), GST_MESSAGE_INFO,
        GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        g_strdup_printf ("Pictures have no timestamps; %s.",
            by_rate ? "the frame rate in the caps determines their times"
                    : "their arrival determines their times. A framerate in "
                      "the caps would make them regular"),
        nullptr, __FILE__, GST_FUNCTION, __LINE__, details);
  }
  return true;
}

static GstFlowReturn
gst_rfc2435_pay_handle_buffer (GstRTPBasePayload *payload, GstBuffer *buffer)
{
  auto self = GST_RFC2435_PAY (payload);
  auto priv = self->priv;

  GST_OBJECT_LOCK (self);
  priv->stats.frames_in++;
  auto settings = priv->settings;
  GST_OBJECT_UNLOCK (self);

  if (GST_BUFFER_IS_DISCONT (buffer))
    priv->discont = true;
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_CORRUPTED)) {
    gst_rfc2435_pay_drop (
        self, DropCause::corrupted, rfc2435::text (DropCause::corrupted).found);
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }

  Frame frame;
  priv->packets.clear ();
  bool stamped_by_arrival = gst_rfc2435_pay_stamp (self, buffer);
  auto time = priv->sender.running_time (GST_BUFFER_PTS (buffer));
  auto flow =
      gst_rfc2435_pay_make_packets (self, buffer, time, settings, frame);
  // The camera gets its buffer back before the packets are sent.
  gst_buffer_unref (buffer);
  if (priv->packets.empty ())
    return flow;
  return gst_rfc2435_pay_send (
      self, frame, time, settings.pacing, stamped_by_arrival);
}

// Sources with segments in bytes (multifilesrc, HTTP) have no time; it starts
// at 0 here.
static GstEvent *
gst_rfc2435_pay_segment_in_time (GstRfc2435Pay *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME)
    return event;

  GST_DEBUG_OBJECT (
      self, "replacing %" GST_PTR_FORMAT " with a segment in time", event);
  GstSegment in_time;
  gst_segment_init (&in_time, GST_FORMAT_TIME);
  auto replacement = gst_event_new_segment (&in_time);
  gst_event_set_seqnum (replacement, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return replacement;
}

static gboolean
gst_rfc2435_pay_sink_event (GstRTPBasePayload *payload, GstEvent *event)
{
  auto self = GST_RFC2435_PAY (payload);
  auto priv = self->priv;
  auto parent = GST_RTP_BASE_PAYLOAD_CLASS (gst_rfc2435_pay_parent_class);

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_FLUSH_START: {
    // Downstream stops accepting packets before the rest of a frame is pushed.
    auto handled = parent->sink_event (payload, event);
    priv->sender.interrupt ();
    return handled;
  }
  case GST_EVENT_FLUSH_STOP:
    priv->forget_stream ();
    priv->sender.allow ();
    break;
  case GST_EVENT_STREAM_START:
    priv->forget_stream ();
    break;
  case GST_EVENT_SEGMENT:
    event = gst_rfc2435_pay_segment_in_time (self, event);
    priv->sender.reset ();
    priv->rate_limiter.reset_time ();
    priv->arrival_stamps.reset ();
    priv->last_pts = GST_CLOCK_TIME_NONE;
    break;
  case GST_EVENT_GAP:
    priv->sender.reset ();
    break;
  default:
    break;
  }
  return parent->sink_event (payload, event);
}

static GstStateChangeReturn
gst_rfc2435_pay_change_state (GstElement *element, GstStateChange transition)
{
  auto self = GST_RFC2435_PAY (element);
  auto priv = self->priv;

  GST_DEBUG_OBJECT (self, "%s", gst_state_change_get_name (transition));
  switch (transition) {
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    priv->forget_stream ();
    priv->sender.allow ();
    priv->drop_report = {};
    priv->transcoder.reset ();
    priv->rate_limiter = {};
    priv->left_out_report = {};
    priv->told_of_arrival_stamps = false;
    priv->told_of_payload_type = false;
    priv->told_of_orientation = false;
    priv->negotiated.reset ();
    GST_OBJECT_LOCK (self);
    priv->stats = {};
    GST_OBJECT_UNLOCK (self);
    break;
  case GST_STATE_CHANGE_PAUSED_TO_READY:
    priv->sender.interrupt ();
    break;
  default:
    break;
  }

  auto result = GST_ELEMENT_CLASS (gst_rfc2435_pay_parent_class)
                    ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    priv->packetizer.trim ();
  return result;
}

static void
gst_rfc2435_pay_init (GstRfc2435Pay *self)
{
  auto payload = GST_RTP_BASE_PAYLOAD (self);

  self->priv = new GstRfc2435PayPrivate (payload);
  payload->pt = GST_RTP_PAYLOAD_JPEG;
}

static void
gst_rfc2435_pay_finalize (GObject *object)
{
  delete GST_RFC2435_PAY (object)->priv;

  G_OBJECT_CLASS (gst_rfc2435_pay_parent_class)->finalize (object);
}

static void
gst_rfc2435_pay_class_init (GstRfc2435PayClass *klass)
{
  auto object_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto payload_class = GST_RTP_BASE_PAYLOAD_CLASS (klass);

  object_class->finalize = gst_rfc2435_pay_finalize;

  gst_rfc2435_pay_install_properties (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RFC 2435 payloader",
      "Codec/Payloader/Network/RTP",
      "Packs JPEG pictures into RTP packets (RFC 2435) without decoding them; "
      "recodes or drops those that RFC 2435 can't carry",
      "gst-rfc2435 contributors");
  element_class->change_state = gst_rfc2435_pay_change_state;

  payload_class->set_caps = gst_rfc2435_pay_set_caps;
  payload_class->handle_buffer = gst_rfc2435_pay_handle_buffer;
  payload_class->sink_event = gst_rfc2435_pay_sink_event;

  GST_DEBUG_CATEGORY_INIT (
      rfc2435pay_debug, "rfc2435pay", 0, "RFC 2435 payloader");
}
