// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sends the frames of an AVI file with rfc2435pay and udpsink, and seeks in the
// middle of frames: each time after some whole frames and part of another were
// sent. Prints what was sent, which must agree with the element's statistics.
//
//   seek_over_network FILE HOST PORT
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include <gst/gst.h>

namespace {

constexpr unsigned seek_count = 25;

struct Progress {
  std::mutex mutex;
  std::condition_variable changed;
  unsigned whole_frames = 0;
  unsigned bursts = 0; // of the current frame
};

GstPadProbeReturn
on_packets (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
  auto *last = gst_buffer_list_get (list, gst_buffer_list_length (list) - 1);
  auto *progress = static_cast<Progress *> (data);
  std::lock_guard lock (progress->mutex);
  progress->bursts++;
  if (GST_BUFFER_FLAG_IS_SET (last, GST_BUFFER_FLAG_MARKER)) {
    progress->whole_frames++;
    progress->bursts = 0;
  }
  progress->changed.notify_one ();
  return GST_PAD_PROBE_OK;
}

void
expect (bool good, const char *what)
{
  if (good)
    return;
  std::fprintf (stderr, "%s\n", what);
  std::exit (1);
}

guint64
field (const GstStructure *stats, const char *name)
{
  guint64 value = 0;
  expect (gst_structure_get_uint64 (stats, name, &value), name);
  return value;
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 4)
    return 2;
  const char *host = argv[2];
  const int port = std::atoi (argv[3]);
  GstElement *pipeline = gst_parse_launch (
      "filesrc name=file ! avidemux ! rfc2435pay name=pay ! udpsink name=sink",
      nullptr);
  GstBin *bin = GST_BIN (pipeline);
  GstElement *pay = gst_bin_get_by_name (bin, "pay");
  GstElement *sink = gst_bin_get_by_name (bin, "sink");
  g_object_set (
      gst_bin_get_by_name (bin, "file"), "location", argv[1], nullptr);
  g_object_set (sink, "host", host, "port", port, nullptr);
  Progress progress;
  gst_pad_add_probe (gst_element_get_static_pad (sink, "sink"),
      GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets, &progress, nullptr);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  for (unsigned i = 0; i < seek_count; i++) {
    expect (gst_element_get_state (pipeline, nullptr, nullptr,
                30 * GST_SECOND) == GST_STATE_CHANGE_SUCCESS,
        "does not play");
    {
      std::unique_lock lock (progress.mutex);
      progress.whole_frames = 0;
      expect (progress.changed.wait_for (lock, std::chrono::seconds (30),
                  [&] {
                    // When the second burst is pushed, the first was sent.
                    return progress.whole_frames >= 2 && progress.bursts >= 2;
                  }),
          "no frames come");
    }
    expect (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
                GST_SEEK_FLAG_FLUSH, i % 2 * GST_SECOND),
        "a seek is refused");
  }

  // Once more from the start, without further seeks
  expect (gst_element_seek_simple (
              pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0),
      "a seek is refused");
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *end = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      GstMessageType (
          GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
  expect (end && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS, "does not end");

  GstStructure *frames = nullptr, *packets = nullptr;
  g_object_get (pay, "frame-stats", &frames, nullptr);
  g_signal_emit_by_name (sink, "get-stats", host, port, &packets);
  std::printf ("%u seeks: %u frames sent, %u in part; %u packets of %u\n",
      seek_count + 1, unsigned (field (frames, "frames-out")),
      unsigned (field (frames, "frames-unsent")),
      unsigned (field (packets, "packets-sent")),
      unsigned (field (frames, "packets-sent")));
  expect (field (frames, "frames-unsent") > 0, "no seek came in mid-frame");
  expect (field (frames, "packets-sent") == field (packets, "packets-sent"),
      "other packets are counted than have left");
  gst_element_set_state (pipeline, GST_STATE_NULL);
}
