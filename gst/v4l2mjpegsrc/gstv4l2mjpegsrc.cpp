// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-v4l2mjpegsrc
 * @title: v4l2mjpegsrc
 * @short_description: captures Motion JPEG from a camera that may come and go
 * @see_also: v4l2src, rfc2435pay
 *
 * A bin around `v4l2src` that needs neither a device path nor a caps filter.
 * It takes the first camera with MJPEG, or the one that
 * #GstV4l2MjpegSrc:device or #GstV4l2MjpegSrc:camera names, in the largest
 * picture it gives at 25 frames a second or more, or as
 * #GstV4l2MjpegSrc:width, #GstV4l2MjpegSrc:height,
 * #GstV4l2MjpegSrc:framerate and the elements downstream ask. Frames that are
 * broken are dropped and counted. Of a camera without MJPEG it encodes the raw
 * pictures.
 *
 * When the camera is unplugged, fails or falls silent, the pipeline goes on
 * without pictures, and the same camera is taken up again when it is back,
 * whatever its device node is called then: running time goes on, and the first
 * buffer is marked DISCONT. It is told by its serial number or, when it has
 * none, by its place on the bus.
 *
 * Everything else that `v4l2src` can do is reached through #GstChildProxy, at
 * the child named `source`: `v4l2mjpegsrc source::io-mode=dmabuf`.
 *
 * ## Messages
 *
 * Element messages with these structures are posted:
 *
 * * `v4l2mjpegsrc-mode`, when a mode is chosen: `mode` (#GstCaps), `encoding`
 *   (gboolean, raw pictures are encoded), `device`, `device-name` (gchararray).
 * * `v4l2mjpegsrc-lost`, when the camera is lost or can't be started: `reason`,
 *   `device`, `device-name` (gchararray). It is also the details of the WARNING
 *   that is posted with it.
 * * `v4l2mjpegsrc-recovered`, with the first picture after that: `gap`
 *   (guint64, nanoseconds without the camera), `reconnects` (guint), `device`
 *   (gchararray).
 *
 * An ERROR is posted when the camera does not have the mode that is asked for
 * (its message lists those it has), when it has no MJPEG and
 * #GstV4l2MjpegSrc:allow-raw is off, and when
 * #GstV4l2MjpegSrc:reconnect-timeout is over. With
 * #GstV4l2MjpegSrc:reconnect off, a missing camera and all that `v4l2src` calls
 * an error are errors here too.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2mjpegsrc ! rfc2435pay ! udpsink host=192.0.2.1
 * ]| Sends the pictures of whatever camera is plugged in.
 * |[
 * gst-launch-1.0 v4l2mjpegsrc camera=1A2B3C4D width=1280 height=720 !
 * rfc2435pay ! udpsink host=192.0.2.1
 * ]| Those of one certain camera, by its serial number.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstrfc2435elements.h"
#include "private.h"

GST_DEBUG_CATEGORY (v4l2mjpegsrc_debug);
#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

using v4l2mjpeg::Failure;
using v4l2mjpeg::Result;
using v4l2mjpeg::Settings;

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
  PROP_RECONNECT_TIMEOUT,
  PROP_FRAME_TIMEOUT,
  PROP_NUM_BUFFERS,
  PROP_SOURCE,
  PROP_MODE,
  PROP_STATUS,
  PROP_FRAME_STATS,
};

G_DEFINE_TYPE (GstV4l2MjpegSrc, gst_v4l2_mjpeg_src, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (
    v4l2mjpegsrc, "v4l2mjpegsrc", GST_RANK_NONE, GST_TYPE_V4L2_MJPEG_SRC)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

#define GST_TYPE_V4L2_MJPEG_SRC_STATUS (gst_v4l2_mjpeg_src_status_get_type ())
static GType
gst_v4l2_mjpeg_src_status_get_type ()
{
  static const GEnumValue values[] = {
      {GST_V4L2_MJPEG_SRC_STATUS_STOPPED, "Not started, or ended", "stopped"},
      {GST_V4L2_MJPEG_SRC_STATUS_STARTING,
          "The camera is open and has sent no picture yet", "starting"},
      {GST_V4L2_MJPEG_SRC_STATUS_STREAMING, "Pictures are coming", "streaming"},
      {GST_V4L2_MJPEG_SRC_STATUS_WAITING,
          "Waiting for a camera that is absent or does not work", "waiting"},
      {0, nullptr, nullptr},
  };
  static const GType type =
      g_enum_register_static ("GstV4l2MjpegSrcStatus", values);
  return type;
}

// Takes over `source`, a floating or full reference, or nothing.
static void
gst_v4l2_mjpeg_src_set_source (GstV4l2MjpegSrc *self, GstElement *source)
{
  auto priv = self->priv;

  if (priv->source) {
    gst_element_unlink (priv->source, priv->filter);
    gst_element_set_locked_state (priv->source, FALSE);
    gst_bin_remove (GST_BIN (self), priv->source);
  }
  priv->source = source;
  if (!source)
    return;

  gst_object_set_name (GST_OBJECT (source), "source");
  gst_bin_add (GST_BIN (self), source);
  // Its state is changed apart from the bin's: it may be missing for a while.
  gst_element_set_locked_state (source, TRUE);
  gst_element_link (source, priv->filter);
  auto pad = gst_element_get_static_pad (source, "src");
  if (pad) {
    gst_pad_add_probe (pad,
        static_cast<GstPadProbeType> (
            GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
        v4l2mjpeg::source_probe, self, nullptr);
    gst_object_unref (pad);
  }
}

static void
gst_v4l2_mjpeg_src_init (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv = new GstV4l2MjpegSrcPrivate ();

  priv->filter = gst_element_factory_make ("capsfilter", "filter");
  gst_bin_add (GST_BIN (self), priv->filter);
  auto target = gst_element_get_static_pad (priv->filter, "src");
  auto pad_template = gst_element_get_pad_template (GST_ELEMENT (self), "src");
  priv->pad = gst_ghost_pad_new_from_template ("src", target, pad_template);
  gst_object_unref (target);
  gst_pad_set_query_function (priv->pad, v4l2mjpeg::answer_query);
  gst_pad_add_probe (priv->pad, GST_PAD_PROBE_TYPE_BUFFER,
      v4l2mjpeg::output_probe, self, nullptr);
  gst_element_add_pad (GST_ELEMENT (self), priv->pad);

  gst_v4l2_mjpeg_src_set_source (
      self, gst_element_factory_make ("v4l2src", nullptr));
  gst_bin_set_suppressed_flags (
      GST_BIN (self), static_cast<GstElementFlags> (
                          GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK));
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static void
gst_v4l2_mjpeg_src_finalize (GObject *object)
{
  auto priv = GST_V4L2_MJPEG_SRC (object)->priv;

  gst_clear_caps (&priv->mode_caps);
  delete priv;
  G_OBJECT_CLASS (gst_v4l2_mjpeg_src_parent_class)->finalize (object);
}

static std::string
string_of (const GValue *value)
{
  auto text = g_value_get_string (value);
  return text ? text : "";
}

static void
gst_v4l2_mjpeg_src_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_V4L2_MJPEG_SRC (object);
  auto &settings = self->priv->settings;

  if (id == PROP_SOURCE) {
    auto source = static_cast<GstElement *> (g_value_get_object (value));
    if (GST_STATE (self) != GST_STATE_NULL) {
      g_warning ("%s: the source can be replaced in state NULL only",
          GST_OBJECT_NAME (self));
      return;
    }
    if (!source)
      return;
    gst_v4l2_mjpeg_src_set_source (self, source);
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

static GstStructure *
gst_v4l2_mjpeg_src_get_stats (GstV4l2MjpegSrc *self)
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

static void
gst_v4l2_mjpeg_src_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_V4L2_MJPEG_SRC (object);
  auto priv = self->priv;
  const auto &settings = priv->settings;

  switch (id) {
  case PROP_SOURCE:
    g_value_set_object (value, priv->source);
    return;
  case PROP_FRAME_STATS:
    g_value_take_boxed (value, gst_v4l2_mjpeg_src_get_stats (self));
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

// What went wrong in an application's state change: an error, or the
// supervisor's work.
static bool
gst_v4l2_mjpeg_src_cope (
    GstV4l2MjpegSrc *self, Result result, const Failure &failure)
{
  auto priv = self->priv;

  if (result == Result::done)
    return true;
  if (result == Result::wrong || !priv->running.reconnect) {
    v4l2mjpeg::post_error (self, failure);
    return false;
  }
  std::lock_guard lock (priv->events);
  // What the source itself said is more to the point.
  if (!priv->lost)
    priv->failure = failure;
  priv->lost = true;
  priv->wake_up.notify_all ();
  return true;
}

static gpointer
supervise (gpointer self)
{
  v4l2mjpeg::supervise (GST_V4L2_MJPEG_SRC (self));
  return nullptr;
}

static bool
gst_v4l2_mjpeg_src_start (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;

  GST_OBJECT_LOCK (self);
  priv->running = priv->settings;
  GST_OBJECT_UNLOCK (self);
  priv->reconnect = priv->running.reconnect;
  priv->guard = priv->running.guard;
  priv->quit = priv->lost = priv->first_frame = false;
  {
    std::lock_guard lock (priv->stats_lock);
    priv->stats = {};
    priv->camera.reset ();
    gst_clear_caps (&priv->mode_caps);
  }

  Failure failure;
  auto result = Result::failed;
  {
    std::lock_guard lock (priv->lifecycle);
    priv->target = GST_STATE_READY;
    priv->candidate.reset ();
    result = v4l2mjpeg::open_camera (self, failure);
  }
  if (!gst_v4l2_mjpeg_src_cope (self, result, failure))
    return false;
  v4l2mjpeg::set_status (self, GST_V4L2_MJPEG_SRC_STATUS_STARTING);
  GError *error = nullptr;
  priv->supervisor = g_thread_try_new ("v4l2mjpegsrc", supervise, self, &error);
  if (!priv->supervisor) {
    GST_ELEMENT_ERROR (
        self, CORE, THREAD, (nullptr), ("no thread: %s", error->message));
    g_error_free (error);
    return false;
  }
  return true;
}

static void
gst_v4l2_mjpeg_src_stop (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;

  {
    std::lock_guard lock (priv->events);
    priv->quit = true;
    priv->wake_up.notify_all ();
  }
  g_clear_pointer (&priv->supervisor, g_thread_join);
  {
    std::lock_guard lock (priv->lifecycle);
    priv->target = GST_STATE_NULL;
    v4l2mjpeg::close_camera (self);
  }
  v4l2mjpeg::set_status (self, GST_V4L2_MJPEG_SRC_STATUS_STOPPED);
}

static bool
gst_v4l2_mjpeg_src_advance (GstV4l2MjpegSrc *self, GstState target)
{
  auto priv = self->priv;
  Failure failure;
  auto result = Result::done;
  {
    std::lock_guard lock (priv->lifecycle);
    priv->target = target;
    if (priv->opened)
      result = v4l2mjpeg::advance (self, failure);
  }
  return gst_v4l2_mjpeg_src_cope (self, result, failure);
}

static void
gst_v4l2_mjpeg_src_retreat (GstV4l2MjpegSrc *self, GstState target)
{
  auto priv = self->priv;

  priv->target = target;
  // Else the supervisor has it, which sees to the target after that.
  if (priv->lifecycle.try_lock ()) {
    v4l2mjpeg::retreat (self);
    priv->lifecycle.unlock ();
  }
}

static void
gst_v4l2_mjpeg_src_begin_stream (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  std::lock_guard lock (priv->events);

  priv->finish = priv->finishing = false;
  priv->ended = false;
  priv->stream_started = priv->segment_sent = false;
  priv->frames_left = priv->running.num_buffers;
  priv->wake_up.notify_all ();
}

static GstStateChangeReturn
gst_v4l2_mjpeg_src_change_state (GstElement *element, GstStateChange transition)
{
  auto self = GST_V4L2_MJPEG_SRC (element);
  bool ok = true;

  switch (transition) {
  case GST_STATE_CHANGE_NULL_TO_READY:
    ok = gst_v4l2_mjpeg_src_start (self);
    break;
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    gst_v4l2_mjpeg_src_begin_stream (self);
    break;
  case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
    gst_v4l2_mjpeg_src_retreat (self, GST_STATE_PAUSED);
    break;
  case GST_STATE_CHANGE_PAUSED_TO_READY:
    gst_v4l2_mjpeg_src_retreat (self, GST_STATE_READY);
    break;
  case GST_STATE_CHANGE_READY_TO_NULL:
    gst_v4l2_mjpeg_src_stop (self);
    break;
  default:
    break;
  }
  auto ret = ok ? GST_ELEMENT_CLASS (gst_v4l2_mjpeg_src_parent_class)
                      ->change_state (element, transition)
                : GST_STATE_CHANGE_FAILURE;
  if (ret != GST_STATE_CHANGE_FAILURE) {
    switch (transition) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      ok = gst_v4l2_mjpeg_src_advance (self, GST_STATE_PAUSED);
      ret = GST_STATE_CHANGE_NO_PREROLL;
      break;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      ok = gst_v4l2_mjpeg_src_advance (self, GST_STATE_PLAYING);
      // The bin still sees its source as it was in PAUSED.
      ret = GST_STATE_CHANGE_SUCCESS;
      break;
    case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
      ret = GST_STATE_CHANGE_NO_PREROLL;
      break;
    default:
      break;
    }
  }
  if (!ok)
    ret = GST_STATE_CHANGE_FAILURE;
  // A failed step up is not followed by one down.
  if (ret == GST_STATE_CHANGE_FAILURE) {
    if (transition == GST_STATE_CHANGE_NULL_TO_READY)
      gst_v4l2_mjpeg_src_stop (self);
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
      gst_v4l2_mjpeg_src_retreat (self, GST_STATE_READY);
  }
  return ret;
}

// A source also reports, as its own, that its last frame was not taken.
static bool
refused_downstream (GstElement *source)
{
  auto pad = gst_element_get_static_pad (source, "src");
  if (!pad)
    return false;
  auto flow = gst_pad_get_last_flow_return (pad);
  gst_object_unref (pad);
  return flow == GST_FLOW_NOT_LINKED || flow == GST_FLOW_NOT_NEGOTIATED ||
         flow == GST_FLOW_ERROR;
}

static void
gst_v4l2_mjpeg_src_handle_message (GstBin *bin, GstMessage *message)
{
  auto self = GST_V4L2_MJPEG_SRC (bin);
  auto priv = self->priv;
  auto source = GST_MESSAGE_SRC (message);
  bool from_source =
      priv->source && source &&
      (source == GST_OBJECT (priv->source) ||
          gst_object_has_as_ancestor (source, GST_OBJECT (priv->source)));

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR && from_source &&
      priv->reconnect && !priv->ended && !refused_downstream (priv->source)) {
    GError *error = nullptr;
    gchar *debug = nullptr;
    gst_message_parse_error (message, &error, &debug);
    GST_INFO_OBJECT (self, "the source failed: %s (%s)", error->message,
        GST_STR_NULL (debug));
    {
      std::lock_guard lock (priv->events);
      // The first of several is the cause, the others follow from it.
      if (!priv->lost)
        priv->failure = {
            error->domain, error->code, error->message, debug ? debug : ""};
      priv->lost = true;
      priv->wake_up.notify_all ();
    }
    g_error_free (error);
    g_free (debug);
    gst_message_unref (message);
    return;
  }
  GST_BIN_CLASS (gst_v4l2_mjpeg_src_parent_class)
      ->handle_message (bin, message);
}

static gboolean
gst_v4l2_mjpeg_src_send_event (GstElement *element, GstEvent *event)
{
  auto priv = GST_V4L2_MJPEG_SRC (element)->priv;

  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return GST_ELEMENT_CLASS (gst_v4l2_mjpeg_src_parent_class)
        ->send_event (element, event);
  gst_event_unref (event);
  std::lock_guard lock (priv->events);
  priv->finish = true;
  priv->wake_up.notify_all ();
  return TRUE;
}

static void
gst_v4l2_mjpeg_src_class_init (GstV4l2MjpegSrcClass *klass)
{
  auto gobject_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto bin_class = GST_BIN_CLASS (klass);
  const Settings defaults;
  constexpr auto writable = static_cast<GParamFlags> (
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  constexpr auto readable =
      static_cast<GParamFlags> (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  gobject_class->finalize = gst_v4l2_mjpeg_src_finalize;
  gobject_class->set_property = gst_v4l2_mjpeg_src_set_property;
  gobject_class->get_property = gst_v4l2_mjpeg_src_get_property;

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Motion JPEG camera source", "Source/Video",
      "Captures Motion JPEG from a camera that may come and go",
      "gst-rfc2435 contributors");
  element_class->change_state = gst_v4l2_mjpeg_src_change_state;
  element_class->send_event = gst_v4l2_mjpeg_src_send_event;
  bin_class->handle_message = gst_v4l2_mjpeg_src_handle_message;

  /**
   * GstV4l2MjpegSrc:device:
   *
   * The device node of the camera: `/dev/video0`, or a link to it such as
   * `/dev/v4l/by-id/…` or `/dev/v4l/by-path/…`. Of a link below `by-path`, any
   * camera in that place is taken up again; else the one that was found first.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_DEVICE,
      g_param_spec_string ("device", "Device",
          "The device node of the camera, or a link to it; none takes the "
          "first camera with MJPEG, or the one that 'camera' names.",
          nullptr, writable));
  /**
   * GstV4l2MjpegSrc:camera:
   *
   * Which camera, by what does not change when it is plugged in again: its
   * serial number, its position on the bus as VIDIOC_QUERYCAP tells it
   * (`usb-0000:00:14.0-2`), or its name, also in part and in any case of
   * letters. A whole match goes before a part of a name. Unused when
   * #GstV4l2MjpegSrc:device is set.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_CAMERA,
      g_param_spec_string ("camera", "Camera",
          "The camera's serial number, position on the bus "
          "(usb-0000:00:14.0-2) or name, or a part of its name.",
          nullptr, writable));
  /**
   * GstV4l2MjpegSrc:width:
   *
   * The width of the pictures in pixels; 0 for the best.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_WIDTH,
      g_param_spec_int ("width", "Width",
          "The width of the pictures in pixels (0 = the largest the camera "
          "gives at 25 frames a second or more).",
          0, G_MAXINT, defaults.mode.width, writable));
  /**
   * GstV4l2MjpegSrc:height:
   *
   * The height of the pictures in pixels; 0 for the best.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_HEIGHT,
      g_param_spec_int ("height", "Height",
          "The height of the pictures in pixels (0 = the largest the camera "
          "gives at 25 frames a second or more).",
          0, G_MAXINT, defaults.mode.height, writable));
  /**
   * GstV4l2MjpegSrc:framerate:
   *
   * Frames a second; 0/1 for the most that the picture size allows. A camera's
   * rate that differs by less than 1 % will do.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAMERATE,
      gst_param_spec_fraction ("framerate", "Framerate",
          "Frames a second, to within 1 % (0/1 = the most the camera gives).",
          0, 1, G_MAXINT, 1, 0, 1, writable));
  /**
   * GstV4l2MjpegSrc:quality:
   *
   * The quality with which raw pictures are encoded, in the encoder's scale.
   * MJPEG of the camera is never encoded again.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_QUALITY,
      g_param_spec_int ("quality", "Quality",
          "The quality of encoding, for cameras without MJPEG only.", 1, 100,
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
          "Encode the raw pictures of a camera that has no MJPEG.",
          defaults.allow_raw, writable));
  /**
   * GstV4l2MjpegSrc:guard:
   *
   * Whether frames are dropped that are empty, marked as corrupted by the
   * driver, without a start or end marker, or the first ones of cameras that
   * are known to spoil these. Only both ends of a frame are looked at.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_GUARD,
      g_param_spec_boolean ("guard", "Guard",
          "Drop frames that are corrupted, empty or cut short.", defaults.guard,
          writable));
  /**
   * GstV4l2MjpegSrc:reconnect:
   *
   * Whether a camera that is missing, fails or falls silent is waited for. When
   * off, this is an error at once, as with `v4l2src`.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_RECONNECT,
      g_param_spec_boolean ("reconnect", "Reconnect",
          "Wait for a camera that is missing or fails, and go on with it.",
          defaults.reconnect, writable));
  /**
   * GstV4l2MjpegSrc:reconnect-timeout:
   *
   * How long to wait for the camera, in nanoseconds, before an error is posted;
   * 0 for ever.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_RECONNECT_TIMEOUT,
      g_param_spec_uint64 ("reconnect-timeout", "Reconnect Timeout",
          "Nanoseconds without pictures after which a lost camera becomes an "
          "error (0 = never).",
          0, G_MAXUINT64, defaults.reconnect_timeout, writable));
  /**
   * GstV4l2MjpegSrc:frame-timeout:
   *
   * How long the camera may send no good picture, in nanoseconds, before it is
   * started anew; 0 for ever. A slow camera has at least the time of four
   * pictures, and one that was just started more each time it did not make it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAME_TIMEOUT,
      g_param_spec_uint64 ("frame-timeout", "Frame Timeout",
          "Nanoseconds without a picture after which the camera is restarted "
          "(0 = never).",
          0, G_MAXUINT64, defaults.frame_timeout, writable));
  /**
   * GstV4l2MjpegSrc:num-buffers:
   *
   * How many pictures to send before EOS; -1 for no end. Dropped ones don't
   * count.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_NUM_BUFFERS,
      g_param_spec_int ("num-buffers", "Num Buffers",
          "Number of pictures to output before sending EOS (-1 = unlimited).",
          -1, G_MAXINT, defaults.num_buffers, writable));
  /**
   * GstV4l2MjpegSrc:source:
   *
   * The element that captures, `v4l2src` unless set. Another one, with a source
   * pad `src` of image/jpeg or video/x-raw, is used as it is: no camera is
   * looked for. It can be set in state NULL only.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_SOURCE,
      g_param_spec_object ("source", "Source",
          "The element that captures, for tests and unusual sources.",
          GST_TYPE_ELEMENT, writable));
  /**
   * GstV4l2MjpegSrc:mode:
   *
   * What the camera was set to: `image/jpeg`, or `video/x-raw` when the
   * pictures are encoded, with width, height and framerate. NULL before PAUSED.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_MODE,
      g_param_spec_boxed ("mode", "Mode", "The mode that was chosen.",
          GST_TYPE_CAPS, readable));
  /**
   * GstV4l2MjpegSrc:status:
   *
   * What it is doing; notified from its own thread.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_STATUS,
      g_param_spec_enum ("status", "Status", "What the source is doing.",
          GST_TYPE_V4L2_MJPEG_SRC_STATUS, GST_V4L2_MJPEG_SRC_STATUS_STOPPED,
          readable));
  /**
   * GstV4l2MjpegSrc:frame-stats:
   *
   * What became of the camera's frames since the last start, as a structure
   * `application/x-v4l2mjpegsrc-stats`: `frames-out` and `bytes-out` (guint64,
   * sent downstream), `frames-lost` (guint64, gaps in the driver's count of
   * frames), `frames-dropped` (guint64) and `dropped`, a structure with a
   * guint64 for each cause that there was (docs/statistics.md has them all);
   * `reconnects` (guint); `mode` (#GstCaps), `device`, `device-name`, `serial`
   * and `bus` (gchararray) once they are known.
   *
   * Since: 0.1
   */
  g_object_class_install_property (gobject_class, PROP_FRAME_STATS,
      g_param_spec_boxed ("frame-stats", "Frame Statistics",
          "What was captured, dropped and lost, and from which camera.",
          GST_TYPE_STRUCTURE, readable));

  gst_type_mark_as_plugin_api (
      GST_TYPE_V4L2_MJPEG_SRC_STATUS, static_cast<GstPluginAPIFlags> (0));
  GST_DEBUG_CATEGORY_INIT (
      v4l2mjpegsrc_debug, "v4l2mjpegsrc", 0, "Motion JPEG camera source");
}
