// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The states of the bin, as the application changes them.
#include "config.h"

#include "private.h"

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

// Handles a failure in the application's state change: posts an error, or
// leaves it to the supervisor.
bool
cope (GstV4l2MjpegSrc *self, Result result, const Failure &failure)
{
  auto priv = self->priv;

  if (result == Result::done)
    return true;
  if (result == Result::wrong || !priv->running.reconnect) {
    post_error (self, failure);
    return false;
  }
  GST_INFO_OBJECT (self, "left to the supervisor: %s", failure.text.c_str ());
  std::lock_guard lock (priv->events);
  // The source's own message is more specific.
  if (!priv->lost)
    priv->failure = failure;
  priv->lost = true;
  priv->wake_up.notify_all ();
  return true;
}

bool
start_supervisor (GstV4l2MjpegSrc *self)
{
  GError *error = nullptr;
  auto run = [] (gpointer element) -> gpointer {
    supervise (GST_V4L2_MJPEG_SRC (element));
    return nullptr;
  };
  self->priv->supervisor = g_thread_try_new ("v4l2mjpegsrc", run, self, &error);
  if (self->priv->supervisor)
    return true;
  GST_ELEMENT_ERROR (
      self, CORE, THREAD, (nullptr), ("no thread: %s", error->message));
  g_error_free (error);
  return false;
}

bool
start (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  Settings settings;

  GST_OBJECT_LOCK (self);
  settings = priv->settings;
  GST_OBJECT_UNLOCK (self);
  GST_DEBUG_OBJECT (self,
      "device '%s', camera '%s', %dx%d at %d/%d fps (0: any), quality %d, "
      "allow-raw %d, guard %d, reconnect %d, restart-on-eos %d, "
      "reconnect-timeout %" GST_TIME_FORMAT ", frame-timeout %" GST_TIME_FORMAT
      ", num-buffers %d",
      settings.wish.device.c_str (), settings.wish.camera.c_str (),
      settings.mode.width, settings.mode.height, settings.mode.rate.numerator,
      settings.mode.rate.denominator, settings.quality, settings.allow_raw,
      settings.guard, settings.reconnect, settings.restart_on_eos,
      GST_TIME_ARGS (settings.reconnect_timeout),
      GST_TIME_ARGS (settings.frame_timeout), settings.num_buffers);
  priv->reconnect = settings.reconnect;
  priv->restart_on_eos = settings.restart_on_eos;
  priv->guard = settings.guard;
  priv->add_reference_timestamp_meta = settings.add_reference_timestamp_meta;
  {
    std::lock_guard lock (priv->events);
    priv->quit = priv->lost = priv->first_frame = false;
    priv->finish = priv->ended = false;
  }
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
    priv->running = settings;
    priv->target = GST_STATE_READY;
    priv->candidate.reset ();
    priv->mode.reset ();
    priv->vain_mode.reset ();
    result = open_camera (self, failure);
  }
  announce (self);
  if (!cope (self, result, failure))
    return false;
  set_status (self, GST_V4L2_MJPEG_SRC_STATUS_STARTING);
  return start_supervisor (self);
}

void
stop (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;

  {
    std::lock_guard lock (priv->events);
    priv->quit = true;
    priv->wake_up.notify_all ();
  }
  g_clear_pointer (&priv->supervisor, g_thread_join);
  {
    auto lock = lock_behind_gate (self);
    priv->target = GST_STATE_NULL;
    close_camera (self);
  }
  set_status (self, GST_V4L2_MJPEG_SRC_STATUS_STOPPED);
}

// Begins a stream, before the pads are active.
void
begin_stream (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  priv->stream_started = priv->segment_sent = false;
  priv->last_pts = GST_CLOCK_TIME_NONE;
  std::lock_guard lock (priv->events);
  priv->finish = priv->ended = false;
  priv->stream++;
}

bool
has_ended (GstV4l2MjpegSrcPrivate *priv)
{
  std::lock_guard lock (priv->events);
  return priv->ended;
}

bool
ascend (GstV4l2MjpegSrc *self, GstState target)
{
  auto priv = self->priv;
  Failure failure;
  auto result = Result::done;
  {
    std::lock_guard lock (priv->lifecycle);
    priv->target = target;
    if (priv->opened && !has_ended (priv))
      result = advance (self, failure);
  }
  announce (self);
  {
    std::lock_guard lock (priv->events);
    priv->resumed = true;
    priv->wake_up.notify_all ();
  }
  return cope (self, result, failure);
}

// From here on, the pads are active, and the supervisor may act on the end of a
// stream.
void
count_down (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  std::lock_guard lock (priv->events);
  priv->finish |= priv->frames_left == 0;
  priv->wake_up.notify_all ();
}

GstStateChangeReturn
change_bin_state (GstElement *element, GstStateChange transition)
{
  return GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BIN))
      ->change_state (element, transition);
}

GstStateChangeReturn
change_state_up (GstElement *element, GstStateChange transition)
{
  auto self = GST_V4L2_MJPEG_SRC (element);
  auto priv = self->priv;

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !start (self)) {
    // After a failed upward change, GStreamer makes none downward.
    stop (self);
    return GST_STATE_CHANGE_FAILURE;
  }
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    begin_stream (self);
    priv->frames_left = priv->running.num_buffers;
  }
  auto result = change_bin_state (element, transition);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;

  switch (transition) {
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    if (!ascend (self, GST_STATE_PAUSED))
      return GST_STATE_CHANGE_FAILURE;
    count_down (self);
    return GST_STATE_CHANGE_NO_PREROLL;
  case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
    if (!ascend (self, GST_STATE_PLAYING))
      return GST_STATE_CHANGE_FAILURE;
    // The bin still considers its source to be in PAUSED.
    return GST_STATE_CHANGE_SUCCESS;
  default:
    return result;
  }
}

GstStateChangeReturn
change_state_down (GstElement *element, GstStateChange transition)
{
  auto self = GST_V4L2_MJPEG_SRC (element);
  auto priv = self->priv;

  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED) {
    std::lock_guard lock (priv->lifecycle);
    priv->target = GST_STATE_PAUSED;
    retreat (self, GST_STATE_PAUSED);
  }
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    stop (self);
  auto result = change_bin_state (element, transition);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED &&
      result != GST_STATE_CHANGE_FAILURE)
    return GST_STATE_CHANGE_NO_PREROLL;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    // Now that the pads are inactive, nobody stays downstream for long.
    auto lock = lock_behind_gate (self);
    priv->target = GST_STATE_READY;
    retreat (self, GST_STATE_READY);
  }
  return result;
}

} // namespace

GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  return GST_STATE_TRANSITION_CURRENT (transition) <
                 GST_STATE_TRANSITION_NEXT (transition)
             ? change_state_up (element, transition)
             : change_state_down (element, transition);
}

} // namespace v4l2mjpeg
