// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-rfc2435pay
 * @title: rfc2435pay
 * @short_description: sends JPEG pictures over RTP
 * @see_also: rtpjpegdepay, rtpjpegpay
 *
 * Cuts JPEG pictures into RTP packets as RFC 2435 has it, without decoding
 * them. Every buffer has to hold one whole picture, as cameras, encoders and
 * demuxers make them; put `jpegparse` before it for a plain stream of bytes.
 *
 * A picture that RFC 2435 can't carry as it is, progressive ones or those with
 * Huffman tables of their own for instance, is recoded, without loss in most
 * cases (see #GstRfc2435Pay:recode). One that is broken, or that can't be
 * recoded, is never sent as if it could: it is dropped, counted in
 * #GstRfc2435Pay:frame-stats, and explained in a WARNING message, the first
 * time for each cause and then at most every five seconds. The message's
 * details are a structure `rfc2435pay-dropped` with `cause` (string, as in the
 * statistics), `found` (string) and `dropped` (guint64, frames dropped for this
 * cause so far).
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

#include "gstrfc2435pay.h"

#include "drop_report.h"
#include "frame.h"
#include "frame_recoder.h"
#include "frame_sender.h"
#include "frame_stats.h"
#include "gstrfc2435elements.h"
#include "mapped_buffer.h"
#include "packetizer.h"
#include "quantization_header.h"
#include "sdp_fields.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using rfc2435::DropCause;
using rfc2435::Frame;
using rfc2435::TableMode;

GST_DEBUG_CATEGORY_STATIC (rfc2435pay_debug);
#define GST_CAT_DEFAULT rfc2435pay_debug

namespace {

constexpr guint clock_rate = 90000;

enum {
  PROP_0,
  PROP_QUANTIZATION_TABLES,
  PROP_PACING,
  PROP_PACING_BURST,
  PROP_RECODE,
  PROP_RECODE_MAX_PIXELS,
  PROP_FILL_CUT_FRAMES,
  PROP_FRAME_STATS,
};

// The settings that hold for a frame.
struct FrameSettings {
  TableMode tables = TableMode::automatic;
  rfc2435::FrameSender::Settings pacing;
  rfc2435::FrameRecoder::Settings recoding;
};

} // namespace

struct GstRfc2435PayPrivate {
  explicit GstRfc2435PayPrivate (GstRTPBasePayload *payload)
      : packetizer (payload), sender (payload)
  {}
  GstRfc2435PayPrivate (const GstRfc2435PayPrivate &) = delete;
  GstRfc2435PayPrivate &operator= (const GstRfc2435PayPrivate &) = delete;

  // Under the object lock
  FrameSettings settings;
  rfc2435::FrameStats stats;

  // Of the streaming thread
  rfc2435::FrameParser parser;
  rfc2435::FrameParser recoded_parser;
  rfc2435::FrameRecoder recoder;
  rfc2435::DropReport drop_report;
  rfc2435::Packetizer packetizer;
  rfc2435::FrameSender sender;
  std::vector<GstBuffer *> packets; // of the frame at hand
  GstClockTime frame_interval = GST_CLOCK_TIME_NONE;
  rfc2435::SdpFields sdp_fields;
  std::optional<rfc2435::SdpFields> negotiated;
  bool discont = false;
  // Whether messages have said so since READY.
  bool told_of_trailing_bytes = false;
  bool told_of_second_picture = false;

  void forget_stream ()
  {
    parser.reset ();
    recoder.reset ();
    sender.reset ();
    discont = false;
  }
};

struct _GstRfc2435Pay {
  GstRTPBasePayload parent;
  GstRfc2435PayPrivate *priv;
};

G_DEFINE_TYPE (GstRfc2435Pay, gst_rfc2435_pay, GST_TYPE_RTP_BASE_PAYLOAD)
GST_ELEMENT_REGISTER_DEFINE (
    rfc2435pay, "rfc2435pay", GST_RANK_SECONDARY + 1, GST_TYPE_RFC2435_PAY)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (
            "application/x-rtp, media=(string)video, payload=(int)26, "
            "clock-rate=(int)90000, encoding-name=(string)JPEG; "
            "application/x-rtp, media=(string)video, payload=(int)[96, 127], "
            "clock-rate=(int)90000, encoding-name=(string)JPEG"));

#define GST_TYPE_RFC2435_QUANTIZATION_TABLES                                   \
  (gst_rfc2435_quantization_tables_get_type ())
static GType
gst_rfc2435_quantization_tables_get_type ()
{
  static const GEnumValue values[] = {
      {GST_RFC2435_QUANTIZATION_TABLES_AUTO,
          "Tables in every frame unless a Q from 1 to 99 stands for them",
          "auto"},
      {GST_RFC2435_QUANTIZATION_TABLES_IN_BAND, "Tables in every frame",
          "in-band"},
      {0, nullptr, nullptr},
  };
  static const GType type =
      g_enum_register_static ("GstRfc2435QuantizationTables", values);
  return type;
}

#define GST_TYPE_RFC2435_RECODE (gst_rfc2435_recode_get_type ())
static GType
gst_rfc2435_recode_get_type ()
{
  static const GEnumValue values[] = {
      {GST_RFC2435_RECODE_AUTO,
          "Without loss where possible, else with as little as can be", "auto"},
      {GST_RFC2435_RECODE_LOSSLESS, "Without loss, or not at all", "lossless"},
      {GST_RFC2435_RECODE_NEVER, "Never: drop such frames", "never"},
      {0, nullptr, nullptr},
  };
  static const GType type = g_enum_register_static ("GstRfc2435Recode", values);
  return type;
}

static gboolean
gst_rfc2435_pay_negotiate (GstRfc2435Pay *self)
{
  auto priv = self->priv;

  if (priv->negotiated == priv->sdp_fields)
    return TRUE;

  auto fields = priv->sdp_fields.to_structure ();
  auto negotiated = gst_rtp_base_payload_set_outcaps_structure (
      GST_RTP_BASE_PAYLOAD (self), fields);
  gst_structure_free (fields);

  if (negotiated)
    priv->negotiated = priv->sdp_fields;
  return negotiated;
}

static gboolean
gst_rfc2435_pay_set_caps (GstRTPBasePayload *payload, GstCaps *caps)
{
  auto self = GST_RFC2435_PAY (payload);
  auto priv = self->priv;
  auto structure = gst_caps_get_structure (caps, 0);

  gst_rtp_base_payload_set_options (payload, "video",
      payload->pt != GST_RTP_PAYLOAD_JPEG, "JPEG", clock_rate);

  priv->parser.reset ();
  priv->sdp_fields = rfc2435::SdpFields::from_caps (structure);
  priv->frame_interval = rfc2435::Framerate::from_caps (structure).interval ();
  priv->negotiated.reset ();
  return gst_rfc2435_pay_negotiate (self);
}

static void
gst_rfc2435_pay_drop (
    GstRfc2435Pay *self, DropCause cause, const std::string &found)
{
  auto priv = self->priv;
  auto &text = rfc2435::text (cause);

  GST_OBJECT_LOCK (self);
  auto dropped = priv->stats.dropped.add (cause);
  GST_OBJECT_UNLOCK (self);

  GST_DEBUG_OBJECT (
      self, "dropped a frame (%s): %s", text.name, found.c_str ());
  if (priv->drop_report.is_due (cause, g_get_monotonic_time ()))
    rfc2435::post_drop_warning (GST_ELEMENT (self), "rfc2435pay-dropped", cause,
        dropped, found, text.remedy);
}

static void
gst_rfc2435_pay_announce_recoding (
    GstRfc2435Pay *self, const rfc2435::FrameRecoder::Outcome &outcome)
{
  auto kinds = outcome.result.kinds;
  auto fresh = self->priv->recoder.announce (kinds);
  auto lossy = outcome.result.lossless ? rfc2435::RecodeKinds{}
                                       : rfc2435::lossy_kinds (kinds);
  auto ms = static_cast<double> (outcome.cpu_time.count ()) / 1e6;

  for (unsigned i = 0; i < rfc2435::recode_kind_count; i++) {
    auto kind = static_cast<rfc2435::RecodeKind> (i);
    if (!fresh.has (kind))
      continue;
    bool lossless = !lossy.has (kind);
    auto details = gst_structure_new ("rfc2435pay-recoded", "found",
        G_TYPE_STRING, rfc2435::describe (kind), "lossless", G_TYPE_BOOLEAN,
        lossless, "cpu-time", G_TYPE_UINT64,
        static_cast<guint64> (outcome.cpu_time.count ()), nullptr);
    gst_element_message_full_with_details (GST_ELEMENT (self),
        lossless ? GST_MESSAGE_INFO : GST_MESSAGE_WARNING, GST_STREAM_ERROR,
        GST_STREAM_ERROR_FORMAT,
        g_strdup_printf ("Recoding %s: %s, for %.1f ms of CPU time a frame. %s",
            rfc2435::describe (kind), lossless ? "without loss" : "with loss",
            ms, rfc2435::remedy (kind)),
        g_strdup ("RFC 2435 can't carry this as it is"), __FILE__, GST_FUNCTION,
        __LINE__, details);
  }
}

// Recodes a picture that would be dropped for `cause`; false if it had to be
// dropped after all.
static bool
gst_rfc2435_pay_recode (GstRfc2435Pay *self,
    std::span<const rfc2435::Bytes> pieces, const FrameSettings &settings,
    DropCause cause, rfc2435::Bytes &recoded, Frame &frame)
{
  auto priv = self->priv;
  auto outcome = priv->recoder.recode (pieces, priv->parser, settings.recoding);
  auto &result = outcome.result;

  if (!result) {
    cause = rfc2435::FrameRecoder::drop_cause (cause, *result.error);
    // The parser has found nothing wrong with it.
    auto found = cause == DropCause::malformed
                     ? "a picture that can't be decoded"
                     : priv->parser.explain (cause);
    gst_rfc2435_pay_drop (self, cause, found + " (" + result.message + ")");
    return false;
  }

  recoded = result.jpeg;
  if (auto still =
          priv->recoded_parser.parse ({&recoded, 1}, settings.tables, frame)) {
    gst_rfc2435_pay_drop (self, *still, priv->recoded_parser.explain (*still));
    return false;
  }
  gst_rfc2435_pay_announce_recoding (self, outcome);
  GST_OBJECT_LOCK (self);
  priv->stats.frames_recoded++;
  priv->stats.frames_recoded_lossy += !result.lossless;
  GST_OBJECT_UNLOCK (self);
  return true;
}

static void
gst_rfc2435_pay_tell_of_trailing_data (
    GstRfc2435Pay *self, const rfc2435::TrailingData &trailing)
{
  auto priv = self->priv;

  if (trailing.size == 0)
    return;
  GST_OBJECT_LOCK (self);
  priv->stats.trailing_bytes += trailing.size;
  GST_OBJECT_UNLOCK (self);

  auto &told = trailing.has_picture ? priv->told_of_second_picture
                                    : priv->told_of_trailing_bytes;
  if (std::exchange (told, true))
    return;
  auto details = gst_structure_new ("rfc2435pay-left-out",          //
      "bytes", G_TYPE_UINT64, static_cast<guint64> (trailing.size), //
      "picture", G_TYPE_BOOLEAN, trailing.has_picture, nullptr);
  auto text =
      trailing.has_picture
          ? g_strdup ("A buffer holds more than one picture. Only the first is "
                      "sent: put jpegparse before rfc2435pay to have a buffer "
                      "made of each.")
          : g_strdup_printf ("%" G_GSIZE_FORMAT " bytes behind the end of a "
                             "picture (EOI) are left out. Nothing of the "
                             "picture is lost.",
                trailing.size);
  gst_element_message_full_with_details (GST_ELEMENT (self),
      trailing.has_picture ? GST_MESSAGE_WARNING : GST_MESSAGE_INFO,
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, text,
      g_strdup_printf ("%" G_GSIZE_FORMAT " bytes follow EOI", trailing.size),
      __FILE__, GST_FUNCTION, __LINE__, details);
}

static void
gst_rfc2435_pay_count_sent (GstRfc2435Pay *self, const Frame &frame)
{
  auto &stats = self->priv->stats;
  auto &packets = self->priv->packets;
  // All but the last are of the same size.
  auto bytes = (packets.size () - 1) * gst_buffer_get_size (packets.front ()) +
               gst_buffer_get_size (packets.back ());

  GST_OBJECT_LOCK (self);
  stats.frames_out++;
  stats.packets_sent += packets.size ();
  stats.bytes_sent += bytes;
  if (!frame.has_tables ())
    stats.header_bytes_saved +=
        rfc2435::QuantizationHeader::size (frame.tables);
  GST_OBJECT_UNLOCK (self);
}

// Makes the packets of a frame, or none if the frame is dropped.
static GstFlowReturn
gst_rfc2435_pay_process (
    GstRfc2435Pay *self, GstBuffer *buffer, const FrameSettings &settings)
{
  auto priv = self->priv;
  Frame frame;
  rfc2435::Bytes recoded;

  rfc2435::MappedBuffer mapped (buffer);
  if (!mapped) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (nullptr),
        ("Failed to map %" GST_PTR_FORMAT, buffer));
    return GST_FLOW_ERROR;
  }

  auto pieces = mapped.pieces ();
  if (auto cause = priv->parser.parse (pieces, settings.tables, frame)) {
    if (!rfc2435::FrameRecoder::is_wanted (*cause, settings.recoding)) {
      gst_rfc2435_pay_drop (self, *cause, priv->parser.explain (*cause));
      return GST_FLOW_OK;
    }
    if (!gst_rfc2435_pay_recode (
            self, pieces, settings, *cause, recoded, frame))
      return GST_FLOW_OK;
    pieces = {&recoded, 1};
  }

  gst_rfc2435_pay_tell_of_trailing_data (self, priv->parser.trailing_data ());

  priv->sdp_fields.dimensions =
      rfc2435::format_dimensions (frame.width, frame.height);
  if (!gst_rfc2435_pay_negotiate (self))
    return GST_FLOW_NOT_NEGOTIATED;

  auto needed =
      priv->packetizer.make_packets (buffer, pieces, frame, priv->packets);
  if (needed != 0) {
    GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS,
        ("An mtu of %u is too small for this stream: set it to %" G_GSIZE_FORMAT
         " at least.",
            GST_RTP_BASE_PAYLOAD_MTU (self), needed),
        ("The first packet of a frame holds the RTP header and its extensions, "
         "RFC 2435's headers, the quantization tables, and a byte of the "
         "scan"));
    return GST_FLOW_ERROR;
  }

  if (std::exchange (priv->discont, false))
    GST_BUFFER_FLAG_SET (priv->packets.front (), GST_BUFFER_FLAG_DISCONT);
  gst_rfc2435_pay_count_sent (self, frame);
  return GST_FLOW_OK;
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
  priv->packets.clear ();
  auto flow = gst_rfc2435_pay_process (self, buffer, settings);
  // The camera has its buffer back before the packets are sent.
  gst_buffer_unref (buffer);
  if (priv->packets.empty ())
    return flow;
  return priv->sender.send (
      priv->packets, settings.pacing, priv->frame_interval);
}

static gboolean
gst_rfc2435_pay_sink_event (GstRTPBasePayload *payload, GstEvent *event)
{
  auto priv = GST_RFC2435_PAY (payload)->priv;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_FLUSH_START:
    priv->sender.interrupt ();
    break;
  case GST_EVENT_FLUSH_STOP:
    priv->forget_stream ();
    priv->sender.allow ();
    break;
  case GST_EVENT_SEGMENT:
    priv->sender.reset ();
    break;
  default:
    break;
  }

  return GST_RTP_BASE_PAYLOAD_CLASS (gst_rfc2435_pay_parent_class)
      ->sink_event (payload, event);
}

static GstStateChangeReturn
gst_rfc2435_pay_change_state (GstElement *element, GstStateChange transition)
{
  auto self = GST_RFC2435_PAY (element);
  auto priv = self->priv;

  switch (transition) {
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    priv->forget_stream ();
    priv->sender.allow ();
    priv->drop_report = {};
    priv->told_of_trailing_bytes = priv->told_of_second_picture = false;
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

static rfc2435::FrameRecoder::Level
recode_level (gint value)
{
  switch (value) {
  case GST_RFC2435_RECODE_LOSSLESS:
    return rfc2435::FrameRecoder::Level::lossless;
  case GST_RFC2435_RECODE_NEVER:
    return rfc2435::FrameRecoder::Level::never;
  default:
    return rfc2435::FrameRecoder::Level::automatic;
  }
}

static GstRfc2435Recode
recode_value (rfc2435::FrameRecoder::Level level)
{
  switch (level) {
  case rfc2435::FrameRecoder::Level::lossless:
    return GST_RFC2435_RECODE_LOSSLESS;
  case rfc2435::FrameRecoder::Level::never:
    return GST_RFC2435_RECODE_NEVER;
  default:
    return GST_RFC2435_RECODE_AUTO;
  }
}

static void
gst_rfc2435_pay_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_RFC2435_PAY (object);
  auto &settings = self->priv->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
  case PROP_QUANTIZATION_TABLES:
    settings.tables =
        g_value_get_enum (value) == GST_RFC2435_QUANTIZATION_TABLES_IN_BAND
            ? TableMode::in_band
            : TableMode::automatic;
    break;
  case PROP_PACING:
    settings.pacing.part = g_value_get_double (value);
    break;
  case PROP_PACING_BURST:
    settings.pacing.min_burst = g_value_get_uint (value);
    break;
  case PROP_RECODE:
    settings.recoding.level = recode_level (g_value_get_enum (value));
    break;
  case PROP_RECODE_MAX_PIXELS:
    settings.recoding.max_pixels = g_value_get_uint (value);
    break;
  case PROP_FILL_CUT_FRAMES:
    settings.recoding.fill_cut_frames = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rfc2435_pay_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_RFC2435_PAY (object);

  GST_OBJECT_LOCK (self);
  auto settings = self->priv->settings;
  auto stats = self->priv->stats;
  GST_OBJECT_UNLOCK (self);

  switch (id) {
  case PROP_QUANTIZATION_TABLES:
    g_value_set_enum (value, settings.tables == TableMode::in_band
                                 ? GST_RFC2435_QUANTIZATION_TABLES_IN_BAND
                                 : GST_RFC2435_QUANTIZATION_TABLES_AUTO);
    break;
  case PROP_PACING:
    g_value_set_double (value, settings.pacing.part);
    break;
  case PROP_PACING_BURST:
    g_value_set_uint (value, settings.pacing.min_burst);
    break;
  case PROP_RECODE:
    g_value_set_enum (value, recode_value (settings.recoding.level));
    break;
  case PROP_RECODE_MAX_PIXELS:
    g_value_set_uint (value, settings.recoding.max_pixels);
    break;
  case PROP_FILL_CUT_FRAMES:
    g_value_set_boolean (value, settings.recoding.fill_cut_frames);
    break;
  case PROP_FRAME_STATS:
    g_value_take_boxed (value, stats.to_structure ());
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
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

  object_class->set_property = gst_rfc2435_pay_set_property;
  object_class->get_property = gst_rfc2435_pay_get_property;
  object_class->finalize = gst_rfc2435_pay_finalize;

  /**
   * GstRfc2435Pay:quantization-tables:
   *
   * How receivers are told the quantization tables. With `auto`, 132 bytes a
   * frame are saved if the source scales the tables of ITU-T T.81 annex K as
   * the IJG's library does for a quality from 1 to 99 (RFC 2435 section 4.2):
   * most encoders and many cameras do.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_QUANTIZATION_TABLES,
      g_param_spec_enum ("quantization-tables", "Quantization Tables",
          "How receivers are told the quantization tables: in every frame, or "
          "by a Q from 1 to 99 where that says the same and saves 132 bytes",
          GST_TYPE_RFC2435_QUANTIZATION_TABLES,
          GST_RFC2435_QUANTIZATION_TABLES_AUTO,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:pacing:
   *
   * The part of the frame interval over which the packets of a frame are sent,
   * in bursts of #GstRfc2435Pay:pacing-burst packets 1 to 4 ms apart, or larger
   * ones where the time would not do. A frame sent at once overflows the socket
   * buffer of most receivers. 0 sends each frame at once.
   *
   * The last packet of a frame leaves up to this part of the interval later
   * than without pacing, and never when the next frame is due. Streams that
   * run ahead of the clock, that are late, or that have no timestamps are not
   * paced.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PACING,
      g_param_spec_double ("pacing", "Pacing",
          "Part of the frame interval over which a frame's packets are spread, "
          "so that they fit into a receiver's socket buffer; 0 sends them at "
          "once",
          0, 0.9, rfc2435::FrameSender::Settings ().part,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:pacing-burst:
   *
   * How many packets are sent at once, at least, with #GstRfc2435Pay:pacing.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PACING_BURST,
      g_param_spec_uint ("pacing-burst", "Pacing Burst",
          "Packets that are sent at once, at least, with pacing", 1, G_MAXUINT,
          rfc2435::FrameSender::Settings ().min_burst,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:recode:
   *
   * What happens to pictures that RFC 2435 can't carry as they are. Most are
   * recoded without loss: their DCT coefficients are coded anew (progressive
   * and arithmetic coding, Huffman tables of their own, several scans, gray…).
   * Of others, luma stays exact and chroma is resampled (4:4:4 and the like),
   * or the picture is encoded again (RGB, CMYK). The first frame of each kind
   * posts a message with a structure `rfc2435pay-recoded`: `found` (string, the
   * kind), `lossless` (boolean, of this kind) and `cpu-time` (guint64, ns, of
   * that frame); it is an INFO message if the kind costs no loss, else a
   * WARNING.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RECODE,
      g_param_spec_enum ("recode", "Recode",
          "What happens to pictures that RFC 2435 can't carry as they are: "
          "recoded (without loss where possible), or dropped",
          GST_TYPE_RFC2435_RECODE, GST_RFC2435_RECODE_AUTO,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:recode-max-pixels:
   *
   * Pictures of more pixels (width × height) are not recoded but dropped,
   * before any memory is taken for them. Pictures that need no recoding are not
   * concerned.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RECODE_MAX_PIXELS,
      g_param_spec_uint ("recode-max-pixels", "Recode Max Pixels",
          "Largest picture to recode, in pixels; it bounds the memory taken", 1,
          G_MAXUINT, rfc2435::FrameRecoder::Settings ().max_pixels,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:fill-cut-frames:
   *
   * Send pictures that are cut short, with what is missing in gray, instead of
   * dropping them. The first one posts a WARNING message as
   * #GstRfc2435Pay:recode has it, and all count as `frames-recoded-lossy`.
   *
   * #GstRfc2435Pay:recode says what may become of the part that is there. With
   * `lossless`, it is sent if that loses nothing of it; with `never`, if RFC
   * 2435 could carry the picture were it whole.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FILL_CUT_FRAMES,
      g_param_spec_boolean ("fill-cut-frames", "Fill Cut Frames",
          "Send pictures that are cut short with what is missing in gray, "
          "instead of dropping them; recode says what may become of the rest",
          FALSE,
          static_cast<GParamFlags> (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                    GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:frame-stats:
   *
   * What became of the frames since the element last left READY, as a
   * structure `application/x-rfc2435pay-stats` with these guint64 fields:
   *
   * * `frames-in`: pictures that came in
   * * `frames-out`: pictures that were sent
   * * `frames-dropped`: pictures that were not
   * * `frames-recoded`: pictures sent that had to be recoded
   * * `frames-recoded-lossy`: those of them that lost something
   * * `packets-sent`: RTP packets
   * * `bytes-sent`: bytes of all RTP packets with their RTP headers, without
   *   header extensions
   * * `header-bytes-saved`: bytes of quantization tables that did not have to
   *   be sent (see #GstRfc2435Pay:quantization-tables)
   * * `trailing-bytes`: bytes behind the ends of pictures that were left out,
   *   zeros aside. The first ones post an INFO message or, if there is another
   *   picture among them, a WARNING, with a structure `rfc2435pay-left-out`:
   *   `bytes` (guint64) and `picture` (boolean). Since: 0.2
   *
   * and `dropped`, a structure with a guint64 for each cause that there was.
   * docs/statistics.md has them all.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "What became of the frames since the element last left READY: "
          "frames-in, frames-out, frames-dropped, frames-recoded, "
          "frames-recoded-lossy, packets-sent, bytes-sent, "
          "header-bytes-saved, trailing-bytes, and dropped with a count for "
          "each cause",
          GST_TYPE_STRUCTURE,
          static_cast<GParamFlags> (
              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RFC 2435 payloader",
      "Codec/Payloader/Network/RTP",
      "Sends JPEG pictures over RTP (RFC 2435) without decoding them, and "
      "drops "
      "those that receivers could not show as they are",
      "gst-rfc2435 contributors");
  element_class->change_state = gst_rfc2435_pay_change_state;

  payload_class->set_caps = gst_rfc2435_pay_set_caps;
  payload_class->handle_buffer = gst_rfc2435_pay_handle_buffer;
  payload_class->sink_event = gst_rfc2435_pay_sink_event;

  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_QUANTIZATION_TABLES, static_cast<GstPluginAPIFlags> (0));
  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_RECODE, static_cast<GstPluginAPIFlags> (0));

  GST_DEBUG_CATEGORY_INIT (
      rfc2435pay_debug, "rfc2435pay", 0, "RFC 2435 payloader");
}
