// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstrfc2435pay_private.h"

#include "properties.h"

#define GST_CAT_DEFAULT rfc2435pay_debug

using rfc2435::TableMode;

namespace {

enum {
  PROP_0,
  PROP_QUANTIZATION_TABLES,
  PROP_PACING,
  PROP_PACING_BURST,
  PROP_RECODE,
  PROP_RECODE_MAX_PIXELS,
  PROP_FILL_CUT_FRAMES,
  PROP_ERROR_RESILIENCE,
  PROP_RESTART_INTERVAL,
  PROP_CHECK_SCAN,
  PROP_MAX_BITRATE,
  PROP_MIN_QUALITY,
  PROP_FRAME_STATS,
};

} // namespace

#define GST_TYPE_RFC2435_QUANTIZATION_TABLES                                   \
  (gst_rfc2435_quantization_tables_get_type ())
static GType
gst_rfc2435_quantization_tables_get_type ()
{
  static const GEnumValue values[] = {
      {GST_RFC2435_QUANTIZATION_TABLES_AUTO,
          "Tables in every frame unless a Q from 1 to 99 describes them",
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
          "Losslessly where possible, otherwise with as little loss as "
          "possible",
          "auto"},
      {GST_RFC2435_RECODE_LOSSLESS,
          "Only where that is lossless; drop other frames", "lossless"},
      {GST_RFC2435_RECODE_NEVER, "Never: drop such frames", "never"},
      {0, nullptr, nullptr},
  };
  static const GType type = g_enum_register_static ("GstRfc2435Recode", values);
  return type;
}

#define GST_TYPE_RFC2435_ERROR_RESILIENCE                                      \
  (gst_rfc2435_error_resilience_get_type ())
static GType
gst_rfc2435_error_resilience_get_type ()
{
  static const GEnumValue values[] = {
      {GST_RFC2435_ERROR_RESILIENCE_NONE,
          "Nothing: a lost packet costs a frame", "none"},
      {GST_RFC2435_ERROR_RESILIENCE_MARKERS,
          "Restart markers in every picture; with rfc2435depay, a lost packet "
          "costs only a strip",
          "markers"},
      {GST_RFC2435_ERROR_RESILIENCE_CHUNKS,
          "Restart markers, and packets of whole restart intervals", "chunks"},
      {0, nullptr, nullptr},
  };
  static const GType type =
      g_enum_register_static ("GstRfc2435ErrorResilience", values);
  return type;
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
  case PROP_ERROR_RESILIENCE:
    // The values are in the same order.
    settings.scan.resilience =
        static_cast<rfc2435::ErrorResilience> (g_value_get_enum (value));
    break;
  case PROP_RESTART_INTERVAL:
    settings.scan.restart_interval =
        static_cast<std::uint16_t> (g_value_get_uint (value));
    break;
  case PROP_CHECK_SCAN:
    settings.scan.check_scan = g_value_get_boolean (value);
    break;
  case PROP_MAX_BITRATE:
    settings.rate.max_bit_rate = g_value_get_uint (value);
    break;
  case PROP_MIN_QUALITY:
    settings.rate.min_quality = g_value_get_uint (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);

  rfc2435::log_property (GST_CAT_DEFAULT, self, pspec, value);
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
  case PROP_ERROR_RESILIENCE:
    g_value_set_enum (value, static_cast<gint> (settings.scan.resilience));
    break;
  case PROP_RESTART_INTERVAL:
    g_value_set_uint (value, settings.scan.restart_interval);
    break;
  case PROP_CHECK_SCAN:
    g_value_set_boolean (value, settings.scan.check_scan);
    break;
  case PROP_MAX_BITRATE:
    g_value_set_uint (value, settings.rate.max_bit_rate);
    break;
  case PROP_MIN_QUALITY:
    g_value_set_uint (value, settings.rate.min_quality);
    break;
  case PROP_FRAME_STATS:
    g_value_take_boxed (value, stats.to_structure ());
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

void
gst_rfc2435_pay_install_properties (GObjectClass *object_class)
{
  object_class->set_property = gst_rfc2435_pay_set_property;
  object_class->get_property = gst_rfc2435_pay_get_property;

  /**
   * GstRfc2435Pay:quantization-tables:
   *
   * How quantization tables are sent to receivers. `auto` saves 132 bytes per
   * frame if the source scales the tables of ITU-T T.81 annex K as the IJG's
   * library does for a quality from 1 to 99 (RFC 2435 section 4.2), as most
   * encoders and many cameras do.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_QUANTIZATION_TABLES,
      g_param_spec_enum ("quantization-tables", "Quantization Tables",
          "How quantization tables are sent: in every frame, or as a Q from 1 "
          "to 99 where that is equivalent, which saves 132 bytes per frame",
          GST_TYPE_RFC2435_QUANTIZATION_TABLES,
          GST_RFC2435_QUANTIZATION_TABLES_AUTO,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:pacing:
   *
   * Fraction of the frame interval over which the packets of a frame are sent,
   * in bursts of #GstRfc2435Pay:pacing-burst packets 1 to 4 ms apart, or in
   * larger bursts if time is short. A frame sent at once overflows the socket
   * buffer of most receivers. 0 sends each frame at once.
   *
   * The last packet of a frame is sent up to this fraction of the interval
   * later than without pacing, and always before the next frame is due. Streams
   * that run ahead of the clock, or that are late, are not paced.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PACING,
      g_param_spec_double ("pacing", "Pacing",
          "Fraction of the frame interval over which a frame's packets are "
          "spread, so that they fit into a receiver's socket buffer (0 = send "
          "at once)",
          0, 0.9, rfc2435::FrameSender::Settings ().part,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:pacing-burst:
   *
   * Minimum number of packets sent at once with #GstRfc2435Pay:pacing.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PACING_BURST,
      g_param_spec_uint ("pacing-burst", "Pacing Burst",
          "Minimum number of packets sent at once with pacing", 1, G_MAXUINT,
          rfc2435::FrameSender::Settings ().min_burst,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:recode:
   *
   * What to do with pictures that RFC 2435 can't carry unchanged. Most are
   * recoded losslessly: their DCT coefficients are re-encoded (progressive and
   * arithmetic coding, custom Huffman tables, several scans, gray…). Others
   * keep luma exactly while chroma is resampled (4:4:4 and the like), or are
   * re-encoded (RGB, CMYK). The first frame of each kind posts a message with a
   * structure `rfc2435pay-recoded`: `found` (string, the kind), `lossless`
   * (boolean, for this kind) and `cpu-time` (guint64, ns, for that frame); it
   * is an INFO message if the kind is recoded losslessly, otherwise a WARNING.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RECODE,
      g_param_spec_enum ("recode", "Recode",
          "Whether pictures that RFC 2435 can't carry unchanged are recoded "
          "(losslessly where possible) or dropped",
          GST_TYPE_RFC2435_RECODE, GST_RFC2435_RECODE_AUTO,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:recode-max-pixels:
   *
   * Pictures with more pixels (width × height) are dropped instead of recoded,
   * before memory is allocated for them; recoding takes up to 16 bytes per
   * pixel. Pictures that need no recoding are not affected.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RECODE_MAX_PIXELS,
      g_param_spec_uint ("recode-max-pixels", "Recode Max Pixels",
          "Largest picture to recode, in pixels; limits memory use", 1,
          G_MAXUINT, rfc2435::FrameRecoder::Settings ().max_pixels,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:fill-cut-frames:
   *
   * Send truncated pictures with the missing part in gray instead of dropping
   * them. The first one posts a WARNING message as described for
   * #GstRfc2435Pay:recode, and all count as `frames-recoded-lossy`.
   *
   * #GstRfc2435Pay:recode still applies to the part that is present. With
   * `lossless`, it is sent if recoding it is lossless; with `never`, if RFC
   * 2435 could carry the complete picture.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FILL_CUT_FRAMES,
      g_param_spec_boolean ("fill-cut-frames", "Fill Cut Frames",
          "Send truncated pictures with the missing part in gray instead of "
          "dropping them; recode still applies to the part that is present",
          FALSE, rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:error-resilience:
   *
   * How to make a lost packet cost a strip of the picture instead of the whole
   * frame, at receivers that make use of it (rfc2435depay). Others show the
   * stream as they would without it.
   *
   * In both modes, restart markers are inserted losslessly into pictures that
   * have none or too few, and every code of the scan is checked as with
   * #GstRfc2435Pay:check-scan. Quantization tables that no Q from 1 to 99
   * describes get a Q from 128 to 254, one for each set of tables in the
   * session (255 for those beyond the first 127), and are sent with every
   * frame.
   *
   * With `markers`, all packets but the last are full, as without. With
   * `chunks`, they end on restart intervals and say which ones they contain
   * (RFC 2435 section 3.1.7), so that a receiver knows the place of each even
   * if many are missing. docs/error-resilience.md lists the cost of each.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_ERROR_RESILIENCE,
      g_param_spec_enum ("error-resilience", "Error Resilience",
          "How to make a lost packet cost a strip of the picture instead of "
          "the whole frame",
          GST_TYPE_RFC2435_ERROR_RESILIENCE, GST_RFC2435_ERROR_RESILIENCE_NONE,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:restart-interval:
   *
   * With #GstRfc2435Pay:error-resilience, the number of MCUs (16x16 pixels in
   * 4:2:0, 16x8 in 4:2:2) between restart markers. 0 chooses an interval of
   * about a quarter of a packet, and changes it only when it is off by a factor
   * of two; a picture's own interval is then kept if it is not much larger.
   * There are never more than 16383 intervals. Without error-resilience, this
   * property has no effect.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_RESTART_INTERVAL,
      g_param_spec_uint ("restart-interval", "Restart Interval",
          "MCUs between restart markers with error-resilience (0 = about a "
          "quarter of a packet)",
          0, G_MAXUINT16, 0,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:check-scan:
   *
   * Check every Huffman code of every picture, up to the last MCU. Without
   * this, truncated or damaged pictures that end in EOI are sent. A picture
   * that fails the check is dropped (`cut-short` or `malformed`) with a message
   * that names the MCU; with #GstRfc2435Pay:fill-cut-frames, it is sent with
   * everything from there on in gray. Pictures that are recoded, and all
   * pictures with #GstRfc2435Pay:error-resilience, are checked in any case.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_CHECK_SCAN,
      g_param_spec_boolean ("check-scan", "Check Scan",
          "Check every code of every picture, and drop truncated or damaged "
          "pictures even if they end in EOI",
          FALSE, rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:max-bitrate:
   *
   * Limit of the bit rate, in bits of whole RTP packets per second; 0 for none.
   * It can be changed at any time and takes effect with the next frame.
   *
   * A frame that fits into its share, the bits available from one frame to the
   * next, is sent unchanged, bit for bit. A larger one loses detail: its DCT
   * coefficients are requantized, without decoding the picture, so that it just
   * fits. A frame that does not fit even with #GstRfc2435Pay:min-quality is
   * dropped (cause `bit-rate`), and leaves its share to the next frame. No
   * frame becomes larger.
   *
   * An ELEMENT message is posted when the limit starts to affect frames, and
   * when no frame was larger than its share for two seconds; at most every five
   * seconds. Its structure `rfc2435pay-max-bitrate` has the fields `limiting`
   * (gboolean) and `max-bitrate` (guint).
   *
   * Unit and type match the property `estimated-bitrate` of rtpgccbwe, which
   * can be bound to this one with g_object_bind_property().
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MAX_BITRATE,
      g_param_spec_uint ("max-bitrate", "Maximum Bit Rate",
          "Maximum bit rate in bit/s of whole RTP packets; frames that would "
          "exceed it lose detail (0 = no limit)",
          0, G_MAXUINT, 0,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:min-quality:
   *
   * The lowest quality to which #GstRfc2435Pay:max-bitrate may reduce frames,
   * on the scale of the IJG's library. Frames that would need less are dropped.
   * Tables that are not on that scale count as the nearest quality.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MIN_QUALITY,
      g_param_spec_uint ("min-quality", "Minimum Quality",
          "IJG quality below which frames are dropped to stay within "
          "max-bitrate",
          1, 100, 10, rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstRfc2435Pay:frame-stats:
   *
   * Counters since the element last left READY, a structure
   * `application/x-rfc2435pay-stats` with these guint64 fields:
   *
   * * `frames-in`: pictures received from upstream
   * * `frames-out`: pictures that were sent
   * * `frames-unsent`: pictures of which downstream did not accept all packets,
   *   because it was flushed, stopped or failed; receivers see a gap in the
   *   sequence numbers
   * * `frames-dropped`: pictures that are not sent
   * * `frames-recoded`: pictures sent after recoding
   * * `frames-recoded-lossy`: those recoded with loss
   * * `frames-restart-inserted`: pictures sent with restart markers inserted
   *   (see #GstRfc2435Pay:error-resilience). Since: 0.2
   * * `chunks-sent`: chunks of whole restart intervals, each in one packet or,
   *   if it is too large, in several. Since: 0.2
   * * `packets-sent`: RTP packets accepted by downstream
   * * `bytes-sent`: their bytes, including RTP headers and header extensions
   * * `header-bytes-saved`: bytes of quantization tables that did not have to
   *   be sent (see #GstRfc2435Pay:quantization-tables)
   * * `trailing-bytes`: bytes discarded after the end of pictures, not counting
   *   zeros. The first ones post an INFO message or, if they contain another
   *   picture, a WARNING, with a structure `rfc2435pay-left-out`: `bytes`
   *   (guint64) and `picture` (boolean). Since: 0.2
   *
   * and `dropped`, a structure with a guint64 for each cause that occurred.
   * docs/statistics.md lists them all.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "Counters since the element last left READY: "
          "frames-in, frames-out, frames-unsent, frames-recoded, "
          "frames-recoded-lossy, frames-restart-inserted, chunks-sent, "
          "packets-sent, bytes-sent, "
          "header-bytes-saved, trailing-bytes, frames-dropped, and dropped "
          "with a count for "
          "each cause",
          GST_TYPE_STRUCTURE, rfc2435::read_only_property));

  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_QUANTIZATION_TABLES, static_cast<GstPluginAPIFlags> (0));
  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_RECODE, static_cast<GstPluginAPIFlags> (0));
  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_ERROR_RESILIENCE, static_cast<GstPluginAPIFlags> (0));
}
