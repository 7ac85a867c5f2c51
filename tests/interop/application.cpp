// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An application that pushes JPEG files into appsrc, and writes the pictures
// that arrive to files: application OUT FILE...
//
// Buffers have only the timestamps that appsrc gives them, and consist of
// several memories.

#include <gst/gst.h>

#include <algorithm>
#include <cstdio>

// Memories of 1000 bytes; of the largest pictures, the last is larger.
static GstBuffer *
buffer_of (const gchar *bytes, gsize size)
{
  auto buffer = gst_buffer_new ();
  for (gsize at = 0; at < size;) {
    bool last =
        gst_buffer_n_memory (buffer) + 1 == gst_buffer_get_max_memory ();
    auto length = last ? size - at : std::min<gsize> (1000, size - at);
    auto copy = g_memdup2 (bytes + at, length);
    gst_buffer_append_memory (
        buffer, gst_memory_new_wrapped (static_cast<GstMemoryFlags> (0), copy,
                    length, 0, length, copy, g_free));
    at += length;
  }
  return buffer;
}

static bool
push (GstElement *source, const gchar *path)
{
  g_autofree gchar *bytes = nullptr;
  gsize size;
  if (!g_file_get_contents (path, &bytes, &size, nullptr))
    return false;
  auto buffer = buffer_of (bytes, size);
  GstFlowReturn flow = GST_FLOW_ERROR;
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  gst_buffer_unref (buffer);
  return flow == GST_FLOW_OK;
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc < 3)
    return 2;

  GError *error = nullptr;
  auto pipeline = gst_parse_launch (
      "appsrc name=source is-live=true do-timestamp=true format=time "
      "caps=image/jpeg ! rfc2435pay ! rtpjpegdepay ! "
      "multifilesink name=sink sync=false",
      &error);
  if (!pipeline || error) {
    std::fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  auto source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  auto sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (sink, "location", argv[1], nullptr);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  bool pushed = true;
  for (int i = 2; i < argc && pushed; i++)
    pushed = push (source, argv[i]);
  GstFlowReturn flow;
  g_signal_emit_by_name (source, "end-of-stream", &flow);

  auto bus = gst_element_get_bus (pipeline);
  auto message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
      static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  bool ended = message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (!pushed || !ended)
    std::fprintf (stderr, "%s\n", pushed ? "no EOS" : "a buffer was refused");
  gst_clear_message (&message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (source);
  gst_object_unref (pipeline);
  return pushed && ended ? 0 : 1;
}
