// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame.h"
#include "jpeg_markers.h"
#include "scan_transcoder.h"
#include "textured_picture.h"

#include <algorithm>
#include <set>

#include "payloader.h"

static constexpr GstClockTime interval = GST_SECOND / 25;

// A harness around one rfc2435pay, with its bus.
class Stream {
public:
  Stream ()
      : harness_ (gst_harness_new_parse ("rfc2435pay pacing=0 mtu=1000")),
        bus_ (gst_bus_new ()),
        pay_ (gst_harness_find_element (harness_, "rfc2435pay"))
  {
    gst_element_set_bus (harness_->element, bus_);
    gst_harness_set_src_caps_str (harness_, "image/jpeg,framerate=25/1");
  }
  ~Stream ()
  {
    gst_element_set_bus (harness_->element, nullptr);
    gst_object_unref (pay_);
    gst_object_unref (bus_);
    gst_harness_teardown (harness_);
  }
  Stream (const Stream &) = delete;
  Stream &operator= (const Stream &) = delete;

  void set (const char *name, guint value)
  {
    g_object_set (pay_, name, value, nullptr);
  }

  std::vector<Packet> packets_of (const ByteVector &jpeg)
  {
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = count_++ * interval;
    fail_unless (gst_harness_push (harness_, buffer) == GST_FLOW_OK);
    std::vector<Packet> packets;
    while (auto packet = gst_harness_try_pull (harness_)) {
      packets.push_back (read_packet (packet));
      gst_buffer_unref (packet);
    }
    return packets;
  }

  // The size of the packets of a frame; their payloads are appended to `sent`.
  std::size_t send (const ByteVector &jpeg, ByteVector *sent = nullptr)
  {
    std::size_t size = 0;
    for (auto &packet : packets_of (jpeg)) {
      size += packet.bytes.size ();
      if (sent)
        sent->insert (
            sent->end (), packet.payload.begin (), packet.payload.end ());
    }
    return size;
  }

  void flush ()
  {
    gst_harness_push_event (harness_, gst_event_new_flush_start ());
    gst_harness_push_event (harness_, gst_event_new_flush_stop (TRUE));
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_harness_push_event (harness_, gst_event_new_segment (&segment));
  }

  GstElement *element () { return pay_; }

  guint64 total (const char *field) { return test::frame_stat (pay_, field); }

  guint64 stat (const char *field, const char *group = "bit-rate")
  {
    return test::frame_stat (pay_, group, field);
  }

  // Whether there is a message about the limit; `limiting` is that field of it.
  bool has_message (bool &limiting)
  {
    auto message = gst_bus_pop_filtered (bus_, GST_MESSAGE_ELEMENT);
    if (!message)
      return false;
    auto structure = gst_message_get_structure (message);
    gboolean value;
    fail_unless (gst_structure_has_name (structure, "rfc2435pay-max-bitrate"));
    fail_unless (gst_structure_get_boolean (structure, "limiting", &value));
    limiting = value;
    gst_message_unref (message);
    return true;
  }

private:
  GstHarness *harness_;
  GstBus *bus_;
  GstElement *pay_;
  guint64 count_ = 0;
};

static guint
bit_rate (std::size_t bytes_in_frame)
{
  return static_cast<guint> (bytes_in_frame * 8 * 25);
}

// Frames that fit are sent as they would be without a limit.
GST_START_TEST (test_frames_that_fit)
{
  Stream plain, limited;
  auto jpeg = test::textured_picture (256, 90);
  ByteVector before, after;
  auto size = plain.send (jpeg, &before);
  limited.set ("max-bitrate", bit_rate (size + 16));
  for (unsigned i = 0; i < 20; i++) {
    after.clear ();
    fail_unless (limited.send (jpeg, &after) == size);
    fail_unless (after == before);
  }
  fail_unless (limited.stat ("frames-untouched") == 20);
  fail_unless (limited.stat ("frames-thinned") == 0);
  bool limiting;
  fail_if (limited.has_message (limiting));
}
GST_END_TEST;

// The share applies to whole packets, starting with the next frame.
GST_START_TEST (test_ceiling)
{
  Stream stream;
  auto jpeg = test::textured_picture (512, 90);
  auto size = stream.send (jpeg);
  for (unsigned percent : {90, 70, 50, 30, 60, 100, 40}) {
    auto share = size * percent / 100;
    stream.set ("max-bitrate", bit_rate (share));
    std::size_t sum = 0;
    for (unsigned i = 0; i < 12; i++) {
      ByteVector sent;
      auto bytes = stream.send (test::textured_picture (512, 90, i), &sent);
      fail_unless (bytes <= share * 105 / 100, "%u %%: %zu of %zu", percent,
          bytes, share);
      fail_unless (bytes >= share * 85 / 100, "%u %%: %zu of %zu", percent,
          bytes, share);
      sum += bytes;
      // Tables on the IJG's scale are described by Q.
      fail_unless (sent[5] >= 10 && sent[5] <= 90, "Q %u", sent[5]);
    }
    fail_unless (sum <= 12 * share * 101 / 100, "%zu of %zu", sum, 12 * share);
  }
  fail_unless (stream.stat ("frames-thinned") > 0);
  fail_unless (stream.stat ("frames-requantized") > 0);
  bool limiting = false;
  fail_unless (stream.has_message (limiting));
  fail_unless (limiting);
}
GST_END_TEST;

// A frame that can't be made small enough is dropped, and the next one gets its
// share.
GST_START_TEST (test_min_quality)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  auto size = stream.send (jpeg);
  stream.set ("min-quality", 80);
  stream.set ("max-bitrate", bit_rate (size / 4));
  unsigned sent = 0;
  for (unsigned i = 0; i < 40; i++)
    sent += stream.send (jpeg) != 0;
  fail_unless (sent >= 8 && sent <= 20, "%u sent", sent);
  fail_unless (stream.stat ("bit-rate", "dropped") == 40 - sent);
  stream.set ("min-quality", 10);
  fail_unless (stream.send (jpeg) != 0);
}
GST_END_TEST;

// Once the limit is removed, it has no effect any more.
GST_START_TEST (test_off)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  ByteVector before, after;
  stream.send (jpeg, &before);
  stream.set ("max-bitrate", 1000000);
  stream.send (jpeg);
  stream.set ("max-bitrate", 0);
  stream.send (jpeg, &after);
  fail_unless (after == before);
}
GST_END_TEST;

// Restart markers are inserted as a frame is reduced: the limit includes them,
// chunks begin and end with intervals, and packets are numbered without a gap.
GST_START_TEST (test_error_resilience)
{
  for (const char *resilience : {"markers", "chunks"}) {
    Stream stream;
    auto jpeg = test::textured_picture (512, 90);
    auto size = stream.send (jpeg);
    gst_util_set_object_arg (
        G_OBJECT (stream.element ()), "error-resilience", resilience);
    bool in_chunks = *resilience == 'c';
    std::optional<guint16> seqnum;
    for (unsigned percent : {100, 85, 60, 40, 30}) {
      auto share = size * percent / 100;
      stream.set ("max-bitrate", bit_rate (share));
      std::size_t sum = 0;
      for (unsigned i = 0; i < 12; i++) {
        auto packets = stream.packets_of (test::textured_picture (512, 90, i));
        fail_if (packets.empty ());
        std::size_t bytes = 0;
        std::uint16_t restart_interval = 0;
        unsigned inner = 0;
        for (auto &packet : packets) {
          bytes += packet.bytes.size ();
          fail_unless (!seqnum || packet.seqnum == guint16 (*seqnum + 1));
          seqnum = packet.seqnum;
          fail_unless (packet.bytes.size () <= 1000);
          auto main = packet.main_header ();
          assert_equals_int (main.type, 65);
          auto header = rfc2435::RestartHeader::parse (
              rfc2435::Bytes (packet.payload).subspan (MainHeader::size));
          fail_unless (header.has_value ());
          fail_unless (restart_interval == 0 ||
                       restart_interval == header->restart_interval);
          restart_interval = header->restart_interval;
          if (in_chunks)
            inner +=
                header->restart_count != rfc2435::RestartHeader::whole_frame &&
                header->first && header->last;
        }
        fail_unless (!in_chunks || inner > packets.size () * 9 / 10);
        fail_unless (packets.back ().marker);
        fail_unless (bytes <= share * 105 / 100, "%s, %u %%: %zu of %zu",
            resilience, percent, bytes, share);
        fail_unless (bytes >= share * 85 / 100, "%s, %u %%: %zu of %zu",
            resilience, percent, bytes, share);
        sum += bytes;

        auto scan = joined_scan (packets);
        rfc2435::Bytes whole (scan);
        rfc2435::ScanTranscoder transcoder;
        transcoder.read ({&whole, 1}, 0,
            {.mcu_count = 1024, .restart_interval = restart_interval});
        fail_unless (bool (transcoder.check (rfc2435::standard_scan_tables)));
        // About a quarter of a packet
        auto interval_size = scan.size () * restart_interval / 1024;
        fail_unless (interval_size >= 100 && interval_size <= 600, "%zu bytes",
            interval_size);
      }
      fail_unless (sum <= 12 * share * 101 / 100, "%s, %u %%: %zu of %zu",
          resilience, percent, sum, 12 * share);
    }
    fail_unless (stream.stat ("frames-thinned") > 0);
    fail_unless (stream.stat ("frames-requantized") > 0);
    assert_equals_int (stream.total ("frames-restart-inserted"), 60);
  }
}
GST_END_TEST;

// Header extensions are part of the share: with packets this small, they are 5
// % of the bytes sent.
GST_START_TEST (test_header_extension)
{
  Stream stream;
  stream.set ("mtu", 150);
  auto extension = gst_rtp_header_extension_create_from_uri (
      "http://www.ietf.org/id/"
      "draft-holmer-rmcat-transport-wide-cc-extensions-01");
  if (!extension) {
    g_print ("SKIP: no rtphdrexttwcc\n");
    return;
  }
  gst_rtp_header_extension_set_id (extension, 1);
  g_signal_emit_by_name (stream.element (), "add-extension", extension);
  gst_object_unref (extension);
  auto packets = stream.packets_of (test::textured_picture (512, 90));
  std::size_t size = 0;
  for (auto &packet : packets) {
    fail_unless (packet.has_extension);
    size += packet.bytes.size ();
  }
  stream.set ("max-bitrate", bit_rate (size / 2));
  std::size_t sum = 0;
  for (unsigned i = 0; i < 24; i++) {
    auto bytes = stream.send (test::textured_picture (512, 90, i));
    fail_unless (bytes <= size / 2 * 105 / 100, "%zu of %zu", bytes, size / 2);
    sum += bytes;
  }
  fail_unless (
      sum <= 24 * (size / 2) * 101 / 100, "%zu of %zu", sum, 24 * (size / 2));
}
GST_END_TEST;

// A truncated picture is completed with gray, and must then fit like any other,
// whether the parser detects it, because EOI is missing, or the code that
// reduces the frame.
GST_START_TEST (test_fill_cut_frames)
{
  for (bool has_eoi : {false, true}) {
    Stream stream;
    auto jpeg = test::textured_picture (512, 90);
    auto share = stream.send (jpeg) / 2;
    jpeg.resize (jpeg.size () * 3 / 4);
    if (has_eoi)
      jpeg.insert (jpeg.end (), {0xff, 0xd9});
    stream.set ("max-bitrate", bit_rate (share));
    fail_unless (stream.send (jpeg) == 0);
    assert_equals_int (stream.stat ("cut-short", "dropped"), 1);
    g_object_set (stream.element (), "fill-cut-frames", TRUE, nullptr);
    for (unsigned i = 1; i <= 6; i++) {
      auto packets = stream.packets_of (jpeg);
      std::size_t bytes = 0;
      for (auto &packet : packets)
        bytes += packet.bytes.size ();
      // Plus 4 % left over from the frame that was dropped
      fail_unless (bytes >= share * 85 / 100 && bytes <= share * 107 / 100,
          "%zu of %zu", bytes, share);
      auto scan = joined_scan (packets);
      rfc2435::Bytes whole (scan);
      rfc2435::ScanTranscoder transcoder;
      transcoder.read ({&whole, 1}, 0, {.mcu_count = 1024});
      fail_unless (bool (transcoder.check (rfc2435::standard_scan_tables)));
      assert_equals_int (
          stream.stat ("frames-requantized") + stream.stat ("frames-thinned"),
          i);
      assert_equals_int (stream.total ("frames-recoded-lossy"), i);
    }
    assert_equals_int (stream.stat ("cut-short", "dropped"), 1);
  }
}
GST_END_TEST;

// Removing a limit that had an effect is reported at once.
GST_START_TEST (test_message_without_ceiling)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  auto size = stream.send (jpeg);
  bool limiting = false;
  stream.set ("max-bitrate", bit_rate (size / 2));
  stream.send (jpeg);
  fail_unless (stream.has_message (limiting) && limiting);
  stream.set ("max-bitrate", 0);
  stream.send (jpeg);
  fail_unless (stream.has_message (limiting) && !limiting);
  stream.send (jpeg);
  fail_if (stream.has_message (limiting));
}
GST_END_TEST;

// With one packet in a hundred lost, the depayloader outputs every frame, and
// none has gray parts: if tables have changed, it requantizes the parts it
// takes from the previous frame.
GST_START_TEST (test_losses)
{
  constexpr unsigned frames = 60;
  Stream stream;
  auto jpeg = test::textured_picture (512, 90);
  auto size = stream.send (jpeg);
  gst_util_set_object_arg (
      G_OBJECT (stream.element ()), "error-resilience", "markers");
  auto depay = gst_harness_new ("rfc2435depay");
  gst_harness_set_src_caps_str (depay,
      "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=26");

  test::Random random (1);
  std::set<guint8> qualities;
  unsigned lost = 0, healed = 0;
  for (unsigned i = 0; i < frames; i++) {
    // The tables change with the ceiling, and so does the restart interval.
    stream.set ("max-bitrate", bit_rate (size * (i / 5 % 2 ? 35 : 50) / 100));
    if (i % 20 == 0)
      jpeg = test::textured_picture (512, 90, i);
    auto packets = stream.packets_of (jpeg);
    fail_if (packets.empty ());
    qualities.insert (packets[0].main_header ().q);
    unsigned lost_of_frame = 0;
    for (auto &packet : packets) {
      if (i > 0 && test::random_below (random, 100) == 0)
        lost_of_frame++;
      else
        gst_harness_push (depay,
            gst_buffer_new_memdup (packet.bytes.data (), packet.bytes.size ()));
    }
    lost += lost_of_frame;
    healed += lost_of_frame > 0;
  }
  gst_harness_push_event (depay, gst_event_new_eos ());
  fail_unless (lost >= 10 && healed >= 8, "%u, %u", lost, healed);
  fail_unless (qualities.size () >= 2);

  for (unsigned i = 0; i < frames; i++) {
    auto buffer = gst_harness_try_pull (depay);
    fail_unless (buffer != nullptr, "frame %u", i);
    ByteVector shown (gst_buffer_get_size (buffer));
    gst_buffer_extract (buffer, 0, shown.data (), shown.size ());
    gst_buffer_unref (buffer);
    rfc2435::Bytes bytes (shown);
    rfc2435::FrameParser parser;
    rfc2435::Frame frame;
    fail_if (parser.parse ({&bytes, 1}, rfc2435::TableMode::automatic, frame)
                 .has_value ());
    rfc2435::ScanTranscoder transcoder;
    transcoder.read ({&bytes, 1}, frame.scan_offset,
        rfc2435::ScanLayout::of (parser.header ()));
    fail_unless (bool (transcoder.check (rfc2435::standard_scan_tables)));
    auto gray = test::flat_scan (frame.restart_interval, 4);
    auto scan = bytes.subspan (frame.scan_offset, frame.scan_size);
    for (auto begin = scan.begin ();;) {
      auto end = std::adjacent_find (begin, scan.end (), [] (auto a, auto b) {
        return a == 0xff && rfc2435::marker::is_rst (b);
      });
      fail_if (std::equal (begin, end, gray.begin (), gray.end ()),
          "frame %u, byte %u", i, unsigned (begin - scan.begin ()));
      if (end == scan.end ())
        break;
      begin = end + 2;
    }
  }
  assert_equals_int (test::frame_stat (depay->element, "packets-lost"), lost);
  assert_equals_int (
      test::frame_stat (depay->element, "frames-concealed"), healed);
  gst_harness_teardown (depay);
}
GST_END_TEST;

// Statistics survive a flush, and are reset by READY.
GST_START_TEST (test_flush)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  auto size = stream.send (jpeg);
  stream.set ("max-bitrate", bit_rate (size / 2));
  for (unsigned i = 0; i < 5; i++)
    stream.send (jpeg);
  stream.flush ();
  for (unsigned i = 0; i < 5; i++) {
    auto bytes = stream.send (jpeg);
    fail_unless (bytes > 0 && bytes <= size / 2 * 105 / 100);
  }
  assert_equals_int (
      stream.stat ("frames-requantized") + stream.stat ("frames-thinned"), 10);
  gst_element_set_state (stream.element (), GST_STATE_READY);
  gst_element_set_state (stream.element (), GST_STATE_PLAYING);
  assert_equals_int (stream.stat ("frames-requantized"), 0);
}
GST_END_TEST;

static Suite *
max_bitrate_suite ()
{
  auto suite = suite_create ("max_bitrate");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_frames_that_fit);
  tcase_add_test (tc, test_ceiling);
  tcase_add_test (tc, test_min_quality);
  tcase_add_test (tc, test_off);
  tcase_add_test (tc, test_error_resilience);
  tcase_add_test (tc, test_header_extension);
  tcase_add_test (tc, test_fill_cut_frames);
  tcase_add_test (tc, test_message_without_ceiling);
  tcase_add_test (tc, test_losses);
  tcase_add_test (tc, test_flush);

  return suite;
}

GST_CHECK_MAIN (max_bitrate)
