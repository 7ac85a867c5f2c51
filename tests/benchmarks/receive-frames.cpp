// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Receives a stream like a stock application, with the system's default socket
// buffer, and counts the complete frames: those whose scan equals that of a
// file sent. Prints "port N" first; at the end of standard input, waits until
// nothing more arrives, and prints the count.

#include "frame_files.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <unordered_set>

namespace {

using namespace std::string_view_literals;

std::unordered_set<std::string> sent_scans;
std::atomic<unsigned> complete_frames;
std::atomic<unsigned> packets;

// Between the SOS segment and EOI.
std::string
scan_of (std::string_view jpeg)
{
  auto sos = jpeg.find ("\xff\xda"sv);
  if (sos == jpeg.npos || jpeg.size () < sos + 4)
    return {};
  auto length = static_cast<std::uint8_t> (jpeg[sos + 2]) << 8 |
                static_cast<std::uint8_t> (jpeg[sos + 3]);
  jpeg.remove_prefix (std::min (jpeg.size (), sos + 2 + length));
  if (jpeg.ends_with ("\xff\xd9"sv))
    jpeg.remove_suffix (2);
  return std::string (jpeg);
}

void
remember_sent (const char *directory)
{
  for (auto frame : load_frames (directory)) {
    GstMapInfo map;
    gst_memory_map (frame, &map, GST_MAP_READ);
    sent_scans.insert (
        scan_of ({reinterpret_cast<const char *> (map.data), map.size}));
    gst_memory_unmap (frame, &map);
    gst_memory_unref (frame);
  }
}

void
take_frame (GstElement *, GstBuffer *buffer, GstPad *, gpointer)
{
  GstMapInfo map;
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  if (sent_scans.contains (
          scan_of ({reinterpret_cast<const char *> (map.data), map.size})))
    complete_frames++;
  gst_buffer_unmap (buffer, &map);
}

GstPadProbeReturn
count_packet (GstPad *, GstPadProbeInfo *, gpointer)
{
  packets++;
  return GST_PAD_PROBE_OK;
}

void
wait_for_end ()
{
  char byte;
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  unsigned before;
  do {
    before = packets;
    std::this_thread::sleep_for (std::chrono::milliseconds (300));
  } while (packets != before);
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 2) {
    std::fprintf (stderr, "Usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  remember_sent (argv[1]);

  auto pipeline = gst_parse_launch (
      "udpsrc name=source address=127.0.0.1 port=0 "
      "! application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=26 "
      "! rtpjpegdepay ! fakesink name=sink sync=false signal-handoffs=true",
      nullptr);
  auto source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  auto sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_signal_connect (sink, "handoff", G_CALLBACK (take_frame), nullptr);
  auto pad = gst_element_get_static_pad (source, "src");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, count_packet, nullptr, nullptr);
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) ==
      GST_STATE_CHANGE_FAILURE)
    g_error ("the receiver does not start");

  gint port;
  g_object_get (source, "port", &port, nullptr);
  std::printf ("port %d\n", port);
  std::fflush (stdout);
  wait_for_end ();
  std::printf ("%u\n", complete_frames.load ());

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
  gst_object_unref (source);
  gst_object_unref (pipeline);
}
