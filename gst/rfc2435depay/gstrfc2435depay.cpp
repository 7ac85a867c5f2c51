// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-rfc2435depay
 * @title: rfc2435depay
 * @short_description: receives JPEG pictures over RTP
 * @see_also: rfc2435pay, rtpjpegdepay
 *
 * Assembles the JPEG pictures of an RFC 2435 stream. A frame is output as soon
 * as all of it has arrived, in whatever order.
 *
 * A frame of which packets were lost is not discarded: missing parts are taken
 * from the previous picture (see #GstRfc2435Depay:conceal), and the result is
 * an ordinary JPEG that every decoder reads without a warning. Its buffer has
 * the flag GST_BUFFER_FLAG_CORRUPTED. An element message
 * `rfc2435depay-concealed`, posted at most every five seconds, says how much
 * was concealed since the previous one: `frames` (guint64, frames output),
 * `frames-concealed` (guint64), `packets-lost` (guint64) and `concealed-area`
 * (double, the concealed part of the area of these frames, from 0 to 1).
 *
 * The capture time of a picture, which packets carry in the RTP header
 * extension `ntp-64` (RFC 6051) or in #GstReferenceTimestampMeta, is attached
 * to it as #GstReferenceTimestampMeta.
 *
 * A dropped frame is explained in a WARNING message, the first time for each
 * cause and then at most every five seconds. The message's details are a
 * structure `rfc2435depay-dropped` with `cause` (string, as in
 * #GstRfc2435Depay:frame-stats), `found` (string) and `dropped` (guint64,
 * frames dropped for this cause so far).
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 udpsrc port=5000
 * caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,payload=26
 * ! rtpjitterbuffer latency=50 do-lost=true ! rfc2435depay ! jpegdec !
 * autovideosink
 * ]| Shows what rfc2435pay sends to port 5000.
 *
 * Since: 0.2
 */

#include "config.h"

#include "gstrfc2435depay_private.h"

#include "capture_time.h"
#include "gstrfc2435elements.h"
#include "onvif_extension.h"

#include <algorithm>

using rfc2435::DropCause;
using rfc2435::FrameAssembler;
using rfc2435::PictureMaker;

GST_DEBUG_CATEGORY (rfc2435depay_debug);
#define GST_CAT_DEFAULT rfc2435depay_debug

namespace {

constexpr guint rtp_header_size = 12;

} // namespace

G_DEFINE_TYPE (GstRfc2435Depay, gst_rfc2435_depay, GST_TYPE_RTP_BASE_DEPAYLOAD)
GST_ELEMENT_REGISTER_DEFINE (
    rfc2435depay, "rfc2435depay", GST_RANK_PRIMARY + 1, GST_TYPE_RFC2435_DEPAY)

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=(string)video, "
                         "clock-rate=(int)90000, encoding-name=(string)JPEG; "
                         "application/x-rtp, media=(string)video, "
                         "payload=(int)26, clock-rate=(int)90000"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

// The remedy where the sender is at fault, rather than a source of JPEGs.
static const char *
remedy (DropCause cause)
{
  switch (cause) {
  case DropCause::missing_tables:
    return "Make the sender send its tables in every frame.";
  case DropCause::malformed:
    return "The header extension of its packets holds no readable JPEG "
           "segments: look for a firmware update for the camera.";
  case DropCause::too_large:
    return "Raise max-pixels if such pictures are expected.";
  default:
    return rfc2435::text (cause).remedy;
  }
}

static void
gst_rfc2435_depay_drop (GstRfc2435Depay *self, DropCause cause)
{
  auto priv = self->priv;
  auto &text = rfc2435::text (cause);

  GST_OBJECT_LOCK (self);
  auto dropped = priv->stats.dropped.add (cause);
  GST_OBJECT_UNLOCK (self);

  GST_DEBUG_OBJECT (self, "dropped a frame (%s): %s", text.name, text.found);
  // Neither is a fault.
  if (cause == DropCause::flushed || cause == DropCause::begun_before)
    return;
  if (priv->drop_report.is_due (cause, g_get_monotonic_time ()))
    rfc2435::post_drop_warning (GST_ELEMENT (self), "rfc2435depay-dropped",
        cause, dropped, text.found, remedy (cause));
}

static void
gst_rfc2435_depay_report_concealed (
    GstRfc2435Depay *self, const rfc2435::ReceiveStats &now)
{
  auto priv = self->priv;
  auto time = g_get_monotonic_time ();
  if (time < priv->next_conceal_report)
    return;
  priv->next_conceal_report = time + rfc2435::message_interval_us;
  auto &before = priv->reported;
  auto frames = now.frames_out () - before.frames_out ();
  auto area = static_cast<double> (now.mcus_concealed - before.mcus_concealed) /
              static_cast<double> (now.mcus - before.mcus);
  auto details = gst_structure_new ("rfc2435depay-concealed", //
      "frames", G_TYPE_UINT64, frames,                        //
      "frames-concealed", G_TYPE_UINT64,
      now.frames_concealed - before.frames_concealed, //
      "packets-lost", G_TYPE_UINT64,
      now.packets_lost - before.packets_lost, //
      "concealed-area", G_TYPE_DOUBLE, area,  //
      nullptr);
  priv->reported = now;
  gst_element_post_message (
      GST_ELEMENT (self), gst_message_new_element (GST_OBJECT (self), details));
}

static bool
gst_rfc2435_depay_negotiate (
    GstRfc2435Depay *self, const rfc2435::Dimensions &dimensions)
{
  auto priv = self->priv;
  if (priv->negotiated == dimensions)
    return true;

  auto caps = gst_caps_new_simple ("image/jpeg", "parsed", G_TYPE_BOOLEAN, TRUE,
      "width", G_TYPE_INT, dimensions.width, "height", G_TYPE_INT,
      dimensions.height, "framerate", GST_TYPE_FRACTION,
      priv->caps.framerate_numerator, priv->caps.framerate_denominator,
      nullptr);
  auto set = gst_pad_set_caps (GST_RTP_BASE_DEPAYLOAD_SRCPAD (self), caps);
  GST_INFO_OBJECT (self, "%s: %" GST_PTR_FORMAT,
      set ? "negotiated" : "failed to negotiate", caps);
  gst_caps_unref (caps);
  if (set)
    priv->negotiated = dimensions;
  return set;
}

static void
release_picture (gpointer data)
{
  delete static_cast<rfc2435::Picture *> (data);
}

// The buffer is read-only, since the next picture may take parts of it.
static GstBuffer *
wrap_picture (const rfc2435::Picture &picture)
{
  auto owner = new rfc2435::Picture (picture);
  auto &block = *owner->block;
  return gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
      const_cast<std::uint8_t *> (block.data ()), block.size (), owner->begin,
      block.size () - owner->begin, owner, release_picture);
}

static void
gst_rfc2435_depay_output (GstRfc2435Depay *self, rfc2435::ReceivedFrame &frame)
{
  auto priv = self->priv;
  PictureMaker::Settings settings;

  GST_OBJECT_LOCK (self);
  settings.conceal = priv->settings.conceal;
  settings.max_concealed = priv->settings.max_concealed;
  settings.header.max_pixels = priv->settings.max_pixels;
  GST_OBJECT_UNLOCK (self);
  settings.header.dimensions = priv->caps.dimensions;

  PictureMaker::Result result;
  if (auto fault = priv->maker.make (frame, settings, result)) {
    gst_rfc2435_depay_drop (self, *fault);
    return;
  }

  bool concealed = result.concealed > 0;
  GST_OBJECT_LOCK (self);
  auto &stats = priv->stats;
  (concealed ? stats.frames_concealed : stats.frames_intact)++;
  stats.mcus += result.total;
  stats.mcus_concealed += result.concealed;
  if (concealed)
    stats.oldest_concealed = gst_util_uint64_scale_int (
        result.oldest_age, GST_SECOND, priv->caps.clock_rate);
  auto now = stats;
  GST_OBJECT_UNLOCK (self);
  if (concealed)
    gst_rfc2435_depay_report_concealed (self, now);

  // A pad that is being flushed does not accept caps, which is not an error.
  if (!gst_rfc2435_depay_negotiate (self, result.dimensions)) {
    priv->flow = GST_PAD_IS_FLUSHING (GST_RTP_BASE_DEPAYLOAD_SRCPAD (self))
                     ? GST_FLOW_FLUSHING
                     : GST_FLOW_NOT_NEGOTIATED;
    return;
  }
  GST_LOG_OBJECT (self,
      "output a frame: %ux%u, %u of %u MCUs concealed, PTS "
      "%" GST_TIME_FORMAT,
      result.dimensions.width, result.dimensions.height, result.concealed,
      result.total, GST_TIME_ARGS (frame.pts));
  auto buffer = wrap_picture (result.picture);
  GST_BUFFER_PTS (buffer) = frame.pts;
  GST_BUFFER_DTS (buffer) = frame.dts;
  if (frame.companion)
    rfc2435::copy_capture_time (
        static_cast<GstBuffer *> (frame.companion.get ()), priv->caps.ntp_id,
        buffer);
  if (concealed)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_CORRUPTED);
  priv->flow =
      gst_rtp_base_depayload_push (GST_RTP_BASE_DEPAYLOAD (self), buffer);
}

static void
gst_rfc2435_depay_output_finished (GstRfc2435Depay *self)
{
  auto &assembler = self->priv->assembler;
  while (assembler.is_ready ()) {
    auto frame = assembler.take ();
    gst_rfc2435_depay_output (self, frame);
  }
}

static void
gst_rfc2435_depay_add (GstRfc2435Depay *self, GstRTPBuffer *rtp)
{
  auto priv = self->priv;
  rfc2435::Packet packet = {
      .ssrc = gst_rtp_buffer_get_ssrc (rtp),
      .timestamp = gst_rtp_buffer_get_timestamp (rtp),
      .seqnum = gst_rtp_buffer_get_seq (rtp),
      .marker = gst_rtp_buffer_get_marker (rtp) != 0,
      .payload = {static_cast<const std::uint8_t *> (
                      gst_rtp_buffer_get_payload (rtp)),
          gst_rtp_buffer_get_payload_len (rtp)},
      .pts = GST_BUFFER_PTS (rtp->buffer),
      .dts = GST_BUFFER_DTS (rtp->buffer),
  };
  if (rfc2435::has_capture_time (rtp, priv->caps.ntp_id))
    packet.companion = {gst_buffer_ref (rtp->buffer), [] (void *buffer) {
                          gst_buffer_unref (GST_BUFFER (buffer));
                        }};
  guint16 id;
  gpointer extension;
  guint words;
  if (gst_rtp_buffer_get_extension (rtp) &&
      gst_rtp_buffer_get_extension_data (rtp, &id, &extension, &words))
    packet.segments = rfc2435::onvif_jpeg_segments (
        id, {static_cast<const std::uint8_t *> (extension), words * 4u});

  auto &assembler = priv->assembler;
  if (priv->gap_is_final)
    assembler.give_up_before (packet.seqnum);
  GST_OBJECT_LOCK (self);
  auto fate = assembler.add (packet, priv->limits);
  priv->stats.count (fate);
  priv->stats.packets_lost = priv->lost_before + assembler.lost ();
  GST_OBJECT_UNLOCK (self);

  if (fate != FrameAssembler::Fate::used)
    GST_LOG_OBJECT (
        self, "packet %u is not used (%d)", packet.seqnum, int (fate));
}

static GstBuffer *
gst_rfc2435_depay_process (GstRTPBaseDepayload *depayload, GstRTPBuffer *rtp)
{
  auto self = GST_RFC2435_DEPAY (depayload);

  gst_rfc2435_depay_add (self, rtp);
  // The base class attaches the header extensions of this packet to the buffer
  // that is output now, which must not be that of an earlier frame.
  if (!self->priv->assembler.has_several ())
    gst_rfc2435_depay_output_finished (self);
  return nullptr;
}

// For packets that were overtaken: the base class would discard them.
static void
gst_rfc2435_depay_chain_reordered (GstRfc2435Depay *self, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  if (gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp)) {
    gst_rfc2435_depay_add (self, &rtp);
    gst_rtp_buffer_unmap (&rtp);
  }
  gst_buffer_unref (buffer);
}

// Nearly every packet is in one memory, which is cheaper to map than a buffer.
static bool
read_rtp_header (GstBuffer *buffer, std::uint8_t (&header)[rtp_header_size])
{
  GstMapInfo map;

  if (gst_buffer_n_memory (buffer) != 1)
    return gst_buffer_extract (buffer, 0, header, sizeof header) ==
           sizeof header;
  auto memory = gst_buffer_peek_memory (buffer, 0);
  if (!gst_memory_map (memory, &map, GST_MAP_READ))
    return false;
  bool is_there = map.size >= sizeof header;
  if (is_there)
    std::copy_n (map.data, sizeof header, header);
  gst_memory_unmap (memory, &map);
  return is_there;
}

static bool
gst_rfc2435_depay_may_be_reordered (GstRfc2435Depay *self, guint behind)
{
  GST_OBJECT_LOCK (self);
  auto max_reorder = self->priv->limits.max_reorder;
  GST_OBJECT_UNLOCK (self);
  return behind <= max_reorder;
}

static GstFlowReturn
gst_rfc2435_depay_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  auto self = GST_RFC2435_DEPAY (parent);
  auto priv = self->priv;
  alignas (guint32) std::uint8_t header[rtp_header_size];
  bool overtaken = false;

  if (read_rtp_header (buffer, header)) {
    auto seqnum = GST_READ_UINT16_BE (header + 2);
    auto ssrc = GST_READ_UINT32_BE (header + 8);
    auto behind = static_cast<gint16> (priv->next_seqnum - seqnum);
    overtaken = priv->has_next_seqnum && ssrc == priv->ssrc && behind > 0 &&
                gst_rfc2435_depay_may_be_reordered (self, behind);
    // Jitter buffers set this flag on the packet after a gap that they no
    // longer wait for.
    priv->gap_is_final = !overtaken && priv->has_next_seqnum && behind != 0 &&
                         GST_BUFFER_IS_DISCONT (buffer);
    if (!overtaken) {
      priv->next_seqnum = seqnum + 1;
      priv->ssrc = ssrc;
      priv->has_next_seqnum = true;
    }
  }

  auto flow = GST_FLOW_OK;
  priv->flow = GST_FLOW_OK;
  if (overtaken)
    gst_rfc2435_depay_chain_reordered (self, buffer);
  else
    flow = priv->base_chain (pad, parent, buffer);
  gst_rfc2435_depay_output_finished (self);
  return flow == GST_FLOW_OK ? priv->flow : flow;
}

static GstFlowReturn
gst_rfc2435_depay_chain_list (
    GstPad *pad, GstObject *parent, GstBufferList *list)
{
  auto flow = GST_FLOW_OK;
  auto count = gst_buffer_list_length (list);
  for (guint i = 0; i < count && flow == GST_FLOW_OK; i++)
    flow = gst_rfc2435_depay_chain (
        pad, parent, gst_buffer_ref (gst_buffer_list_get (list, i)));
  gst_buffer_list_unref (list);
  return flow;
}

static gboolean
gst_rfc2435_depay_set_caps (GstRTPBaseDepayload *depayload, GstCaps *caps)
{
  auto priv = GST_RFC2435_DEPAY (depayload)->priv;

  GST_DEBUG_OBJECT (depayload, "packets have caps %" GST_PTR_FORMAT, caps);
  priv->caps =
      rfc2435::StreamCaps::from_caps (gst_caps_get_structure (caps, 0));
  depayload->clock_rate = static_cast<guint> (priv->caps.clock_rate);
  priv->negotiated.reset ();
  return TRUE;
}

// Jitter buffers announce lost packets in order, each before the packets that
// follow it.
static gboolean
gst_rfc2435_depay_packet_lost (GstRTPBaseDepayload *depayload, GstEvent *event)
{
  auto self = GST_RFC2435_DEPAY (depayload);
  guint seqnum;

  if (gst_structure_get_uint (
          gst_event_get_structure (event), "seqnum", &seqnum)) {
    self->priv->assembler.give_up_before (static_cast<guint16> (seqnum + 1));
    gst_rfc2435_depay_output_finished (self);
  }
  return TRUE;
}

static void
gst_rfc2435_depay_forget_stream (GstRfc2435Depay *self)
{
  auto priv = self->priv;
  priv->lost_before += priv->assembler.lost ();
  for (auto frames = priv->assembler.reset (); frames > 0; frames--)
    gst_rfc2435_depay_drop (self, DropCause::flushed);
  priv->maker.reset ();
  priv->has_next_seqnum = false;
}

static gboolean
gst_rfc2435_depay_handle_event (GstRTPBaseDepayload *depayload, GstEvent *event)
{
  auto self = GST_RFC2435_DEPAY (depayload);
  auto priv = self->priv;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_EOS:
  case GST_EVENT_CAPS:
  case GST_EVENT_SEGMENT:
    // Open frames belong to the stream before.
    priv->assembler.close ();
    gst_rfc2435_depay_output_finished (self);
    break;
  case GST_EVENT_FLUSH_STOP:
    gst_rfc2435_depay_forget_stream (self);
    break;
  default:
    break;
  }
  return GST_RTP_BASE_DEPAYLOAD_CLASS (gst_rfc2435_depay_parent_class)
      ->handle_event (depayload, event);
}

static GstStateChangeReturn
gst_rfc2435_depay_change_state (GstElement *element, GstStateChange transition)
{
  auto self = GST_RFC2435_DEPAY (element);
  auto priv = self->priv;

  GST_DEBUG_OBJECT (self, "%s", gst_state_change_get_name (transition));
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    priv->assembler.reset ();
    priv->lost_before = 0;
    priv->maker.reset ();
    priv->negotiated.reset ();
    priv->has_next_seqnum = false;
    priv->drop_report = {};
    priv->next_conceal_report = 0;
    priv->reported = {};
    GST_OBJECT_LOCK (self);
    priv->stats = {};
    GST_OBJECT_UNLOCK (self);
  }

  auto result = GST_ELEMENT_CLASS (gst_rfc2435_depay_parent_class)
                    ->change_state (element, transition);

  // Frees the memory of pictures.
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_rfc2435_depay_forget_stream (self);
  return result;
}

// The base class has this property, and there is no other way to read it.
static void
gst_rfc2435_depay_max_reorder_changed (GObject *object, GParamSpec *, gpointer)
{
  auto self = GST_RFC2435_DEPAY (object);
  gint max_reorder;

  g_object_get (object, "max-reorder", &max_reorder, nullptr);
  GST_OBJECT_LOCK (self);
  self->priv->limits.max_reorder = static_cast<guint> (max_reorder);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rfc2435_depay_init (GstRfc2435Depay *self)
{
  auto pad = GST_RTP_BASE_DEPAYLOAD_SINKPAD (self);

  self->priv = new GstRfc2435DepayPrivate ();
  self->priv->base_chain = GST_PAD_CHAINFUNC (pad);
  gst_pad_set_chain_function (pad, gst_rfc2435_depay_chain);
  gst_pad_set_chain_list_function (pad, gst_rfc2435_depay_chain_list);
  g_signal_connect (self, "notify::max-reorder",
      G_CALLBACK (gst_rfc2435_depay_max_reorder_changed), nullptr);
}

static void
gst_rfc2435_depay_finalize (GObject *object)
{
  delete GST_RFC2435_DEPAY (object)->priv;

  G_OBJECT_CLASS (gst_rfc2435_depay_parent_class)->finalize (object);
}

static void
gst_rfc2435_depay_class_init (GstRfc2435DepayClass *klass)
{
  auto object_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto depayload_class = GST_RTP_BASE_DEPAYLOAD_CLASS (klass);

  object_class->finalize = gst_rfc2435_depay_finalize;
  gst_rfc2435_depay_install_properties (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RFC 2435 depayloader",
      "Codec/Depayloader/Network/RTP",
      "Extracts JPEG pictures from RTP packets (RFC 2435) and conceals lost "
      "parts",
      "gst-rfc2435 contributors");
  element_class->change_state = gst_rfc2435_depay_change_state;

  depayload_class->set_caps = gst_rfc2435_depay_set_caps;
  depayload_class->process_rtp_packet = gst_rfc2435_depay_process;
  depayload_class->packet_lost = gst_rfc2435_depay_packet_lost;
  depayload_class->handle_event = gst_rfc2435_depay_handle_event;

  GST_DEBUG_CATEGORY_INIT (
      rfc2435depay_debug, "rfc2435depay", 0, "RFC 2435 depayloader");
}
