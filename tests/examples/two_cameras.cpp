// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sends two cameras from one program, each to its own destination, which can be
// changed at run time, and prints a line of statistics per second.
//
//   two_cameras CAMERA CAMERA
//
// CAMERA is a serial number, a position on the bus or a name (the property
// `camera` of v4l2mjpegsrc) or, if it contains a "!", elements that produce
// image/jpeg. A line like "0 192.0.2.8 6000" on standard input sends the first
// camera there.
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include <glib-unix.h>
#include <gst/gst.h>

static struct Camera {
  GstElement *pipeline = nullptr, *payloader = nullptr, *sink = nullptr;
} cameras[2];

// A pipeline for each camera: if one fails, the other continues.
static Camera
start_camera (int number, const std::string &name)
{
  const bool is_pipeline = name.find ('!') != name.npos;
  const std::string text = (is_pipeline ? name : "v4l2mjpegsrc name=camera") +
                           " ! rfc2435pay name=pay"
                           " ! udpgsosink name=sink sync=false";
  GError *error = nullptr;
  Camera camera;
  camera.pipeline = gst_parse_launch (text.c_str (), &error);
  if (error) {
    std::fprintf (stderr, "%s\n", error->message);
    std::exit (1);
  }
  GstBin *bin = GST_BIN (camera.pipeline);
  if (GstElement *source = gst_bin_get_by_name (bin, "camera")) {
    g_object_set (source, "camera", name.c_str (), nullptr);
    gst_object_unref (source);
  }
  camera.payloader = gst_bin_get_by_name (bin, "pay");
  camera.sink = gst_bin_get_by_name (bin, "sink");
  g_object_set (
      camera.sink, "host", "192.0.2.7", "port", 5000 + 2 * number, nullptr);
  gst_element_set_state (camera.pipeline, GST_STATE_PLAYING);
  return camera;
}

// Warnings report dropped frames, unplugged cameras and network failures.
static gboolean
on_message (GstBus *, GstMessage *message, gpointer)
{
  GError *problem = nullptr;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &problem, nullptr);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &problem, nullptr);
  if (problem)
    std::fprintf (
        stderr, "%s: %s\n", GST_MESSAGE_SRC_NAME (message), problem->message);
  g_clear_error (&problem);
  return G_SOURCE_CONTINUE;
}

static gboolean
print_statistics (gpointer)
{
  for (int i = 0; i < 2; i++) {
    GstStructure *stats = nullptr;
    g_object_get (cameras[i].payloader, "frame-stats", &stats, nullptr);
    guint64 sent = 0, dropped = 0, packets = 0;
    gst_structure_get (stats, "frames-out", G_TYPE_UINT64, &sent,
        "frames-dropped", G_TYPE_UINT64, &dropped, "packets-sent",
        G_TYPE_UINT64, &packets, nullptr);
    gst_structure_free (stats);
    std::printf ("%d: %" G_GUINT64_FORMAT " frames sent in %" G_GUINT64_FORMAT
                 " packets, %" G_GUINT64_FORMAT " dropped\n",
        i, sent, packets, dropped);
  }
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 3) {
    std::fprintf (stderr, "usage: two_cameras CAMERA CAMERA\n");
    return 2;
  }
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  // Otherwise, exit() may wait for the thread that reads the locked stdin.
  std::ios::sync_with_stdio (false);
  for (int i = 0; i < 2; i++) {
    cameras[i] = start_camera (i, argv[i + 1]);
    GstBus *bus = gst_element_get_bus (cameras[i].pipeline);
    gst_bus_add_watch (bus, on_message, nullptr);
    gst_object_unref (bus);
  }
  std::thread ([] {
    std::string host;
    for (int number, port; std::cin >> number >> host >> port;)
      if (number == 0 || number == 1)
        g_object_set (
            cameras[number].sink, "host", host.c_str (), "port", port, nullptr);
  }).detach ();

  GMainLoop *loop = g_main_loop_new (nullptr, FALSE);
  g_timeout_add_seconds (1, print_statistics, nullptr);
  g_unix_signal_add (SIGINT, G_SOURCE_FUNC (g_main_loop_quit), loop);
  g_main_loop_run (loop);
  for (const Camera &camera : cameras)
    gst_element_set_state (camera.pipeline, GST_STATE_NULL);
}
