// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Plays a recording of JPEG frames through rfc2435pay and rfc2435depay, and
// seeks in it: forwards, backwards, at other rates. The frames sent must be
// those that were sought, and must be received.
//
//   seek FILE
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

#include <gst/gst.h>

namespace {

struct Output {
  std::mutex mutex;
  std::vector<GstClockTime> stream_times;
  GstSegment segment;
  unsigned received = 0;
};

GstClockTime
pts (GstPadProbeInfo *info)
{
  GstBuffer *first =
      GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST
          ? gst_buffer_list_get (GST_PAD_PROBE_INFO_BUFFER_LIST (info), 0)
          : GST_PAD_PROBE_INFO_BUFFER (info);
  return GST_BUFFER_PTS (first);
}

GstPadProbeReturn
on_data (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *output = static_cast<Output *> (data);
  std::lock_guard lock (output->mutex);
  if (GST_PAD_PROBE_INFO_TYPE (info) &
      (GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST)) {
    const GstClockTime time = gst_segment_to_stream_time (
        &output->segment, GST_FORMAT_TIME, pts (info));
    // The packets of one frame come in several lists.
    if (output->stream_times.empty () || output->stream_times.back () != time)
      output->stream_times.push_back (time);
    return GST_PAD_PROBE_OK;
  }
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    gst_event_copy_segment (event, &output->segment);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    output->stream_times.clear ();
    output->received = 0;
  }
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
on_frame (GstPad *, GstPadProbeInfo *, gpointer data)
{
  auto *output = static_cast<Output *> (data);
  std::lock_guard lock (output->mutex);
  output->received++;
  return GST_PAD_PROBE_OK;
}

[[noreturn]] void
fail (const char *what, double rate, GstClockTime start)
{
  std::fprintf (stderr, "%s, sought to %.2f s at %.1f times the speed\n", what,
      double (start) / GST_SECOND, rate);
  std::exit (1);
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 2)
    return 2;
  GstElement *pipeline = gst_parse_launch (
      "filesrc name=file ! matroskademux ! rfc2435pay name=pay "
      "! rfc2435depay name=depay ! fakesink name=sink sync=true",
      nullptr);
  GstBin *bin = GST_BIN (pipeline);
  g_object_set (
      gst_bin_get_by_name (bin, "file"), "location", argv[1], nullptr);
  Output output;
  gst_segment_init (&output.segment, GST_FORMAT_TIME);
  gst_pad_add_probe (
      gst_element_get_static_pad (gst_bin_get_by_name (bin, "pay"), "src"),
      GstPadProbeType (
          GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
          GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH),
      on_data, &output, nullptr);
  gst_pad_add_probe (
      gst_element_get_static_pad (gst_bin_get_by_name (bin, "depay"), "src"),
      GST_PAD_PROBE_TYPE_BUFFER, on_frame, &output, nullptr);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, nullptr, nullptr, GST_CLOCK_TIME_NONE);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  struct {
    double rate;
    GstClockTime start;
  } const seeks[] = {{1, 2 * GST_SECOND}, {1, 0}, {2, GST_SECOND},
      {0.5, 3 * GST_SECOND}, {1, 500 * GST_MSECOND}, {4, 0}};
  for (const auto &[rate, start] : seeks) {
    if (!gst_element_seek (pipeline, rate, GST_FORMAT_TIME,
            GstSeekFlags (GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
            GST_SEEK_TYPE_SET, gint64 (start), GST_SEEK_TYPE_NONE, -1))
      fail ("refused", rate, start);
    gst_element_get_state (pipeline, nullptr, nullptr, GST_CLOCK_TIME_NONE);
    const gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
    std::vector<GstClockTime> times;
    unsigned received = 0;
    while (times.size () < 5 || received < 5) {
      if (g_get_monotonic_time () > deadline)
        fail ("no frames came", rate, start);
      g_usleep (10000);
      std::lock_guard lock (output.mutex);
      times = output.stream_times;
      received = output.received;
    }
    for (std::size_t i = 0; i < times.size (); i++)
      if (times[i] + GST_SECOND / 10 < start ||
          (i > 0 && times[i] <= times[i - 1]))
        fail ("a frame of another time came", rate, start);
    if (times.front () > start + GST_SECOND / 5)
      fail ("the first frame is late", rate, start);
  }
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *problem = gst_bus_pop_filtered (
      bus, GstMessageType (GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
  if (problem)
    fail ("a warning or an error", 1, 0);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  std::puts ("sought six times");
}
