// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-jpegflip
 * @title: jpegflip
 * @short_description: rotates and flips JPEG pictures
 * @see_also: videoflip, rfc2435pay
 *
 * Turns JPEG pictures, for example those of a camera mounted upside down, as
 * videoflip turns raw ones: #GstVideoDirection:video-direction says how, and
 * can be changed at any time. Where the size of the picture allows, the turned
 * picture consists of the same DCT coefficients: no pixel changes, and it costs
 * a fraction of decoding and encoding. Where it does not (1080 lines in 4:2:0,
 * which is not a multiple of 16), or where the turned chroma would have a
 * sampling that RFC 2435 can't carry, as little as possible is re-encoded, and
 * a WARNING message says so, once for each reason. Its details are a structure
 * `jpegflip-lossy` with `found` (string) and `cpu-time` (guint64, ns, of that
 * picture).
 *
 * rfc2435pay can always carry the output: baseline in one scan, 4:2:2 or 4:2:0,
 * with the standard Huffman tables, without APPn and COM segments. With
 * `identity`, pictures are passed on unchanged.
 *
 * A broken picture is dropped, counted in #GstJpegFlip:frame-stats and
 * explained in a WARNING message, the first time for each cause and then at
 * most every five seconds. The message's details are a structure
 * `jpegflip-dropped` with `cause` (string, as in the statistics), `found`
 * (string) and `dropped` (guint64, pictures dropped for this cause so far).
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! image/jpeg ! jpegflip video-direction=180
 * ! rfc2435pay ! udpsink host=192.0.2.1
 * ]| Sends the pictures of a camera that hangs upside down.
 * |[
 * gst-launch-1.0 filesrc location=in.jpg ! jpegparse
 * ! jpegflip video-direction=auto ! filesink location=out.jpg
 * ]| Turns a photograph the way its Exif data says.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstjpegflip_private.h"

#include "gstrfc2435elements.h"
#include "mapped_buffer.h"

#include <string>
#include <utility>

using rfc2435::DropCause;
using rfc2435::RecodeKind;
using rfc2435::RecodeKinds;
using rfc2435::Turn;

GST_DEBUG_CATEGORY (jpegflip_debug);
#define GST_CAT_DEFAULT jpegflip_debug

// The interface consists of the property only.
static void
gst_jpeg_flip_video_direction_init (GstVideoDirectionInterface *)
{}

G_DEFINE_TYPE_WITH_CODE (GstJpegFlip, gst_jpeg_flip, GST_TYPE_BASE_TRANSFORM,
    G_IMPLEMENT_INTERFACE (
        GST_TYPE_VIDEO_DIRECTION, gst_jpeg_flip_video_direction_init))
GST_ELEMENT_REGISTER_DEFINE (
    jpegflip, "jpegflip", GST_RANK_NONE, GST_TYPE_JPEG_FLIP)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

static const char *
nick (Turn turn)
{
  auto type = static_cast<GEnumClass *> (
      g_type_class_peek (GST_TYPE_VIDEO_ORIENTATION_METHOD));
  auto value = g_enum_get_value (type, static_cast<int> (turn));
  return value ? value->value_nick : "?";
}

// ---- Caps ------------------------------------------------------------------

static void
swap_fields (GstStructure *structure, const char *a, const char *b)
{
  auto value = gst_structure_get_value (structure, a);
  auto other = gst_structure_get_value (structure, b);
  GValue value_of_a = G_VALUE_INIT;

  if (value) {
    g_value_init (&value_of_a, G_VALUE_TYPE (value));
    g_value_copy (value, &value_of_a);
  }
  if (other)
    gst_structure_set_value (structure, a, other);
  else
    gst_structure_remove_field (structure, a);
  if (value)
    gst_structure_take_value (structure, b, &value_of_a);
  else
    gst_structure_remove_field (structure, b);
}

static void
swap_axes (GstStructure *structure)
{
  gint numerator, denominator;

  swap_fields (structure, "width", "height");
  if (!gst_structure_has_field (structure, "pixel-aspect-ratio"))
    return;
  // Ranges and lists of ratios occur only in queries, and rarely.
  if (gst_structure_get_fraction (
          structure, "pixel-aspect-ratio", &numerator, &denominator) &&
      numerator > 0)
    gst_structure_set (structure, "pixel-aspect-ratio", GST_TYPE_FRACTION,
        denominator, numerator, nullptr);
  else
    gst_structure_remove_field (structure, "pixel-aspect-ratio");
}

static GstCaps *
gst_jpeg_flip_transform_caps (GstBaseTransform *transform, GstPadDirection,
    GstCaps *caps, GstCaps *filter)
{
  auto self = GST_JPEG_FLIP (transform);

  GST_OBJECT_LOCK (self);
  auto turn = self->priv->turn;
  GST_OBJECT_UNLOCK (self);

  auto result = gst_caps_copy (caps);
  for (guint i = 0; turn != Turn::none && i < gst_caps_get_size (result); i++) {
    auto structure = gst_caps_get_structure (result, i);
    if (rfc2435::steps_of (turn).swap_axes)
      swap_axes (structure);
    // Set by jpegparse; recoding may change them.
    gst_structure_remove_fields (
        structure, "sof-marker", "colorspace", "sampling", nullptr);
  }

  if (filter) {
    auto filtered =
        gst_caps_intersect_full (filter, result, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (result);
    result = filtered;
  }
  return result;
}

static gboolean
gst_jpeg_flip_set_caps (GstBaseTransform *transform, GstCaps *in, GstCaps *out)
{
  auto self = GST_JPEG_FLIP (transform);

  GST_INFO_OBJECT (
      self, "negotiated: %" GST_PTR_FORMAT " to %" GST_PTR_FORMAT, in, out);
  return TRUE;
}

// ---- Turning ---------------------------------------------------------------

// Applies a change of the direction, in the streaming thread.
static void
gst_jpeg_flip_update_turn (GstJpegFlip *self)
{
  auto priv = self->priv;
  auto transform = GST_BASE_TRANSFORM (self);

  GST_OBJECT_LOCK (self);
  auto turn = priv->wanted_turn ();
  bool changed = std::exchange (priv->turn, turn) != turn;
  GST_OBJECT_UNLOCK (self);

  gst_base_transform_set_passthrough (transform, turn == Turn::none);
  if (!changed)
    return;
  GST_INFO_OBJECT (self, "pictures are turned: %s", nick (turn));
  gst_base_transform_reconfigure_src (transform);
}

static void
gst_jpeg_flip_read_exif (GstJpegFlip *self, GstBuffer *buffer)
{
  auto priv = self->priv;

  GST_OBJECT_LOCK (self);
  bool needed =
      priv->direction == GST_VIDEO_ORIENTATION_AUTO && !priv->tags.turn ();
  GST_OBJECT_UNLOCK (self);
  if (!needed)
    return;
  // An unreadable buffer is reported when the picture is turned.
  rfc2435::MappedBuffer mapped (buffer);
  if (!mapped)
    return;
  auto turn = rfc2435::exif_turn (mapped.pieces ());
  GST_OBJECT_LOCK (self);
  priv->exif_turn = turn;
  GST_OBJECT_UNLOCK (self);
}

static void
gst_jpeg_flip_before_transform (GstBaseTransform *transform, GstBuffer *buffer)
{
  // Sources with segments in bytes, such as multifilesrc, have no time.
  auto time = transform->segment.format == GST_FORMAT_TIME
                  ? gst_segment_to_stream_time (&transform->segment,
                        GST_FORMAT_TIME, GST_BUFFER_PTS (buffer))
                  : GST_CLOCK_TIME_NONE;

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (transform), time);
  gst_jpeg_flip_read_exif (GST_JPEG_FLIP (transform), buffer);
  gst_jpeg_flip_update_turn (GST_JPEG_FLIP (transform));
}

// Joins the descriptions of the kinds, or their remedies.
static std::string
join (RecodeKinds kinds, const char *(*say) (RecodeKind), const char *separator)
{
  std::string text;
  for (unsigned i = 0; i < rfc2435::recode_kind_count; i++) {
    auto kind = static_cast<RecodeKind> (i);
    if (!kinds.has (kind))
      continue;
    if (!text.empty ())
      text += separator;
    text += say (kind);
  }
  return text;
}

static void
gst_jpeg_flip_announce_loss (
    GstJpegFlip *self, RecodeKinds kinds, std::chrono::nanoseconds cpu_time)
{
  auto found = join (kinds, rfc2435::describe, ", ");
  auto remedy = join (kinds, rfc2435::remedy, " ");

  GST_INFO_OBJECT (self, "turning %s with loss", found.c_str ());
  auto details = gst_structure_new ("jpegflip-lossy", //
      "found", G_TYPE_STRING, found.c_str (),         //
      "cpu-time", G_TYPE_UINT64, static_cast<guint64> (cpu_time.count ()),
      nullptr);

  gst_element_message_full_with_details (GST_ELEMENT (self),
      GST_MESSAGE_WARNING, GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE,
      g_strdup_printf ("Turning these pictures is lossy (%s) and takes %.1f ms "
                       "of CPU time each. %s",
          found.c_str (), static_cast<double> (cpu_time.count ()) / 1e6,
          remedy.c_str ()),
      g_strdup ("They can't be turned by moving DCT coefficients alone"),
      __FILE__, GST_FUNCTION, __LINE__, details);
}

static void
gst_jpeg_flip_count_turned (
    GstJpegFlip *self, const rfc2435::FrameTurner::Outcome &outcome)
{
  auto &stats = self->priv->stats;
  auto &result = outcome.result;

  GST_OBJECT_LOCK (self);
  (result.lossless ? stats.frames_lossless : stats.frames_lossy)++;
  stats.trailing_bytes += outcome.trailing.size;
  stats.cpu_time += outcome.cpu_time;
  GST_OBJECT_UNLOCK (self);

  self->priv->left_out_report.tell (
      GST_ELEMENT (self), "jpegflip", outcome.trailing);
  if (result.lossless)
    return;
  auto fresh = self->priv->turner.announce (lossy_kinds (result.kinds));
  if (fresh.any ())
    gst_jpeg_flip_announce_loss (self, fresh, outcome.cpu_time);
}

static void
gst_jpeg_flip_drop (
    GstJpegFlip *self, const rfc2435::FrameTurner::Outcome &outcome)
{
  auto priv = self->priv;
  auto &result = outcome.result;
  auto cause = *result.error;
  auto &text = rfc2435::text (cause);

  GST_OBJECT_LOCK (self);
  auto dropped = priv->stats.dropped.add (cause);
  priv->stats.cpu_time += outcome.cpu_time;
  GST_OBJECT_UNLOCK (self);

  std::string found = result.message;
  std::string remedy = text.remedy;
  if (cause == DropCause::needs_loss) {
    auto kinds = rfc2435::lossy_kinds (result.kinds);
    found += ": " + join (kinds, rfc2435::describe, ", ");
    remedy = join (kinds, rfc2435::remedy, " ") + " " + text.remedy;
  }
  GST_DEBUG_OBJECT (
      self, "dropped a frame (%s): %s", text.name, found.c_str ());

  if (priv->drop_report.is_due (cause, g_get_monotonic_time ()))
    rfc2435::post_drop_warning (
        GST_ELEMENT (self), "jpegflip-dropped", cause, dropped, found, remedy);
}

// Leaves `output` empty if the picture is dropped.
static GstFlowReturn
gst_jpeg_flip_turn (GstJpegFlip *self, GstBuffer *input, GstBuffer *&output)
{
  auto priv = self->priv;

  GST_OBJECT_LOCK (self);
  auto turn = priv->turn;
  auto settings = priv->settings;
  GST_OBJECT_UNLOCK (self);

  rfc2435::MappedBuffer mapped (input);
  if (!mapped) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, (nullptr),
        ("Could not map the memory of a buffer"));
    return GST_FLOW_ERROR;
  }

  auto outcome = priv->turner.turn (mapped.pieces (), turn, settings);
  if (!outcome.result) {
    gst_jpeg_flip_drop (self, outcome);
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  }
  output = gst_buffer_new_memdup (
      outcome.result.jpeg.data (), outcome.result.jpeg.size ());
  GST_LOG_OBJECT (self,
      "turned a picture: %s, %ux%u, SOF%u, restart interval %u, %s loss; "
      "%" G_GSIZE_FORMAT " bytes became %" G_GSIZE_FORMAT
      " in %" G_GINT64_FORMAT " us of CPU time",
      nick (turn), outcome.header.width, outcome.header.height,
      outcome.header.sof & 0xfu, outcome.header.restart_interval,
      outcome.result.lossless ? "without" : "with", gst_buffer_get_size (input),
      outcome.result.jpeg.size (),
      static_cast<gint64> (outcome.cpu_time.count () / 1000));
  gst_jpeg_flip_count_turned (self, outcome);
  return GST_FLOW_OK;
}

// Overridden because the base class needs the size of the output in advance.
static GstFlowReturn
gst_jpeg_flip_generate_output (GstBaseTransform *transform, GstBuffer **output)
{
  auto parent = GST_BASE_TRANSFORM_CLASS (gst_jpeg_flip_parent_class);

  if (gst_base_transform_is_passthrough (transform)) {
    // The base class calls it again until it has no output.
    if (transform->queued_buf)
      GST_LOG_OBJECT (
          transform, "passing %" GST_PTR_FORMAT, transform->queued_buf);
    return parent->generate_output (transform, output);
  }

  auto input = std::exchange (transform->queued_buf, nullptr);
  if (!input)
    return GST_FLOW_OK;

  auto flow = gst_jpeg_flip_turn (GST_JPEG_FLIP (transform), input, *output);
  if (*output)
    GST_BASE_TRANSFORM_GET_CLASS (transform)->copy_metadata (
        transform, input, *output);
  gst_buffer_unref (input);
  return flow;
}

// Keeps metadata without tags, and video metadata that does not depend on size
// or orientation.
static gboolean
gst_jpeg_flip_transform_meta (GstBaseTransform *transform, GstBuffer *output,
    GstMeta *meta, GstBuffer *in)
{
  auto parent = GST_BASE_TRANSFORM_CLASS (gst_jpeg_flip_parent_class);
  auto tags = gst_meta_api_type_get_tags (meta->info->api);
  auto video = g_quark_from_static_string (GST_META_TAG_VIDEO_STR);

  if (tags && tags[0] && !tags[1] &&
      gst_meta_api_type_has_tag (meta->info->api, video))
    return TRUE;
  return parent->transform_meta (transform, output, meta, in);
}

// Downstream's proposals are for pictures of another size.
static gboolean
gst_jpeg_flip_propose_allocation (
    GstBaseTransform *transform, GstQuery *decide_query, GstQuery *query)
{
  if (!gst_base_transform_is_passthrough (transform))
    return TRUE;
  return GST_BASE_TRANSFORM_CLASS (gst_jpeg_flip_parent_class)
      ->propose_allocation (transform, decide_query, query);
}

// ---- Events and states -----------------------------------------------------

// Tells downstream that the picture is upright.
static GstEvent *
upright (GstEvent *event, GstTagList *tags)
{
  auto list = gst_tag_list_copy (tags);
  gst_tag_list_add (list, GST_TAG_MERGE_REPLACE, GST_TAG_IMAGE_ORIENTATION,
      "rotate-0", nullptr);
  auto result = gst_event_new_tag (list);
  gst_event_set_seqnum (result, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return result;
}

static GstEvent *
gst_jpeg_flip_handle_tags (GstJpegFlip *self, GstEvent *event)
{
  auto priv = self->priv;
  GstTagList *tags;

  gst_event_parse_tag (event, &tags);
  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT, event);
  GST_OBJECT_LOCK (self);
  priv->tags.update (tags);
  bool follows = priv->direction == GST_VIDEO_ORIENTATION_AUTO;
  GST_OBJECT_UNLOCK (self);

  if (follows && gst_tag_list_get_tag_size (tags, GST_TAG_IMAGE_ORIENTATION))
    return upright (event, tags);
  return event;
}

static gboolean
gst_jpeg_flip_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  auto self = GST_JPEG_FLIP (transform);
  auto priv = self->priv;
  const gchar *id;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_STREAM_START:
    gst_event_parse_stream_start (event, &id);
    priv->turner.forget_tables ();
    GST_OBJECT_LOCK (self);
    priv->tags.begin_stream (id);
    GST_OBJECT_UNLOCK (self);
    break;
  case GST_EVENT_CAPS:
    priv->turner.forget_tables ();
    GST_OBJECT_LOCK (self);
    priv->has_caps = true;
    GST_OBJECT_UNLOCK (self);
    gst_jpeg_flip_update_turn (self);
    break;
  case GST_EVENT_FLUSH_STOP:
    priv->turner.forget_tables ();
    break;
  case GST_EVENT_TAG:
    event = gst_jpeg_flip_handle_tags (self, event);
    break;
  default:
    break;
  }

  return GST_BASE_TRANSFORM_CLASS (gst_jpeg_flip_parent_class)
      ->sink_event (transform, event);
}

static gboolean
gst_jpeg_flip_start (GstBaseTransform *transform)
{
  auto self = GST_JPEG_FLIP (transform);

  GST_DEBUG_OBJECT (self, "started");
  self->priv->drop_report = {};
  self->priv->left_out_report = {};
  GST_OBJECT_LOCK (self);
  self->priv->stats = {};
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
gst_jpeg_flip_stop (GstBaseTransform *transform)
{
  auto self = GST_JPEG_FLIP (transform);
  auto priv = self->priv;

  GST_DEBUG_OBJECT (self, "stopped");
  priv->turner.reset ();
  GST_OBJECT_LOCK (self);
  priv->has_caps = false;
  priv->tags = {};
  priv->exif_turn = Turn::none;
  priv->turn = priv->wanted_turn ();
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
gst_jpeg_flip_init (GstJpegFlip *self)
{
  self->priv = new GstJpegFlipPrivate ();
  // Equal caps do not mean that pictures need not be turned.
  gst_base_transform_set_prefer_passthrough (GST_BASE_TRANSFORM (self), FALSE);
}

static void
gst_jpeg_flip_finalize (GObject *object)
{
  delete GST_JPEG_FLIP (object)->priv;

  G_OBJECT_CLASS (gst_jpeg_flip_parent_class)->finalize (object);
}

static void
gst_jpeg_flip_class_init (GstJpegFlipClass *klass)
{
  auto object_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->finalize = gst_jpeg_flip_finalize;

  gst_jpeg_flip_install_properties (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "JPEG flipper",
      "Filter/Effect/Video",
      "Rotates and flips JPEG pictures, losslessly where their size allows",
      "gst-rfc2435 contributors");

  transform_class->start = gst_jpeg_flip_start;
  transform_class->stop = gst_jpeg_flip_stop;
  transform_class->transform_caps = gst_jpeg_flip_transform_caps;
  transform_class->set_caps = gst_jpeg_flip_set_caps;
  transform_class->before_transform = gst_jpeg_flip_before_transform;
  transform_class->generate_output = gst_jpeg_flip_generate_output;
  transform_class->transform_meta = gst_jpeg_flip_transform_meta;
  transform_class->propose_allocation = gst_jpeg_flip_propose_allocation;
  transform_class->sink_event = gst_jpeg_flip_sink_event;

  GST_DEBUG_CATEGORY_INIT (jpegflip_debug, "jpegflip", 0, "JPEG flipper");
}
