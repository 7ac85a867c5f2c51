// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pipeline.h"

#include <cstdio>
#include <cstdlib>

Pipeline::Pipeline (const std::string &launch, GMainLoop *loop) : loop_ (loop)
{
  GError *error = nullptr;
  pipeline_.reset (gst_parse_launch (launch.c_str (), &error));
  if (error) {
    std::fprintf (stderr, "Can't make a pipeline of\n  %s\n%s\n",
        launch.c_str (), error->message);
    std::exit (EXIT_FAILURE);
  }
  GstBus *bus = gst_element_get_bus (pipeline_.get ());
  gst_bus_add_watch (bus, on_message, this);
  gst_object_unref (bus);
}

Pipeline::~Pipeline ()
{
  gst_element_set_state (pipeline_.get (), GST_STATE_NULL);
  GstBus *bus = gst_element_get_bus (pipeline_.get ());
  gst_bus_remove_watch (bus);
  gst_object_unref (bus);
}

ElementPtr
Pipeline::element (const char *name) const
{
  return ElementPtr (gst_bin_get_by_name (GST_BIN (pipeline_.get ()), name));
}

void
Pipeline::probe (const char *element_name, const char *pad_name, int types,
    GstPadProbeCallback callback, gpointer data) const
{
  GstPad *pad =
      gst_element_get_static_pad (element (element_name).get (), pad_name);
  gst_pad_add_probe (pad, GstPadProbeType (types), callback, data, nullptr);
  gst_object_unref (pad);
}

void
Pipeline::start ()
{
  // Why it failed is on the bus.
  if (gst_element_set_state (pipeline_.get (), GST_STATE_PLAYING) ==
      GST_STATE_CHANGE_FAILURE)
    failed_ = true;
}

void
Pipeline::end_stream ()
{
  gst_element_send_event (pipeline_.get (), gst_event_new_eos ());
}

gboolean
Pipeline::on_message (GstBus *, GstMessage *message, gpointer data)
{
  auto *self = static_cast<Pipeline *> (data);
  GError *problem = nullptr;
  gchar *details = nullptr;
  switch (GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ERROR:
    gst_message_parse_error (message, &problem, &details);
    self->failed_ = true;
    break;
  case GST_MESSAGE_WARNING:
    gst_message_parse_warning (message, &problem, &details);
    break;
  case GST_MESSAGE_EOS:
    self->ended_ = true;
    break;
  default:
    return G_SOURCE_CONTINUE;
  }
  if (problem)
    std::fprintf (stderr, "%s from %s: %s\n%s\n",
        self->failed_ ? "Error" : "Warning", GST_MESSAGE_SRC_NAME (message),
        problem->message, details ? details : "");
  g_clear_error (&problem);
  g_free (details);

  if (self->failed_ || self->ended_)
    g_main_loop_quit (self->loop_);
  return G_SOURCE_CONTINUE;
}
