// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// Messages of the source, and messages and events to and from the application.
#include "config.h"

#include "private.h"

#include <utility>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

// A source also reports an error of its own if downstream refused its last
// frame.
bool
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

bool
is_from_source (GstV4l2MjpegSrc *self, GstMessage *message)
{
  auto source = self->priv->source;
  auto from = GST_MESSAGE_SRC (message);
  return source && from &&
         (from == GST_OBJECT (source) ||
             gst_object_has_as_ancestor (from, GST_OBJECT (source)));
}

// True if the error means that the camera is lost, which the supervisor
// handles.
bool
take_error (GstV4l2MjpegSrc *self, GstMessage *message)
{
  auto priv = self->priv;
  if (!priv->reconnect || refused_downstream (priv->source))
    return false;

  GError *error = nullptr;
  gchar *debug = nullptr;
  gst_message_parse_error (message, &error, &debug);
  GST_INFO_OBJECT (
      self, "the source failed: %s (%s)", error->message, GST_STR_NULL (debug));
  bool taken = false;
  {
    std::lock_guard lock (priv->events);
    taken = !priv->ended;
    // The first of several is the cause; the others follow from it.
    if (taken && !priv->lost)
      priv->failure = {
          error->domain, error->code, error->message, debug ? debug : ""};
    priv->lost |= taken;
    priv->wake_up.notify_all ();
  }
  g_error_free (error);
  g_free (debug);
  return taken;
}

gboolean
send_to_source (GstElement *element, GstEvent *event)
{
  return GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BIN))
      ->send_event (element, event);
}

// Flushes through the source, whose streaming stops and starts with it, or on
// its behalf.
gboolean
flush (GstV4l2MjpegSrc *self, GstEvent *event)
{
  auto priv = self->priv;
  bool begins = GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START;
  // A flush-stop without a flush-start would wait for whatever is downstream.
  if (priv->flushing.exchange (begins) == begins && !begins) {
    gst_event_unref (event);
    return FALSE;
  }
  bool lost = false;
  {
    std::lock_guard lock (priv->events);
    lost = priv->lost || priv->ended;
  }
  if (!lost)
    return send_to_source (GST_ELEMENT (self), event);
  auto pad = gst_element_get_static_pad (priv->filter, "sink");
  auto done = gst_pad_send_event (pad, event);
  gst_object_unref (pad);
  return done;
}

} // namespace

void
handle_message (GstBin *bin, GstMessage *message)
{
  auto self = GST_V4L2_MJPEG_SRC (bin);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR &&
      is_from_source (self, message) && take_error (self, message)) {
    gst_message_unref (message);
    return;
  }
  GST_BIN_CLASS (g_type_class_peek (GST_TYPE_BIN))
      ->handle_message (bin, message);
}

gboolean
send_event (GstElement *element, GstEvent *event)
{
  auto self = GST_V4L2_MJPEG_SRC (element);
  auto priv = self->priv;

  switch (GST_EVENT_TYPE (event)) {
  case GST_EVENT_EOS: {
    gst_event_unref (event);
    std::lock_guard lock (priv->events);
    priv->finish = true;
    priv->wake_up.notify_all ();
    return TRUE;
  }
  case GST_EVENT_FLUSH_START:
  case GST_EVENT_FLUSH_STOP:
    return flush (self, event);
  default:
    return send_to_source (element, event);
  }
}

void
set_status (GstV4l2MjpegSrc *self, GstV4l2MjpegSrcStatus status)
{
  auto priv = self->priv;
  {
    std::lock_guard lock (priv->stats_lock);
    if (priv->status == status)
      return;
    priv->status = status;
  }
  GST_DEBUG_OBJECT (self, "status %d", status);
  g_object_notify (G_OBJECT (self), "status");
}

void
post_error (GstV4l2MjpegSrc *self, const Failure &failure)
{
  gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
      failure.domain, failure.code, g_strdup (failure.text.c_str ()),
      failure.debug.empty () ? nullptr : g_strdup (failure.debug.c_str ()),
      __FILE__, GST_FUNCTION, __LINE__);
}

GstMessage *
new_info (GstV4l2MjpegSrc *self, const std::string &text)
{
  auto error = g_error_new_literal (
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, text.c_str ());
  auto message = gst_message_new_info (GST_OBJECT (self), error, nullptr);
  g_error_free (error);
  return message;
}

void
announce (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  std::vector<GstMessage *> messages;
  bool mode_changed = false;
  {
    std::lock_guard lock (priv->lifecycle);
    messages.swap (priv->announcements);
    mode_changed = std::exchange (priv->mode_changed, false);
  }
  if (mode_changed)
    g_object_notify (G_OBJECT (self), "mode");
  for (auto message : messages)
    gst_element_post_message (GST_ELEMENT (self), message);
}

} // namespace v4l2mjpeg
