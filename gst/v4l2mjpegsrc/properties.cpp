// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties.
#include "config.h"

#include "private.h"

#include "properties.h"

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

enum {
  PROP_0,
  PROP_DEVICE,
  PROP_CAMERA,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_FRAMERATE,
  PROP_QUALITY,
  PROP_ALLOW_RAW,
  PROP_GUARD,
  PROP_RECONNECT,
  PROP_RESTART_ON_EOS,
  PROP_ADD_REFERENCE_TIMESTAMP_META,
  PROP_RECONNECT_TIMEOUT,
  PROP_FRAME_TIMEOUT,
  PROP_NUM_BUFFERS,
  PROP_SOURCE,
  PROP_MODE,
  PROP_STATUS,
  PROP_FRAME_STATS,
};

GType
status_get_type ()
{
  static const GEnumValue values[] = {
      {GST_V4L2_MJPEG_SRC_STATUS_STOPPED, "Not started, or ended", "stopped"},
      {GST_V4L2_MJPEG_SRC_STATUS_STARTING,
          "The camera is open but has not sent a picture yet", "starting"},
      {GST_V4L2_MJPEG_SRC_STATUS_STREAMING, "Pictures are arriving",
          "streaming"},
      {GST_V4L2_MJPEG_SRC_STATUS_WAITING,
          "Waiting for a camera that is absent or failing", "waiting"},
      {0, nullptr, nullptr},
  };
  static const GType type =
      g_enum_register_static ("GstV4l2MjpegSrcStatus", values);
  return type;
}

std::string
string_of (const GValue *value)
{
  auto text = g_value_get_string (value);
  return text ? text : "";
}

void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_V4L2_MJPEG_SRC (object);
  auto &settings = self->priv->settings;

  rfc2435::log_property (GST_CAT_DEFAULT, self, pspec, value);
  if (id == PROP_SOURCE) {
    auto source = static_cast<GstElement *> (g_value_get_object (value));
    if (GST_STATE (self) != GST_STATE_NULL) {
      g_warning ("%s: the source can only be replaced in state NULL",
          GST_OBJECT_NAME (self));
      return;
    }
    if (!source)
      return;
    set_source (self, source);
    self->priv->source_is_v4l2src = false;
    return;
  }

  GST_OBJECT_LOCK (self);
  switch (id) {
  case PROP_DEVICE:
    settings.wish.device = string_of (value);
    break;
  case PROP_CAMERA:
    settings.wish.camera = string_of (value);
    break;
  case PROP_WIDTH:
    settings.mode.width = g_value_get_int (value);
    break;
  case PROP_HEIGHT:
    settings.mode.height = g_value_get_int (value);
    break;
  case PROP_FRAMERATE:
    settings.mode.rate = {gst_value_get_fraction_numerator (value),
        gst_value_get_fraction_denominator (value)};
    break;
  case PROP_QUALITY:
    settings.quality = g_value_get_int (value);
    break;
  case PROP_ALLOW_RAW:
    settings.allow_raw = g_value_get_boolean (value) != FALSE;
    break;
  case PROP_GUARD:
    settings.guard = g_value_get_boolean (value) != FALSE;
    break;
  case PROP_RECONNECT:
    settings.reconnect = g_value_get_boolean (value) != FALSE;
    break;
  case PROP_RESTART_ON_EOS:
    settings.restart_on_eos = g_value_get_boolean (value) != FALSE;
    break;
  case PROP_ADD_REFERENCE_TIMESTAMP_META:
    settings.add_reference_timestamp_meta =
        g_value_get_boolean (value) != FALSE;
    break;
  case PROP_RECONNECT_TIMEOUT:
    settings.reconnect_timeout = g_value_get_uint64 (value);
    break;
  case PROP_FRAME_TIMEOUT:
    settings.frame_timeout = g_value_get_uint64 (value);
    break;
  case PROP_NUM_BUFFERS:
    settings.num_buffers = g_value_get_int (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);
}

GstStructure *
get_stats (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  std::lock_guard lock (priv->stats_lock);
  const auto &stats = priv->stats;

  auto structure = gst_structure_new ("application/x-v4l2mjpegsrc-stats", //
      "frames-out", G_TYPE_UINT64, stats.frames_out,                      //
      "bytes-out", G_TYPE_UINT64, stats.bytes_out,                        //
      "frames-lost", G_TYPE_UINT64, stats.frames_lost,                    //
      "reconnects", G_TYPE_UINT, stats.reconnects,                        //
      nullptr);
  stats.dropped.add_to (structure);
  if (priv->mode_caps)
    gst_structure_set (
        structure, "mode", GST_TYPE_CAPS, priv->mode_caps, nullptr);
  if (priv->camera)
    gst_structure_set (structure, "device", G_TYPE_STRING,
        priv->camera->path.c_str (), "device-name", G_TYPE_STRING,
        priv->camera->name.c_str (), "serial", G_TYPE_STRING,
        priv->camera->serial.c_str (), "bus", G_TYPE_STRING,
        priv->camera->bus.c_str (), nullptr);
  return structure;
}

void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_V4L2_MJPEG_SRC (object);
  auto priv = self->priv;
  const auto &settings = priv->settings;

  switch (id) {
  case PROP_SOURCE:
    g_value_set_object (value, priv->source);
    return;
  case PROP_FRAME_STATS:
    g_value_take_boxed (value, get_stats (self));
    return;
  case PROP_MODE: {
    std::lock_guard lock (priv->stats_lock);
    gst_value_set_caps (value, priv->mode_caps);
    return;
  }
  case PROP_STATUS: {
    std::lock_guard lock (priv->stats_lock);
    g_value_set_enum (value, priv->status);
    return;
  }
  default:
    break;
  }

  auto set_text = [&] (const std::string &text) {
    g_value_set_string (value, text.empty () ? nullptr : text.c_str ());
  };
  GST_OBJECT_LOCK (self);
  switch (id) {
  case PROP_DEVICE:
    set_text (settings.wish.device);
    break;
  case PROP_CAMERA:
    set_text (settings.wish.camera);
    break;
  case PROP_WIDTH:
    g_value_set_int (value, settings.mode.width);
    break;
  case PROP_HEIGHT:
    g_value_set_int (value, settings.mode.height);
    break;
  case PROP_FRAMERATE:
    gst_value_set_fraction (
        value, settings.mode.rate.numerator, settings.mode.rate.denominator);
    break;
  case PROP_QUALITY:
    g_value_set_int (value, settings.quality);
    break;
  case PROP_ALLOW_RAW:
    g_value_set_boolean (value, settings.allow_raw);
    break;
  case PROP_GUARD:
    g_value_set_boolean (value, settings.guard);
    break;
  case PROP_RECONNECT:
    g_value_set_boolean (value, settings.reconnect);
    break;
  case PROP_RESTART_ON_EOS:
    g_value_set_boolean (value, settings.restart_on_eos);
    break;
  case PROP_ADD_REFERENCE_TIMESTAMP_META:
    g_value_set_boolean (value, settings.add_reference_timestamp_meta);
    break;
  case PROP_RECONNECT_TIMEOUT:
    g_value_set_uint64 (value, settings.reconnect_timeout);
    break;
  case PROP_FRAME_TIMEOUT:
    g_value_set_uint64 (value, settings.frame_timeout);
    break;
  case PROP_NUM_BUFFERS:
    g_value_set_int (value, settings.num_buffers);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK (self);
}

} // namespace

void
install_properties (GObjectClass *gobject_class)
{
  const Settings defaults;
  constexpr auto writable = rfc2435::property_flags ();
  constexpr auto readable = rfc2435::read_only_property;

  gobject_class->set_property = set_property;
  gobject_class->get_property = get_property;

  /**
   * GstV4l2MjpegSrc:device:
   *
   * The device node of the camera: `/dev/video0`, or a link to it such as
   * `/dev/v4l/by-id/…` or `/dev/v4l/by-path/…`. With a link below `by-path`,
   * any camera at that position is accepted again; otherwise only the one that
   * was found first.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_DEVICE,
      g_param_spec_string ("device", "Device",
          "The camera's device node, or a link to it (null = the camera that "
          "'camera' names, or the first with MJPEG)",
          nullptr, writable));
  /**
   * GstV4l2MjpegSrc:camera:
   *
   * Selects a camera by something that does not change when it is plugged in
   * again: its serial number, its position on the bus as reported by
   * VIDIOC_QUERYCAP (`usb-0000:00:14.0-2`), or its name or part of it, ignoring
   * case. A full match takes precedence over part of a name. Not used if
   * #GstV4l2MjpegSrc:device is set.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_CAMERA,
      g_param_spec_string ("camera", "Camera",
          "The camera's serial number, position on the bus "
          "(usb-0000:00:14.0-2), name, or part of its name",
          nullptr, writable));
  /**
   * GstV4l2MjpegSrc:width:
   *
   * Width of the pictures in pixels; 0 leaves the choice to the element, which
   * selects the largest size up to 1920x1080 available at 24 frames per second
   * or more; if there is none, at 15 or more; failing that, the fastest mode.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_WIDTH,
      g_param_spec_int ("width", "Width",
          "The width of the pictures in pixels (0 = the largest up to "
          "1920x1080 available at about 30 frames per second)",
          0, G_MAXINT, defaults.mode.width, writable));
  /**
   * GstV4l2MjpegSrc:height:
   *
   * Height of the pictures in pixels; 0 leaves the choice to the element, as
   * for #GstV4l2MjpegSrc:width.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_HEIGHT,
      g_param_spec_int ("height", "Height",
          "The height of the pictures in pixels (0 = the largest up to "
          "1920x1080 available at about 30 frames per second)",
          0, G_MAXINT, defaults.mode.height, writable));
  /**
   * GstV4l2MjpegSrc:framerate:
   *
   * Frames per second; 0/1 for the available rate closest to 30. A rate of the
   * camera that differs by less than 1 % is accepted.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAMERATE,
      gst_param_spec_fraction ("framerate", "Framerate",
          "Frames per second, to within 1 % (0/1 = about 30)", 0, 1, G_MAXINT,
          1, 0, 1, writable));
  /**
   * GstV4l2MjpegSrc:quality:
   *
   * Quality at which raw pictures are encoded, on the encoder's scale. MJPEG
   * from the camera is never re-encoded.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_QUALITY,
      g_param_spec_int ("quality", "Quality",
          "IJG quality of the encoder, for cameras without MJPEG only", 1, 100,
          defaults.quality, writable));
  /**
   * GstV4l2MjpegSrc:allow-raw:
   *
   * Whether a camera without MJPEG may be used, by encoding its raw pictures
   * with `v4l2jpegenc` or `jpegenc`. A camera with MJPEG is preferred.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_ALLOW_RAW,
      g_param_spec_boolean ("allow-raw", "Allow Raw",
          "Encode the raw pictures of a camera without MJPEG",
          defaults.allow_raw, writable));
  /**
   * GstV4l2MjpegSrc:guard:
   *
   * Whether to drop frames that are empty, marked as corrupted by the driver,
   * or lack a start or end marker, and the first ones of cameras known to
   * damage them. Only both ends of a frame are examined.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_GUARD,
      g_param_spec_boolean ("guard", "Guard",
          "Drop frames that are corrupted, empty or cut short", defaults.guard,
          writable));
  /**
   * GstV4l2MjpegSrc:reconnect:
   *
   * Whether to wait for a camera that is missing, fails or stops sending. If
   * false, each of these is an error at once, as with `v4l2src`.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_RECONNECT,
      g_param_spec_boolean ("reconnect", "Reconnect",
          "Wait for a camera that is missing or fails, and resume when it "
          "works",
          defaults.reconnect, writable));
  /**
   * GstV4l2MjpegSrc:restart-on-eos:
   *
   * Whether to treat the end of the source's stream like the loss of a camera,
   * and restart the source. Meant for a network camera in
   * #GstV4l2MjpegSrc:source whose server closes the connection.
   *
   * Since: 0.2
   */
  g_object_class_install_property (gobject_class, PROP_RESTART_ON_EOS,
      g_param_spec_boolean ("restart-on-eos", "Restart On EOS",
          "Treat the end of the source's stream as a lost camera, and restart "
          "the source",
          defaults.restart_on_eos, writable));
  /**
   * GstV4l2MjpegSrc:add-reference-timestamp-meta:
   *
   * Whether to attach the capture time by the system clock, in UTC, to each
   * picture, as #GstReferenceTimestampMeta: `timestamp/x-unix`, in nanoseconds
   * since 1970, and `timestamp/x-ntp`, since 1900, which `rtphdrextntp64`
   * sends. It is derived from the buffer's timestamp, which
   * `v4l2src` takes from the driver.
   *
   * Since: 0.2
   */
  g_object_class_install_property (gobject_class,
      PROP_ADD_REFERENCE_TIMESTAMP_META,
      g_param_spec_boolean ("add-reference-timestamp-meta",
          "Add Reference Timestamp Meta",
          "Add the capture time in UTC to each picture (timestamp/x-unix and "
          "timestamp/x-ntp)",
          defaults.add_reference_timestamp_meta, writable));
  /**
   * GstV4l2MjpegSrc:reconnect-timeout:
   *
   * Nanoseconds to wait for the camera (60000000000 is a minute) before an
   * error is posted; 0 waits forever.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_RECONNECT_TIMEOUT,
      g_param_spec_uint64 ("reconnect-timeout", "Reconnect Timeout",
          "Nanoseconds to wait for a lost camera before posting an error (0 = "
          "forever, 60000000000 = one minute)",
          0, G_MAXUINT64, defaults.reconnect_timeout, writable));
  /**
   * GstV4l2MjpegSrc:frame-timeout:
   *
   * Nanoseconds without a picture (3000000000 is three seconds) after which the
   * source is restarted; 0 waits forever. A slow camera is given the time of at
   * least four pictures, and one that was just started more with each failure.
   * Time during which downstream accepts no picture does not count. A camera
   * whose pictures are all dropped is restarted after this time or 60 pictures,
   * whichever is later.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAME_TIMEOUT,
      g_param_spec_uint64 ("frame-timeout", "Frame Timeout",
          "Nanoseconds without a picture after which the camera is restarted "
          "(0 = forever, 3000000000 = three seconds)",
          0, G_MAXUINT64, defaults.frame_timeout, writable));
  /**
   * GstV4l2MjpegSrc:num-buffers:
   *
   * Number of pictures to send before EOS; -1 for no limit. Dropped ones don't
   * count.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_NUM_BUFFERS,
      g_param_spec_int ("num-buffers", "Num Buffers",
          "Number of pictures to output before sending EOS (-1 = unlimited)",
          -1, G_MAXINT, defaults.num_buffers, writable));
  /**
   * GstV4l2MjpegSrc:source:
   *
   * The element that captures, `v4l2src` unless set. Another element or bin,
   * with a source pad `src` of image/jpeg or video/x-raw, is used unchanged: no
   * camera is searched for. It can only be set in state NULL.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_SOURCE,
      g_param_spec_object ("source", "Source",
          "The element that captures, instead of v4l2src", GST_TYPE_ELEMENT,
          writable));
  /**
   * GstV4l2MjpegSrc:mode:
   *
   * What the camera was set to: `image/jpeg`, or `video/x-raw` when the
   * pictures are encoded, with width, height and framerate. NULL before PAUSED.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_MODE,
      g_param_spec_boxed (
          "mode", "Mode", "The chosen mode", GST_TYPE_CAPS, readable));
  /**
   * GstV4l2MjpegSrc:status:
   *
   * What the element is doing; changes are notified from one of its own
   * threads.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_STATUS,
      g_param_spec_enum ("status", "Status", "What the source is doing",
          status_get_type (), GST_V4L2_MJPEG_SRC_STATUS_STOPPED, readable));
  /**
   * GstV4l2MjpegSrc:frame-stats:
   *
   * Counters since the last start, a structure
   * `application/x-v4l2mjpegsrc-stats`: `frames-out` and `bytes-out` (guint64,
   * sent downstream), `frames-lost` (guint64, gaps in the driver's count of
   * frames), `frames-dropped` (guint64) and `dropped`, a structure with a
   * guint64 for each cause that occurred (docs/statistics.md lists them all);
   * `reconnects` (guint); `mode` (#GstCaps), `device`, `device-name`, `serial`
   * and `bus` (gchararray) once they are known.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "What was captured, dropped and lost, and from which camera",
          GST_TYPE_STRUCTURE, readable));

  gst_type_mark_as_plugin_api (
      status_get_type (), static_cast<GstPluginAPIFlags> (0));
}

} // namespace v4l2mjpeg
