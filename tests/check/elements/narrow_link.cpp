// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A camera on a link that can carry a fifth of its stream, with a queue of a
// tenth of a second: what arrives without max-bitrate, and with it.

#include "scan_transcoder.h"
#include "textured_picture.h"

#include <map>
#include <memory>

#include "payloader.h"

#include "network_main.h"
#include "udp_receiver.h"

constexpr unsigned picture_size = 1024; // in pixels
constexpr unsigned fps = 25;
constexpr guint link_rate = 10'000'000; // bit/s

// The packets of frames by their timestamps
using Frames = std::map<guint32, std::vector<Packet>>;

static void
receive (UdpReceiver &receiver, Frames &frames)
{
  for (auto &datagram : receiver.drain ()) {
    auto buffer = gst_buffer_new_memdup (datagram.data (), datagram.size ());
    auto packet = read_packet (buffer);
    gst_buffer_unref (buffer);
    frames[packet.timestamp].push_back (packet);
  }
}

// All packets have arrived, and the scan can be read to its end.
static bool
is_whole (const std::vector<Packet> &packets)
{
  std::size_t end = 0;
  for (auto &packet : packets) {
    if (packet.main_header ().fragment_offset != end)
      return false;
    end += packet.payload.size () - MainHeader::size;
  }
  if (!packets.back ().marker)
    return false;
  auto scan = joined_scan (packets);
  rfc2435::Bytes bytes (scan);
  rfc2435::ScanTranscoder transcoder;
  transcoder.read ({&bytes, 1}, 0,
      {.mcu_count = test::mcu_count (
           picture_size, picture_size, test::sampling_420)});
  return bool (transcoder.check (rfc2435::standard_scan_tables));
}

// The number of frames that arrive completely when each is sent at its time.
static unsigned
count_whole_frames (unsigned frame_count, guint max_bitrate)
{
  std::unique_ptr<UdpReceiver> receiver;
  {
    NetworkPair::InPeer peer;
    receiver = std::make_unique<UdpReceiver> ("10.9.0.2");
  }
  auto text =
      "rfc2435pay pacing=0 max-bitrate=" + std::to_string (max_bitrate) +
      " ! udpgsosink sync=false host=10.9.0.2 port=" +
      std::to_string (receiver->port ());
  auto harness = gst_harness_new_parse (text.c_str ());
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=25/1");

  Frames frames;
  for (unsigned i = 0; i < frame_count; i++) {
    auto jpeg = test::textured_picture (picture_size, 90, i);
    fail_unless (jpeg.size () * 8 * fps > 4 * link_rate, "%zu", jpeg.size ());
    auto next = g_get_monotonic_time () + 1'000'000 / fps;
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = i * GST_SECOND / fps;
    fail_unless (gst_harness_push (harness, buffer) == GST_FLOW_OK);
    do
      receive (*receiver, frames);
    while (g_get_monotonic_time () < next);
  }
  receive (*receiver, frames);
  gst_harness_teardown (harness);

  unsigned count = 0;
  for (auto &[timestamp, packets] : frames)
    count += is_whole (packets);
  return count;
}

GST_START_TEST (test_narrow_link)
{
  fail_unless (NetworkPair::plug ());
  if (!NetworkPair::run ("tc qdisc replace dev near root tbf rate 10mbit "
                         "burst 20kb latency 100ms")) {
    g_print ("SKIP: no tc(8), or no token bucket filter in this kernel\n");
    return;
  }
  assert_equals_int (count_whole_frames (3, 0), 0);
  // Ethernet, IP and UDP take 3 %.
  assert_equals_int (count_whole_frames (12, link_rate * 9 / 10), 12);
}
GST_END_TEST;

static Suite *
narrow_link_suite ()
{
  auto suite = suite_create ("narrow_link");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_narrow_link);

  return suite;
}

int
main (int argc, char **argv)
{
  return network_main (argc, argv, narrow_link_suite, "narrow_link", __FILE__);
}
