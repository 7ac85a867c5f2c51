// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// From a picture to the packets of a frame: how it is carried, recoding or
// rewriting it if necessary, and messages about it.
#include "gstrfc2435pay_private.h"

#include "mapped_buffer.h"
#include "thread_cpu_time.h"

#include <algorithm>
#include <utility>

#define GST_CAT_DEFAULT rfc2435pay_debug

using rfc2435::DropCause;
using rfc2435::Frame;

void
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
    GST_INFO_OBJECT (self, "recoding %s %s loss", rfc2435::describe (kind),
        lossless ? "without" : "with");
    auto details = gst_structure_new ("rfc2435pay-recoded", "found",
        G_TYPE_STRING, rfc2435::describe (kind), "lossless", G_TYPE_BOOLEAN,
        lossless, "cpu-time", G_TYPE_UINT64,
        static_cast<guint64> (outcome.cpu_time.count ()), nullptr);
    gst_element_message_full_with_details (GST_ELEMENT (self),
        lossless ? GST_MESSAGE_INFO : GST_MESSAGE_WARNING, GST_STREAM_ERROR,
        GST_STREAM_ERROR_FORMAT,
        g_strdup_printf (
            "Recoding %s %s, which takes %.1f ms of CPU time per frame. %s",
            rfc2435::describe (kind), lossless ? "without loss" : "with loss",
            ms, rfc2435::remedy (kind)),
        g_strdup ("RFC 2435 can't carry this unchanged"), __FILE__,
        GST_FUNCTION, __LINE__, details);
  }
}

// Recodes a picture that would be dropped for `cause`; false if it had to be
// dropped after all.
static bool
gst_rfc2435_pay_recode (GstRfc2435Pay *self,
    std::span<const rfc2435::Bytes> pieces,
    const GstRfc2435PaySettings &settings, DropCause cause,
    rfc2435::Bytes &recoded, Frame &frame)
{
  auto priv = self->priv;
  auto outcome = priv->recoder.recode (pieces, priv->parser, settings.recoding);
  auto &result = outcome.result;

  if (!result) {
    cause = rfc2435::FrameRecoder::drop_cause (cause, *result.error);
    // The parser itself found nothing wrong.
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

// The approximate part of a scan that fits into a packet.
static std::size_t
gst_rfc2435_pay_payload_size (GstRfc2435Pay *self)
{
  constexpr guint headers = 12 + 8 + 4; // RTP, main, restart marker
  auto mtu = GST_RTP_BASE_PAYLOAD_MTU (self);
  return mtu > headers ? mtu - headers : 1;
}

// Handles a picture that RFC 2435 can't carry only because of its Huffman
// tables; nothing if there are other reasons.
static std::optional<rfc2435::FrameTranscoder::Outcome>
gst_rfc2435_pay_replace_tables (GstRfc2435Pay *self,
    std::span<const rfc2435::Bytes> pieces,
    const GstRfc2435PaySettings &settings,
    const rfc2435::FrameTranscoder::Limit *limit, Frame &frame)
{
  auto priv = self->priv;
  auto own = priv->parser.frame_with_standard_tables ();
  if (!own || guint64{own->width} * own->height > settings.recoding.max_pixels)
    return std::nullopt;

  auto begin = rfc2435::thread_cpu_time ();
  frame = *own;
  auto outcome = priv->transcoder.replace_tables (pieces, priv->parser,
      settings.scan, gst_rfc2435_pay_payload_size (self), limit, frame);
  if (!outcome || outcome->failure)
    return outcome;

  rfc2435::FrameRecoder::Outcome recoded;
  recoded.result.kinds.add (rfc2435::RecodeKind::huffman_tables);
  recoded.result.lossless = true;
  recoded.cpu_time = rfc2435::thread_cpu_time () - begin;
  gst_rfc2435_pay_announce_recoding (self, recoded);
  GST_OBJECT_LOCK (self);
  priv->stats.frames_recoded++;
  GST_OBJECT_UNLOCK (self);
  return outcome;
}

// Keeps the part of a damaged picture before the damage, with the rest in gray;
// false if it had to be dropped after all.
static bool
gst_rfc2435_pay_fill (GstRfc2435Pay *self,
    std::span<const rfc2435::Bytes> pieces,
    const GstRfc2435PaySettings &settings,
    const rfc2435::FrameTranscoder::Outcome &outcome, rfc2435::Bytes &recoded,
    Frame &frame)
{
  std::vector<rfc2435::Bytes> whole;
  auto left = outcome.whole;
  for (auto piece : pieces) {
    whole.push_back (piece.first (std::min (left, piece.size ())));
    left -= whole.back ().size ();
  }
  return gst_rfc2435_pay_recode (
      self, whole, settings, DropCause::cut_short, recoded, frame);
}

// Determines how a picture is carried, and recodes it or rewrites its scan if
// necessary; `pieces` then refers to `bytes`. Nothing if it is dropped.
static std::optional<rfc2435::FrameTranscoder::Outcome>
gst_rfc2435_pay_prepare (GstRfc2435Pay *self,
    std::span<const rfc2435::Bytes> &pieces,
    const GstRfc2435PaySettings &settings,
    const rfc2435::FrameTranscoder::Limit *limit, rfc2435::Bytes &bytes,
    Frame &frame)
{
  using rfc2435::FrameTranscoder;
  auto priv = self->priv;
  auto parser = &priv->parser;
  auto recode = [&] (auto function, auto... arguments) {
    if (!function (self, pieces, settings, arguments..., bytes, frame))
      return false;
    pieces = {&bytes, 1};
    parser = &priv->recoded_parser;
    return true;
  };

  std::optional<FrameTranscoder::Outcome> outcome;
  if (auto cause = parser->parse (pieces, settings.tables, frame)) {
    if (!rfc2435::FrameRecoder::is_wanted (*cause, settings.recoding)) {
      gst_rfc2435_pay_drop (self, *cause, parser->explain (*cause));
      return std::nullopt;
    }
    if (*cause == DropCause::huffman_tables)
      outcome =
          gst_rfc2435_pay_replace_tables (self, pieces, settings, limit, frame);
    if (!outcome && !recode (gst_rfc2435_pay_recode, *cause))
      return std::nullopt;
  }

  auto transcode = [&] {
    if (FrameTranscoder::is_wanted (settings.scan, limit, frame))
      outcome = priv->transcoder.transcode (pieces, *parser, settings.scan,
          gst_rfc2435_pay_payload_size (self), limit, frame);
  };
  if (!outcome)
    transcode ();
  if (outcome && outcome->is_damaged () && parser == &priv->parser &&
      settings.recoding.fill_cut_frames) {
    if (!recode (gst_rfc2435_pay_fill, *outcome))
      return std::nullopt;
    outcome.reset ();
    transcode ();
  }

  if (!outcome)
    return FrameTranscoder::Outcome{};
  if (outcome->failure) {
    if (*outcome->failure == DropCause::bit_rate)
      priv->rate_limiter.dropped ();
    gst_rfc2435_pay_drop (self, *outcome->failure, outcome->found);
    return std::nullopt;
  }
  if (outcome->scan) {
    bytes = *outcome->scan;
    pieces = {&bytes, 1};
  }
  if (outcome->has_new_markers) {
    GST_OBJECT_LOCK (self);
    priv->stats.frames_restart_inserted++;
    GST_OBJECT_UNLOCK (self);
  }
  return outcome;
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
  priv->left_out_report.tell (GST_ELEMENT (self), "rfc2435pay", trailing);
}

// RFC 2435 can't convey a picture's orientation.
static void
gst_rfc2435_pay_tell_of_orientation (GstRfc2435Pay *self, unsigned orientation)
{
  // 1: upright
  if (orientation <= 1 || std::exchange (self->priv->told_of_orientation, true))
    return;
  auto details = gst_structure_new ("rfc2435pay-orientation", "orientation",
      G_TYPE_UINT, orientation, nullptr);
  gst_element_message_full_with_details (GST_ELEMENT (self),
      GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      g_strdup_printf ("The pictures have Exif orientation %u, which RTP can't "
                       "convey to receivers. Put jpegflip video-direction=auto "
                       "before rfc2435pay to turn them.",
          orientation),
      nullptr, __FILE__, GST_FUNCTION, __LINE__, details);
}

static void
gst_rfc2435_pay_tell_of_ceiling (
    GstRfc2435Pay *self, const rfc2435::RateLimiter::Settings &settings)
{
  auto &limiter = self->priv->rate_limiter;
  if (!limiter.may_have_news ())
    return;
  auto bites = limiter.news (settings, g_get_monotonic_time ());
  if (!bites)
    return;
  GST_INFO_OBJECT (self, "max-bitrate %u %s", settings.max_bit_rate,
      *bites ? "is limiting frames" : "is no longer limiting frames");
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("rfc2435pay-max-bitrate", "limiting",
              G_TYPE_BOOLEAN, *bites, "max-bitrate", G_TYPE_UINT,
              settings.max_bit_rate, nullptr)));
}

// The bytes that max-bitrate allows for a frame.
static rfc2435::FrameTranscoder::Limit
gst_rfc2435_pay_limit (GstRfc2435Pay *self, GstBuffer *buffer,
    GstClockTime time, const GstRfc2435PaySettings &settings)
{
  auto priv = self->priv;
  using Time = rfc2435::RateShare::Time;
  constexpr auto default_interval = GST_SECOND / 30;
  auto share = priv->rate_limiter.begin_frame (settings.rate,
      time <= G_MAXINT64 ? std::optional<Time> (time) : std::nullopt,
      static_cast<Time> (GST_CLOCK_TIME_IS_VALID (priv->frame_interval)
                             ? priv->frame_interval
                             : default_interval));
  auto limit = priv->packetizer.limit (buffer, share);
  limit.min_quality = settings.rate.min_quality;
  limit.tables = settings.tables;
  return limit;
}

GstFlowReturn
gst_rfc2435_pay_make_packets (GstRfc2435Pay *self, GstBuffer *buffer,
    GstClockTime time, const GstRfc2435PaySettings &settings, Frame &frame)
{
  auto priv = self->priv;
  rfc2435::Bytes recoded;

  rfc2435::MappedBuffer mapped (buffer);
  if (!mapped) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (nullptr),
        ("Failed to map %" GST_PTR_FORMAT, buffer));
    return GST_FLOW_ERROR;
  }

  std::optional<rfc2435::FrameTranscoder::Limit> limit;
  if (settings.rate.is_on ())
    limit = gst_rfc2435_pay_limit (self, buffer, time, settings);
  auto pieces = mapped.pieces ();
  auto outcome = gst_rfc2435_pay_prepare (
      self, pieces, settings, limit ? &*limit : nullptr, recoded, frame);
  if (!outcome) {
    gst_rfc2435_pay_tell_of_ceiling (self, settings.rate);
    return GST_FLOW_OK;
  }

  gst_rfc2435_pay_tell_of_trailing_data (self, priv->parser.trailing_data ());
  gst_rfc2435_pay_tell_of_orientation (
      self, priv->parser.header ().orientation);

  priv->sdp_fields.dimensions =
      rfc2435::format_dimensions (frame.width, frame.height);
  // A pad that is being flushed does not accept caps, which is not an error.
  if (!gst_rfc2435_pay_negotiate (self))
    return GST_PAD_IS_FLUSHING (GST_RTP_BASE_PAYLOAD_SRCPAD (self))
               ? GST_FLOW_FLUSHING
               : GST_FLOW_NOT_NEGOTIATED;

  auto needed = priv->packetizer.make_packets (buffer, pieces, frame,
      settings.scan.resilience == rfc2435::ErrorResilience::chunks,
      priv->packets);
  if (needed != 0) {
    GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS,
        ("An mtu of %u is too small for this stream: set it to at least "
         "%" G_GSIZE_FORMAT ".",
            GST_RTP_BASE_PAYLOAD_MTU (self), needed),
        ("The first packet of a frame contains the RTP header and its "
         "extensions, the headers of RFC 2435, the quantization tables, and "
         "at least one byte of the scan"));
    return GST_FLOW_ERROR;
  }

  if (std::exchange (priv->discont, false))
    GST_BUFFER_FLAG_SET (priv->packets.front (), GST_BUFFER_FLAG_DISCONT);
  if (limit) {
    priv->rate_limiter.sent (*outcome, frame, priv->packetizer.total_size ());
    GST_OBJECT_LOCK (self);
    priv->stats.rate = priv->rate_limiter.stats ();
    GST_OBJECT_UNLOCK (self);
  }
  gst_rfc2435_pay_tell_of_ceiling (self, settings.rate);
  return GST_FLOW_OK;
}
