// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// rfc2435pay as part of a stream: times, events, settings, reused memory.
// Included before check.h, whose macro fail() would break <ios>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "assert_text.h"
#include "exif_builder.h"
#include "leaks.h"
#include "log_lines.h"
#include "payloader.h"

#include <gst/video/video.h>

#include <algorithm>

static GstBuffer *
buffer_of (const ByteVector &jpeg)
{
  return gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
}

static void
push_segment (Payloader &pay)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (pay.harness (), gst_event_new_segment (&segment));
}

static std::string
text_of (GstMessage *message)
{
  fail_unless (message != nullptr);
  GError *error = nullptr;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, nullptr);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, nullptr);
  else
    gst_message_parse_info (message, &error, nullptr);
  std::string text = error->message;
  g_error_free (error);
  gst_message_unref (message);
  return text;
}

GST_START_TEST (test_corrupted)
{
  Payloader pay;
  pay.send (big_picture ());
  for (int i = 0; i < 2; i++) {
    auto buffer = buffer_of (big_picture ());
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_CORRUPTED);
    fail_unless_equals_int (
        gst_harness_push (pay.harness (), buffer), GST_FLOW_OK);
    fail_unless (pay.take ().empty ());
  }
  fail_unless_equals_uint64 (pay.dropped ("corrupted"), 2);
  fail_unless (text_of (pay.pop (GST_MESSAGE_WARNING))
                   .starts_with ("Dropped a frame: a frame that its source "
                                 "marked as corrupted. "));
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
  // No gap: nothing was lost on the way.
  fail_unless_equals_int (pay.send (big_picture ())[0].seqnum, 11);
}
GST_END_TEST;

GST_START_TEST (test_payload_types)
{
  for (guint pt = 0; pt <= 127; pt++) {
    bool allowed = pt == 26 || pt >= 96;
    Payloader pay;
    pay.set ("pt", pt);
    gst_harness_set_src_caps_str (pay.harness (), "image/jpeg,framerate=25/1");
    auto flow = pay.push (big_picture ());
    auto packets = pay.take ();
    auto error = pay.pop (GST_MESSAGE_ERROR);
    if (allowed) {
      fail_unless_equals_int (flow, GST_FLOW_OK);
      fail_unless_equals_int (packets.at (0).pt, pt);
      fail_unless (error == nullptr);
    } else {
      fail_unless (flow != GST_FLOW_OK && packets.empty ());
      auto wanted =
          "Payload type " + std::to_string (pt) +
          " is not valid for JPEG: set pt to 26, or to a value from 96 to 127.";
      assert_text (text_of (error), wanted);
    }
  }
}
GST_END_TEST;

// The caps agree with the packets: rtpsession looks up the clock rate by it.
GST_START_TEST (test_change_of_payload_type)
{
  Payloader pay;
  for (guint pt : {26u, 97u, 98u, 26u}) {
    pay.set ("pt", pt);
    fail_unless_equals_int (pay.send (big_picture ()).at (0).pt, pt);
    auto caps = gst_pad_get_current_caps (pay.harness ()->sinkpad);
    gint payload = 0;
    gst_structure_get_int (
        gst_caps_get_structure (caps, 0), "payload", &payload);
    gst_caps_unref (caps);
    fail_unless_equals_int (payload, pt);
  }
}
GST_END_TEST;

// Sources stop for good if they are told that negotiation failed.
GST_START_TEST (test_negotiation_while_flushing)
{
  Payloader pay;
  pay.send (big_picture ());
  pay.set ("pt", 97u);
  auto pad = gst_element_get_static_pad (pay.element (), "src");
  gst_pad_set_active (pad, FALSE);
  fail_unless_equals_int (pay.push (big_picture ()), GST_FLOW_FLUSHING);
  gst_object_unref (pad);
}
GST_END_TEST;

GST_START_TEST (test_x_jpeg)
{
  Payloader pay ("video/x-jpeg,framerate=25/1");
  fail_unless_equals_int (pay.send (big_picture ()).size (), 4);
  assert_text (pay.caps_field ("a-framerate"), "25");
}
GST_END_TEST;

// Each picture gets a timestamp from the frame rate,
GST_START_TEST (test_no_timestamps)
{
  Payloader pay ("image/jpeg,framerate=5/1");
  for (guint i = 0; i < 10; i++) {
    auto packets = pay.send (big_picture (), GST_CLOCK_TIME_NONE);
    for (auto &p : packets) {
      fail_unless_equals_int (p.timestamp, 1000 + i * 18000);
      fail_unless_equals_uint64 (p.pts, i * 200 * GST_MSECOND);
    }
  }
  assert_text (text_of (pay.pop (GST_MESSAGE_INFO)),
      "Pictures have no timestamps; the frame rate in the caps determines "
      "their times.");
  fail_unless (pay.pop (GST_MESSAGE_INFO) == nullptr);

  // One that has a timestamp keeps it, and the next ones follow it.
  auto timed = pay.send (big_picture (), 50 * GST_SECOND);
  fail_unless_equals_int (timed[0].timestamp, 1000 + 50 * 90000);
  timed = pay.send (big_picture (), GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (timed[0].timestamp, 1000 + 50 * 90000 + 18000);

  // A source that pauses is not mistaken for a slow one.
  auto packets = pay.send (big_picture (), 100 * GST_SECOND);
  fail_unless_equals_int (packets[0].timestamp, 1000 + 9'000'000);
  gst_harness_set_time (pay.harness (), 200 * GST_SECOND);
  packets = pay.send (big_picture (), GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (packets[0].timestamp, 1000 + 18'000'000);
  gst_harness_set_time (pay.harness (), 300 * GST_SECOND);
  packets = pay.send (big_picture (), GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (packets[0].timestamp, 1000 + 27'000'000);
}
GST_END_TEST;

// or from its arrival.
GST_START_TEST (test_no_timestamps_and_no_rate)
{
  Payloader pay ("image/jpeg");
  for (guint i = 0; i < 10; i++) {
    gst_harness_set_time (pay.harness (), (3 + i * i) * GST_SECOND);
    auto packets = pay.send (big_picture (), GST_CLOCK_TIME_NONE);
    fail_unless_equals_int (packets[0].timestamp, 1000 + (3 + i * i) * 90000);
  }
  fail_unless (text_of (pay.pop (GST_MESSAGE_INFO))
                   .starts_with ("Pictures have no timestamps; their "
                                 "arrival determines "));

  // A timestamp before a time that was given is no better than none.
  struct {
    int now, own, given;
  } const frames[] = {
      {90, 89, 89}, {91, -1, 91}, {92, 90, 92}, {93, 92, 93}, {94, 94, 94}};
  for (auto &[now, own, given] : frames) {
    gst_harness_set_time (pay.harness (), now * GST_SECOND);
    auto packets = pay.send (
        big_picture (), own < 0 ? GST_CLOCK_TIME_NONE : own * GST_SECOND);
    fail_unless_equals_int (packets[0].timestamp, 1000 + given * 90000);
  }
}
GST_END_TEST;

// JPEGs are never reordered, so their PTS is their DTS.
GST_START_TEST (test_decoding_timestamps_alone)
{
  Payloader pay;
  auto buffer = buffer_of (big_picture ());
  GST_BUFFER_DTS (buffer) = 7 * GST_SECOND;
  gst_harness_push (pay.harness (), buffer);
  fail_unless_equals_int (pay.take ()[0].timestamp, 1000 + 7 * 90000);
  fail_unless (pay.pop (GST_MESSAGE_INFO) == nullptr);
}
GST_END_TEST;

// Segments in bytes have no time, so timestamps are generated.
GST_START_TEST (test_segment_of_bytes)
{
  Payloader pay ("image/jpeg,framerate=10/1");
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (pay.harness (), gst_event_new_segment (&segment));
  for (guint i = 0; i < 5; i++)
    fail_unless_equals_int (
        pay.send (big_picture (), GST_CLOCK_TIME_NONE)[0].timestamp,
        1000 + i * 9000);
}
GST_END_TEST;

// A new segment begins at its own time.
GST_START_TEST (test_no_timestamps_in_new_segment)
{
  Payloader pay ("image/jpeg,framerate=10/1");
  const GstClockTime times[] = {GST_CLOCK_TIME_NONE, 50 * GST_SECOND};
  for (auto before : times) {
    for (guint i = 0; i < 5; i++)
      pay.send (big_picture (), before);
    push_segment (pay);
    fail_unless_equals_int (
        pay.send (big_picture (), GST_CLOCK_TIME_NONE)[0].timestamp, 1000);
  }
}
GST_END_TEST;

// Messages that were posted for one stream are posted for the next one again.
GST_START_TEST (test_new_streams)
{
  Payloader pay;
  auto announced = [&pay] {
    pay.send (gray_picture ());
    auto message = pay.pop (GST_MESSAGE_INFO);
    if (message)
      gst_message_unref (message);
    return message != nullptr;
  };
  fail_unless (announced ());
  fail_if (announced ());
  gst_harness_push_event (pay.harness (), gst_event_new_flush_start ());
  gst_harness_push_event (pay.harness (), gst_event_new_flush_stop (TRUE));
  push_segment (pay);
  fail_unless (announced ());
  fail_if (announced ());

  auto harness = pay.harness ();
  gst_harness_push_event (harness, gst_event_new_stream_start ("another"));
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=30/1");
  push_segment (pay);
  fail_unless (announced ());
  fail_if (announced ());
}
GST_END_TEST;

// A packet that was released is reused, and is like a new one.
GST_START_TEST (test_packets_used_again)
{
  Payloader pay;
  std::vector<GstBuffer *> used;
  auto reference = gst_caps_new_empty_simple ("timestamp/x-unix");
  auto fresh = pay.send (big_picture ());

  for (int round = 0; round < 3; round++) {
    fail_unless_equals_int (pay.push (big_picture ()), GST_FLOW_OK);
    for (guint i = 0; i < 4; i++) {
      auto packet = gst_harness_pull (pay.harness ());
      if (round > 0)
        fail_unless (
            std::find (used.begin (), used.end (), packet) != used.end ());
      used.push_back (packet);
      fail_unless (
          gst_buffer_get_reference_timestamp_meta (packet, nullptr) == nullptr);
      fail_unless_equals_uint64 (GST_BUFFER_PTS (packet), 0);
      fail_unless_equals_uint64 (GST_BUFFER_DTS (packet), GST_CLOCK_TIME_NONE);
      fail_unless_equals_uint64 (
          GST_BUFFER_DURATION (packet), GST_CLOCK_TIME_NONE);
      fail_unless_equals_uint64 (
          GST_BUFFER_OFFSET (packet), GST_BUFFER_OFFSET_NONE);
      fail_unless_equals_uint64 (
          GST_BUFFER_OFFSET_END (packet), GST_BUFFER_OFFSET_NONE);
      fail_unless_equals_int (
          !!GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_MARKER), i == 3);
      fail_if (GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_DROPPABLE));
      fail_unless (read_packet (packet).payload == fresh[i].payload);

      // Changes that other elements make to packets
      gst_buffer_add_reference_timestamp_meta (
          packet, reference, 42, GST_CLOCK_TIME_NONE);
      GST_BUFFER_DTS (packet) = GST_BUFFER_DURATION (packet) = 42;
      GST_BUFFER_OFFSET (packet) = GST_BUFFER_OFFSET_END (packet) = 42;
      GST_BUFFER_FLAG_SET (packet, GST_BUFFER_FLAG_DROPPABLE);
      gst_buffer_resize (packet, 7, 20);
      gst_buffer_unref (packet);
    }
  }
  gst_caps_unref (reference);
}
GST_END_TEST;

namespace {

// Releases packets in two threads. They don't use GLib's locks, which the
// thread sanitizer doesn't see.
class LettingGo {
public:
  LettingGo ()
  {
    for (auto &thread : threads_)
      thread = std::thread ([this] { run (); });
  }
  ~LettingGo ()
  {
    put (nullptr);
    for (auto &thread : threads_)
      thread.join ();
  }
  LettingGo (const LettingGo &) = delete;
  LettingGo &operator= (const LettingGo &) = delete;

  // Null ends the threads.
  void put (GstBuffer *packet)
  {
    std::lock_guard lock (mutex_);
    packets_.push_back (packet);
    more_.notify_all ();
  }

private:
  void run ()
  {
    for (;;) {
      std::unique_lock lock (mutex_);
      more_.wait (lock, [this] { return !packets_.empty (); });
      auto packet = packets_.front ();
      if (!packet)
        return;
      packets_.pop_front ();
      lock.unlock ();
      gst_buffer_unref (packet);
    }
  }

  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<GstBuffer *> packets_;
  std::thread threads_[2];
};

} // namespace

// The last references to two frames' packets are released in two other threads
// while more frames are made.
GST_START_TEST (test_packets_come_back_from_threads)
{
  Payloader pay;
  auto expected = joined_scan (pay.send (big_picture ()));
  LettingGo letting_go;
  for (int frame = 0; frame < 300; frame++) {
    fail_unless_equals_int (pay.push (big_picture ()), GST_FLOW_OK);
    std::vector<Packet> packets;
    while (auto packet = gst_harness_try_pull (pay.harness ())) {
      packets.push_back (read_packet (packet));
      letting_go.put (packet);
    }
    fail_unless (joined_scan (packets) == expected);
  }
}
GST_END_TEST;

// Only video metadata is copied to packets (as by GStreamer's own payloaders).
GST_START_TEST (test_meta_of_other_kinds)
{
  static const gchar *tags[] = {"audio", nullptr};
  static const GstMetaInfo *audio = gst_meta_register_custom (
      "Rfc2435TestAudioMeta", tags, nullptr, nullptr, nullptr);
  static const gchar *both_tags[] = {
      GST_META_TAG_VIDEO_STR, GST_META_TAG_VIDEO_ORIENTATION_STR, nullptr};
  static const GstMetaInfo *two = gst_meta_register_custom (
      "Rfc2435TestTwoTagsMeta", both_tags, nullptr, nullptr, nullptr);
  static const gchar *video_tags[] = {GST_META_TAG_VIDEO_STR, nullptr};
  static const GstMetaInfo *video = gst_meta_register_custom (
      "Rfc2435TestVideoMeta", video_tags, nullptr, nullptr, nullptr);
  fail_unless (audio && two && video);

  Payloader pay;
  auto buffer = buffer_of (big_picture ());
  gst_buffer_add_custom_meta (buffer, "Rfc2435TestAudioMeta");
  gst_buffer_add_custom_meta (buffer, "Rfc2435TestTwoTagsMeta");
  gst_buffer_add_custom_meta (buffer, "Rfc2435TestVideoMeta");
  gst_harness_push (pay.harness (), buffer);
  for (guint i = 0; i < 4; i++) {
    auto packet = gst_harness_pull (pay.harness ());
    fail_if (gst_buffer_get_custom_meta (packet, "Rfc2435TestAudioMeta"));
    fail_if (gst_buffer_get_custom_meta (packet, "Rfc2435TestTwoTagsMeta"));
    fail_unless (gst_buffer_get_custom_meta (packet, "Rfc2435TestVideoMeta"));
    gst_buffer_unref (packet);
  }
}
GST_END_TEST;

// All extensions get two-byte headers if one of them needs that for its id, and
// the packets have room for them.
GST_START_TEST (test_extension_ids_over_14)
{
  for (guint id : {14u, 15u, 255u}) {
    Payloader pay;
    pay.set ("mtu", 200u);
    for (guint i : {1u, 2u, id}) {
      auto extension = gst_rtp_header_extension_create_from_uri (
          GST_RTP_HDREXT_BASE GST_RTP_HDREXT_NTP_64);
      fail_unless (extension != nullptr);
      gst_rtp_header_extension_set_id (extension, i);
      g_signal_emit_by_name (pay.element (), "add-extension", extension);
      gst_object_unref (extension);
    }
    auto jpeg = big_picture ();
    auto buffer = buffer_of (jpeg);
    auto ntp = gst_caps_new_empty_simple ("timestamp/x-ntp");
    gst_buffer_add_reference_timestamp_meta (
        buffer, ntp, 42 * GST_SECOND, GST_CLOCK_TIME_NONE);
    gst_caps_unref (ntp);
    gst_harness_push (pay.harness (), buffer);
    auto packets = pay.take ();
    fail_unless (joined_scan (packets) == big_scan ());
    for (auto &p : packets) {
      fail_unless_equals_int (p.bytes[12], id > 14 ? 0x10 : 0xbe);
      if (!p.marker)
        fail_unless_equals_int (p.bytes.size (), 200);
    }
  }
}
GST_END_TEST;

// A picture with an orientation is sent unchanged, and a message says so.
GST_START_TEST (test_orientation)
{
  Payloader pay;
  auto with = [] (std::uint8_t orientation) {
    auto jpeg = big_picture ();
    auto segment = test::JpegBuilder ()
                       .segment (0xe1, test::exif (orientation, true))
                       .bytes;
    jpeg.insert (jpeg.begin () + 2, segment.begin (), segment.end ());
    return jpeg;
  };
  fail_unless_equals_int (pay.send (with (1)).size (), 4);
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
  fail_unless (joined_scan (pay.send (with (6))) == big_scan ());
  fail_unless (joined_scan (pay.send (with (6))) == big_scan ());

  auto message = pay.pop (GST_MESSAGE_WARNING);
  const GstStructure *details;
  guint orientation;
  fail_unless (message != nullptr);
  gst_message_parse_warning_details (message, &details);
  fail_unless (gst_structure_has_name (details, "rfc2435pay-orientation"));
  fail_unless (gst_structure_get_uint (details, "orientation", &orientation));
  fail_unless_equals_int (orientation, 6);
  assert_text (text_of (message),
      "The pictures have Exif orientation 6, which RTP can't convey to "
      "receivers. Put jpegflip video-direction=auto before rfc2435pay to "
      "turn them.");
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
}
GST_END_TEST;

// One line per frame at LOG, one-time events at INFO, the rest at DEBUG.
GST_START_TEST (test_logs)
{
  test::LogLines lines ("rfc2435pay", GST_LEVEL_LOG);
  Payloader pay;

  pay.send (big_picture ());
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 1);
  fail_unless (lines.take (GST_LEVEL_DEBUG) > 0);
  fail_unless (lines.take (GST_LEVEL_INFO) > 0);
  for (int i = 0; i < 30; i++)
    pay.send (big_picture ());
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 30);
  fail_unless (lines.last ().starts_with ("sent a frame: "));
  fail_unless_equals_int (lines.take (GST_LEVEL_INFO), 0);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 0);

  pay.push ({});
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 1);
  pay.set ("check-scan", TRUE);
  pay.set ("pacing", 0.3);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 2);
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 0);

  lines.set_threshold (GST_LEVEL_DEBUG);
  pay.send (big_picture ());
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 0);
}
GST_END_TEST;

static Suite *
rfc2435pay_stream_suite ()
{
  auto suite = suite_create ("rfc2435pay_stream");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_corrupted);
  tcase_add_test (tc, test_payload_types);
  tcase_add_test (tc, test_change_of_payload_type);
  tcase_add_test (tc, test_negotiation_while_flushing);
  tcase_add_test (tc, test_x_jpeg);
  tcase_add_test (tc, test_no_timestamps);
  tcase_add_test (tc, test_no_timestamps_and_no_rate);
  tcase_add_test (tc, test_decoding_timestamps_alone);
  tcase_add_test (tc, test_segment_of_bytes);
  tcase_add_test (tc, test_no_timestamps_in_new_segment);
  tcase_add_test (tc, test_new_streams);
  tcase_add_test (tc, test_packets_used_again);
  tcase_add_test (tc, test_packets_come_back_from_threads);
  tcase_add_test (tc, test_meta_of_other_kinds);
  tcase_add_test (tc, test_extension_ids_over_14);
  tcase_add_test (tc, test_orientation);
  tcase_add_test (tc, test_logs);
  return suite;
}

GST_CHECK_MAIN (rfc2435pay_stream)
