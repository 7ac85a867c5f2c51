// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstjpegflip_private.h"

#include "properties.h"

#define GST_CAT_DEFAULT jpegflip_debug

namespace {

enum {
  PROP_0,
  PROP_VIDEO_DIRECTION,
  PROP_LOSSLESS,
  PROP_MAX_PIXELS,
  PROP_FRAME_STATS,
};

} // namespace

static void
gst_jpeg_flip_set_direction (
    GstJpegFlip *self, GstVideoOrientationMethod direction)
{
  auto priv = self->priv;

  if (direction == GST_VIDEO_ORIENTATION_CUSTOM) {
    g_warning ("%s: video-direction=custom is not supported; the current value "
               "is kept",
        GST_OBJECT_NAME (self));
    return;
  }
  GST_OBJECT_LOCK (self);
  priv->direction = direction;
  if (!priv->has_caps)
    priv->turn = priv->wanted_turn ();
  GST_OBJECT_UNLOCK (self);
}

static void
gst_jpeg_flip_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_JPEG_FLIP (object);
  auto &settings = self->priv->settings;

  rfc2435::log_property (GST_CAT_DEFAULT, self, pspec, value);
  switch (id) {
  case PROP_VIDEO_DIRECTION:
    gst_jpeg_flip_set_direction (self,
        static_cast<GstVideoOrientationMethod> (g_value_get_enum (value)));
    break;
  case PROP_LOSSLESS:
    GST_OBJECT_LOCK (self);
    settings.lossless = g_value_get_boolean (value);
    GST_OBJECT_UNLOCK (self);
    break;
  case PROP_MAX_PIXELS:
    GST_OBJECT_LOCK (self);
    settings.max_pixels = g_value_get_uint (value);
    GST_OBJECT_UNLOCK (self);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

static void
gst_jpeg_flip_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_JPEG_FLIP (object);

  GST_OBJECT_LOCK (self);
  auto direction = self->priv->direction;
  auto settings = self->priv->settings;
  auto stats = self->priv->stats;
  GST_OBJECT_UNLOCK (self);

  switch (id) {
  case PROP_VIDEO_DIRECTION:
    g_value_set_enum (value, direction);
    break;
  case PROP_LOSSLESS:
    g_value_set_boolean (value, settings.lossless);
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
gst_jpeg_flip_install_properties (GObjectClass *object_class)
{
  object_class->set_property = gst_jpeg_flip_set_property;
  object_class->get_property = gst_jpeg_flip_get_property;

  /**
   * GstJpegFlip:video-direction:
   *
   * How pictures are turned, starting with the next one. `auto` follows the
   * stream's image-orientation tags or, if there are none, the orientation in
   * each picture's Exif data (since 0.2); downstream, tags say that the picture
   * is upright. `custom` is not supported: GLib logs a warning.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_VIDEO_DIRECTION,
      g_param_spec_enum ("video-direction", "Video direction",
          "How pictures are rotated or flipped; auto follows the stream's "
          "image-orientation tags, or the pictures' Exif data if there are "
          "none; custom is not supported",
          GST_TYPE_VIDEO_ORIENTATION_METHOD, GST_VIDEO_ORIENTATION_IDENTITY,
          rfc2435::property_flags (
              GST_PARAM_CONTROLLABLE | GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstJpegFlip:lossless:
   *
   * Drop pictures that can't be turned losslessly instead of re-encoding as
   * much of them as necessary.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LOSSLESS,
      g_param_spec_boolean ("lossless", "Lossless",
          "Drop pictures that can't be turned losslessly instead of "
          "re-encoding them",
          rfc2435::FrameTurner::Settings ().lossless,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstJpegFlip:max-pixels:
   *
   * Pictures with more pixels (width × height) are dropped before memory is
   * allocated for them. Turning takes up to 16 bytes per pixel.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MAX_PIXELS,
      g_param_spec_uint ("max-pixels", "Max Pixels",
          "Largest picture to turn, in pixels; limits memory use", 1, G_MAXUINT,
          rfc2435::FrameTurner::Settings ().max_pixels,
          rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING)));

  /**
   * GstJpegFlip:frame-stats:
   *
   * Counters since the element last left READY, not including pictures passed
   * on unchanged (`identity`), a structure `application/x-jpegflip-stats` with
   * these guint64 fields:
   *
   * * `frames-lossless`: pictures turned without loss
   * * `frames-lossy`: pictures turned with loss
   * * `trailing-bytes` (since 0.2): bytes discarded after the end of these
   *   pictures, not counting padding. The first of them post an INFO message
   *   or, if they contain another picture, a WARNING, with a structure
   *   `jpegflip-left-out`: `bytes` (guint64) and `picture` (boolean)
   * * `frames-dropped`: pictures that could not be turned
   * * `cpu-time`: CPU time spent turning, in nanoseconds
   *
   * and `dropped`, a structure with a guint64 for each cause that occurred.
   * docs/statistics.md lists them all.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "Counters since the element last left READY: "
          "frames-lossless, frames-lossy, trailing-bytes, frames-dropped, "
          "cpu-time (ns), and dropped with a count for each cause",
          GST_TYPE_STRUCTURE, rfc2435::read_only_property));
}
