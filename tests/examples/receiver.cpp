// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Receives and shows a stream, and prints once a second how many frames were
// intact, healed or lost.
//
//   receiver [PORT [SINK]]
//
// PORT is 5000 and SINK is autovideosink by default.
#include <cstdio>
#include <string>

#include <glib-unix.h>
#include <gst/gst.h>

static gboolean
print_statistics (gpointer depayloader)
{
  GstStructure *stats = nullptr;
  g_object_get (depayloader, "frame-stats", &stats, nullptr);
  guint64 intact = 0, concealed = 0, dropped = 0, lost = 0;
  gst_structure_get (stats, "frames-intact", G_TYPE_UINT64, &intact,
      "frames-concealed", G_TYPE_UINT64, &concealed, "frames-dropped",
      G_TYPE_UINT64, &dropped, "packets-lost", G_TYPE_UINT64, &lost, nullptr);
  gst_structure_free (stats);
  std::printf ("frames: %" G_GUINT64_FORMAT " whole, %" G_GUINT64_FORMAT
               " healed, %" G_GUINT64_FORMAT
               " dropped; packets lost: %" G_GUINT64_FORMAT "\n",
      intact, concealed, dropped, lost);
  return G_SOURCE_CONTINUE;
}

static void
on_error (GstBus *, GstMessage *message, gpointer loop)
{
  GError *error = nullptr;
  gst_message_parse_error (message, &error, nullptr);
  std::fprintf (
      stderr, "%s: %s\n", GST_MESSAGE_SRC_NAME (message), error->message);
  g_error_free (error);
  g_main_loop_quit (static_cast<GMainLoop *> (loop));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  const std::string port = argc > 1 ? argv[1] : "5000";
  const std::string sink = argc > 2 ? argv[2] : "autovideosink";
  // The jitter buffer puts packets in order and gives up on late ones; the sink
  // shows each picture as soon as it arrives.
  const std::string text =
      "udpsrc buffer-size=212992 port=" + port +
      " caps=application/x-rtp,media=video,clock-rate=90000,"
      "encoding-name=JPEG,payload=26 ! rtpjitterbuffer latency=50"
      " ! rfc2435depay name=depay ! jpegdec ! videoconvert ! " +
      sink + " sync=false";
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (text.c_str (), &error);
  if (error) {
    std::fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  GstElement *depayloader = gst_bin_get_by_name (GST_BIN (pipeline), "depay");
  GMainLoop *loop = g_main_loop_new (nullptr, FALSE);
  GstBus *bus = gst_element_get_bus (pipeline);
  gst_bus_add_signal_watch (bus);
  g_signal_connect (bus, "message::error", G_CALLBACK (on_error), loop);
  g_timeout_add_seconds (1, print_statistics, depayloader);
  g_unix_signal_add (SIGINT, G_SOURCE_FUNC (g_main_loop_quit), loop);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (depayloader);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
  g_main_loop_unref (loop);
}
