// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Streams JPEG files from memory like a camera: from a live source, in real
// time. Every argument describes the elements after the source of one stream,
// in the syntax of gst-launch-1.0. All streams are in one pipeline and get
// their frames at the same time.

#include "frame_files.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace {

gchar *frames_directory;
gchar *caps_description;
gint fps = 30;
gint count = 300;
gchar **streams;

const GOptionEntry entries[] = {
    {"frames", 0, 0, G_OPTION_ARG_FILENAME, &frames_directory,
        "Folder of the JPEG files", "DIRECTORY"},
    {"caps", 0, 0, G_OPTION_ARG_STRING, &caps_description, "Their caps",
        "CAPS"},
    {"fps", 0, 0, G_OPTION_ARG_INT, &fps, "Frames a second", "N"},
    {"count", 0, 0, G_OPTION_ARG_INT, &count, "Frames of each stream", "N"},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &streams, nullptr,
        "STREAM..."},
    {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};

GstElement *
make_pipeline (std::vector<GstElement *> &sources)
{
  std::string description;
  for (auto stream = streams; *stream; stream++)
    description += std::string ("appsrc is-live=true do-timestamp=true "
                                "format=time caps=\"") +
                   caps_description + "\" ! " + *stream + " ";

  GError *error = nullptr;
  auto pipeline = gst_parse_launch (description.c_str (), &error);
  if (error)
    g_error ("%s", error->message);

  auto elements = gst_bin_iterate_sources (GST_BIN (pipeline));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    sources.push_back (GST_ELEMENT (g_value_get_object (&item)));
    g_value_reset (&item);
  }
  gst_iterator_free (elements);
  return pipeline;
}

void
push (GstElement *source, GstMemory *frame)
{
  auto buffer = gst_buffer_new ();
  GstFlowReturn flow;

  gst_buffer_append_memory (buffer, gst_memory_ref (frame));
  GST_BUFFER_DURATION (buffer) = GST_SECOND / fps;
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  gst_buffer_unref (buffer);
}

// Whether the stream ended as it should.
bool
finish (GstElement *pipeline, const std::vector<GstElement *> &sources)
{
  for (auto source : sources) {
    GstFlowReturn flow;
    g_signal_emit_by_name (source, "end-of-stream", &flow);
  }
  auto bus = gst_element_get_bus (pipeline);
  auto message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  bool ended = GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (!ended) {
    GError *error;
    gst_message_parse_error (message, &error, nullptr);
    std::fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
  }
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return ended;
}

} // namespace

int
main (int argc, char **argv)
{
  auto context = g_option_context_new (nullptr);
  g_option_context_add_main_entries (context, entries, nullptr);
  g_option_context_add_group (context, gst_init_get_option_group ());
  GError *error = nullptr;
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      !frames_directory || !caps_description || !streams) {
    std::fprintf (stderr, "%s\n",
        error ? error->message : "--frames, --caps and streams are needed");
    return 2;
  }
  g_option_context_free (context);

  auto frames = load_frames (frames_directory);
  std::vector<GstElement *> sources;
  auto pipeline = make_pipeline (sources);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  auto next = std::chrono::steady_clock::now ();
  for (gint i = 0; i < count; i++) {
    next += std::chrono::nanoseconds (1'000'000'000 / fps);
    std::this_thread::sleep_until (next);
    for (auto source : sources)
      push (source, frames[i % frames.size ()]);
  }
  return finish (pipeline, sources) ? 0 : 1;
}
