// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstrfc2435depay_private.h"

#include "properties.h"

#define GST_CAT_DEFAULT rfc2435depay_debug

using rfc2435::PictureMaker;

namespace {

enum {
  PROP_0,
  PROP_CONCEAL,
  PROP_MAX_CONCEALED,
  PROP_MAX_FRAME_SIZE,
  PROP_MAX_PIXELS,
  PROP_FRAME_STATS,
};

} // namespace

#define GST_TYPE_RFC2435_CONCEAL (gst_rfc2435_conceal_get_type ())
static GType
gst_rfc2435_conceal_get_type ()
{
  static const GEnumValue values[] = {
      {GST_RFC2435_CONCEAL_PREVIOUS,
          "Take missing parts from the previous picture", "previous"},
      {GST_RFC2435_CONCEAL_GRAY, "Fill missing parts with gray", "gray"},
      {GST_RFC2435_CONCEAL_NONE, "Drop incomplete frames, as rtpjpegdepay does",
          "none"},
      {0, nullptr, nullptr},
  };
  static const GType type =
      g_enum_register_static ("GstRfc2435Conceal", values);
  return type;
}

static PictureMaker::Conceal
conceal_from (gint value)
{
  switch (value) {
  case GST_RFC2435_CONCEAL_GRAY:
    return PictureMaker::Conceal::gray;
  case GST_RFC2435_CONCEAL_NONE:
    return PictureMaker::Conceal::none;
  default:
    return PictureMaker::Conceal::previous;
  }
}

static GstRfc2435Conceal
conceal_value (PictureMaker::Conceal conceal)
{
  switch (conceal) {
  case PictureMaker::Conceal::gray:
    return GST_RFC2435_CONCEAL_GRAY;
  case PictureMaker::Conceal::none:
    return GST_RFC2435_CONCEAL_NONE;
  default:
    return GST_RFC2435_CONCEAL_PREVIOUS;
  }
}

static void
gst_rfc2435_depay_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_RFC2435_DEPAY (object);
  auto priv = self->priv;

  rfc2435::log_property (GST_CAT_DEFAULT, self, pspec, value);
  GST_OBJECT_LOCK (self);
  switch (id) {
  case PROP_CONCEAL:
    priv->settings.conceal = conceal_from (g_value_get_enum (value));
    break;
  case PROP_MAX_CONCEALED:
    priv->settings.max_concealed = g_value_get_uint (value);
    break;
  case PROP_MAX_FRAME_SIZE:
    priv->settings.max_frame_size = priv->limits.max_size =
        g_value_get_uint (value);
    break;
  case PROP_MAX_PIXELS:
    priv->settings.max_pixels = g_value_get_uint (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rfc2435_depay_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_RFC2435_DEPAY (object);

  GST_OBJECT_LOCK (self);
  auto settings = self->priv->settings;
  auto stats = self->priv->stats;
  GST_OBJECT_UNLOCK (self);

  switch (id) {
  case PROP_CONCEAL:
    g_value_set_enum (value, conceal_value (settings.conceal));
    break;
  case PROP_MAX_CONCEALED:
    g_value_set_uint (value, settings.max_concealed);
    break;
  case PROP_MAX_FRAME_SIZE:
    g_value_set_uint (value, settings.max_frame_size);
    break;
  case PROP_MAX_PIXELS:
    g_value_set_uint (value, settings.max_pixels);
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
gst_rfc2435_depay_install_properties (GObjectClass *object_class)
{
  constexpr auto flags = rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING);

  object_class->set_property = gst_rfc2435_depay_set_property;
  object_class->get_property = gst_rfc2435_depay_get_property;

  /**
   * GstRfc2435Depay:conceal:
   *
   * What replaces the parts of a picture whose packets were lost.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_CONCEAL,
      g_param_spec_enum ("conceal", "Conceal",
          "What replaces the parts of a picture whose packets were lost",
          GST_TYPE_RFC2435_CONCEAL, GST_RFC2435_CONCEAL_PREVIOUS, flags));

  /**
   * GstRfc2435Depay:max-concealed:
   *
   * Frames of which more than this percentage of the area would have to be
   * concealed are dropped.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MAX_CONCEALED,
      g_param_spec_uint ("max-concealed", "Max Concealed",
          "Largest share of a picture's area to conceal, in percent; frames "
          "with more missing are dropped",
          0, 100, GstRfc2435DepaySettings ().max_concealed, flags));

  /**
   * GstRfc2435Depay:max-frame-size:
   *
   * The maximum size of a frame's scan in bytes; packets beyond it are not
   * used. This limits memory use.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MAX_FRAME_SIZE,
      g_param_spec_uint ("max-frame-size", "Max Frame Size",
          "Largest frame to receive, in bytes of entropy-coded data; limits "
          "memory use",
          1, 1u << 24, GstRfc2435DepaySettings ().max_frame_size, flags));

  /**
   * GstRfc2435Depay:max-pixels:
   *
   * Pictures with more pixels (width × height) are dropped.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MAX_PIXELS,
      g_param_spec_uint ("max-pixels", "Max Pixels",
          "Largest picture to output, in pixels", 1, G_MAXUINT,
          GstRfc2435DepaySettings ().max_pixels, flags));

  /**
   * GstRfc2435Depay:frame-stats:
   *
   * Frame and packet counters since the element last left READY, as a
   * structure `application/x-rfc2435depay-stats` with these fields, guint64
   * unless stated otherwise:
   *
   * * `frames-out`: frames output: `frames-intact` and `frames-concealed`
   *   together
   * * `frames-intact`: frames output as they were sent
   * * `frames-concealed`: frames output with parts concealed
   * * `frames-dropped`: frames of which packets arrived, but that were not
   *   output
   * * `packets-received`: RTP packets
   * * `packets-lost`: missing sequence numbers
   * * `packets-late`: packets that arrived after their frame was output
   * * `packets-duplicate`: packets that arrived more than once
   * * `packets-malformed`: packets that can't be read, or contradict others
   * * `concealed-area`: double, the concealed part of the area of all frames
   *   output, from 0 to 1
   * * `oldest-concealed`: ns from the arrival of the oldest part shown in the
   *   last concealed frame to that frame
   *
   * and `dropped`, a structure with a guint64 for each cause that occurred:
   * `packets-lost`, `missing-tables`, `no-dimensions`, `malformed`,
   * `too-large`, `max-concealed`, `begun-before`, `flushed`.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "Frame and packet counters since the element last left READY: "
          "frames-out, frames-intact, frames-concealed, frames-dropped, "
          "packets-received, packets-lost, packets-late, packets-duplicate, "
          "packets-malformed, concealed-area, oldest-concealed, and dropped "
          "with a count for each cause",
          GST_TYPE_STRUCTURE, rfc2435::read_only_property));

  gst_type_mark_as_plugin_api (
      GST_TYPE_RFC2435_CONCEAL, static_cast<GstPluginAPIFlags> (0));
}
