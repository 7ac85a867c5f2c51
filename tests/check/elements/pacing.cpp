// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_stats.h"
#include "jpeg_builder.h"
#include "leaks.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>
#include <gst/rtp/rtp.h>

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

// 1199 MCUs of 32 bits, and EOI: 600 packets with 8 bytes of it or less
static test::ByteVector
picture ()
{
  return test::picture (1744, 176);
}

constexpr guint tiny_mtu = 28;
constexpr guint packet_count = 600;

struct List {
  GstClockTime time; // of the clock
  guint length;
};

// A harness, live by default, that records the lists pushed. Its clock advances
// only by the element's waits, each of which ends at once.
class Paced {
public:
  explicit Paced (const char *caps = "image/jpeg,framerate=30/1")
      : harness_ (gst_harness_new ("rfc2435pay"))
  {
    auto pad = gst_element_get_static_pad (harness_->element, "src");
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_BUFFER_LIST, on_list, this, nullptr);
    gst_object_unref (pad);
    g_object_set (harness_->element, "mtu", tiny_mtu, nullptr);
    gst_harness_use_testclock (harness_);
    clock_ = gst_harness_get_testclock (harness_);
    gst_harness_set_src_caps_str (harness_, caps);
  }
  ~Paced ()
  {
    gst_object_unref (clock_);
    gst_harness_teardown (harness_);
  }
  Paced (const Paced &) = delete;
  Paced &operator= (const Paced &) = delete;

  GstHarness *harness () { return harness_; }
  GstElement *element () { return harness_->element; }
  GstClockTime now () { return gst_clock_get_time (GST_CLOCK (clock_)); }
  void set_time (GstClockTime time) { gst_test_clock_set_time (clock_, time); }
  void advance (GstClockTime time)
  {
    gst_test_clock_advance_time (clock_, static_cast<GstClockTimeDiff> (time));
  }

  // Pushes a picture with the current time, or another.
  GstFlowReturn push () { return push_at (now ()); }

  GstFlowReturn push_at (GstClockTime pts)
  {
    lists.clear ();
    pts_ = pts;
    pushed_ = false;
    auto thread = g_thread_new ("push", push_in_thread, this);
    bool intervened = false;
    while (!pushed_) {
      if (gst_test_clock_peek_id_count (clock_) == 0)
        g_usleep (50);
      else if (on_first_wait && !std::exchange (intervened, true))
        on_first_wait (*this);
      else
        gst_test_clock_crank (clock_);
    }
    g_thread_join (thread);
    return flow_;
  }

  guint sent () const
  {
    guint sum = 0;
    for (auto &list : lists)
      sum += list.length;
    return sum;
  }

  guint64 stat (const char *field)
  {
    return test::frame_stat (element (), field);
  }

  void segment (double rate = 1, GstFormat format = GST_FORMAT_TIME)
  {
    GstSegment segment;
    gst_segment_init (&segment, format);
    segment.rate = rate;
    gst_harness_push_event (harness_, gst_event_new_segment (&segment));
  }

  std::vector<List> lists;
  // Called during the element's first wait, from another thread.
  std::function<void (Paced &)> on_first_wait;
  // Called in the element's thread when it pushes its first list.
  std::function<void (Paced &)> on_first_list;

private:
  static gpointer push_in_thread (gpointer data)
  {
    auto self = static_cast<Paced *> (data);
    auto jpeg = picture ();
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = self->pts_;
    self->flow_ = gst_harness_push (self->harness_, buffer);
    self->pushed_ = true;
    return nullptr;
  }

  static GstPadProbeReturn on_list (
      GstPad *, GstPadProbeInfo *info, gpointer data)
  {
    auto self = static_cast<Paced *> (data);
    self->lists.push_back ({self->now (),
        gst_buffer_list_length (GST_PAD_PROBE_INFO_BUFFER_LIST (info))});
    if (self->on_first_list && self->lists.size () == 1)
      self->on_first_list (*self);
    return GST_PAD_PROBE_OK;
  }

  GstHarness *harness_;
  GstTestClock *clock_;
  GstClockTime pts_ = 0;
  std::atomic<bool> pushed_{false};
  GstFlowReturn flow_ = GST_FLOW_OK;
};

// Enough time for bursts of the minimum size
constexpr const char *slow_caps = "image/jpeg,framerate=1/1";

GST_START_TEST (test_bursts)
{
  Paced paced (slow_caps);
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);

  // 18 bursts of 32 packets and one of 24, 4 ms apart
  fail_unless_equals_int (paced.sent (), packet_count);
  fail_unless_equals_int (paced.lists.size (), 19);
  for (gsize i = 0; i < paced.lists.size (); i++) {
    fail_unless_equals_int (paced.lists[i].length, i < 18 ? 32 : 24);
    fail_unless_equals_uint64 (paced.lists[i].time, i * 4 * GST_MSECOND);
  }
}
GST_END_TEST;

GST_START_TEST (test_burst_property)
{
  Paced paced (slow_caps);
  g_object_set (paced.element (), "pacing-burst", 100u, nullptr);
  paced.push ();
  fail_unless_equals_int (paced.lists.size (), 6);
  for (auto &list : paced.lists)
    fail_unless_equals_int (list.length, 100);
}
GST_END_TEST;

// With little time, here 3.3 ms, the bursts are larger.
GST_START_TEST (test_part_property)
{
  Paced paced ("image/jpeg,framerate=30/1");
  g_object_set (paced.element (), "pacing", 0.1, "pacing-burst", 1u, nullptr);
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);
  fail_unless_equals_int (paced.sent (), packet_count);
  fail_unless_equals_int (paced.lists.size (), 3);
  const guint lengths[] = {1, 300, 299};
  for (guint i = 0; i < 3; i++) {
    fail_unless_equals_int (paced.lists[i].length, lengths[i]);
    fail_unless_equals_uint64 (paced.lists[i].time, i * GST_MSECOND);
  }
}
GST_END_TEST;

GST_START_TEST (test_off)
{
  Paced paced;
  g_object_set (paced.element (), "pacing", 0.0, nullptr);
  for (int i = 0; i < 3; i++) {
    paced.push ();
    fail_unless_equals_int (paced.lists.size (), 1);
    fail_unless_equals_int (paced.lists[0].length, packet_count);
  }

  // While playing, and back
  g_object_set (paced.element (), "pacing", 0.5, nullptr);
  paced.push ();
  fail_unless (paced.lists.size () > 1);
}
GST_END_TEST;

// Frames without timestamps get their own, and are paced.
GST_START_TEST (test_no_timestamps)
{
  for (auto caps : {slow_caps, "image/jpeg"}) {
    Paced paced (caps);
    // As souphttpsrc reports for a camera
    gst_harness_set_live (paced.harness (), FALSE);
    for (int i = 0; i < 12; i++) {
      paced.set_time (i * GST_SECOND);
      paced.push_at (GST_CLOCK_TIME_NONE);
      fail_unless (paced.lists.size () > 1);
      fail_unless_equals_int (paced.sent (), packet_count);
    }
  }
}
GST_END_TEST;

// Without a clock, nothing waits and nothing is held back.
GST_START_TEST (test_no_clock)
{
  Paced paced;
  gst_element_set_clock (paced.element (), nullptr);
  for (int i = 0; i < 3; i++) {
    fail_unless_equals_int (paced.push (), GST_FLOW_OK);
    // A sink might preroll with the first one.
    fail_unless_equals_int (paced.lists.size (), i == 0 ? 2 : 1);
    fail_unless_equals_int (paced.sent (), packet_count);
  }
  fail_unless_equals_uint64 (paced.stat ("packets-sent"), 3 * packet_count);
  fail_unless_equals_uint64 (paced.stat ("frames-out"), 3);
}
GST_END_TEST;

// As from multifilesrc: the frame rate is the only source of time.
GST_START_TEST (test_segment_of_bytes)
{
  Paced paced (slow_caps);
  paced.segment (1, GST_FORMAT_BYTES);
  fail_unless_equals_int (paced.push_at (GST_CLOCK_TIME_NONE), GST_FLOW_OK);
  fail_unless_equals_int (paced.lists.size (), 19);

  auto pad = paced.harness ()->sinkpad;
  auto event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  gst_event_parse_segment (event, &segment);
  fail_unless_equals_int (segment->format, GST_FORMAT_TIME);
  gst_event_unref (event);
}
GST_END_TEST;

// Times that no clock will ever reach, and whose sums overflow
GST_START_TEST (test_absurd_timestamps)
{
  Paced paced ("image/jpeg,framerate=1/2147483647");
  for (GstClockTime pts : {GST_CLOCK_TIME_NONE - 1, GstClockTime{1} << 63,
           GstClockTime{G_MAXINT64}, GstClockTime{1} << 60}) {
    paced.push_at (0);
    fail_unless_equals_int (paced.push_at (pts), GST_FLOW_OK);
    fail_unless_equals_int (paced.sent (), packet_count);
    fail_unless (paced.lists.size () <= 2);
  }
}
GST_END_TEST;

// Frames a second apart that arrive without a pause
GST_START_TEST (test_flat_out)
{
  Paced paced;
  for (int i = 0; i < 20; i++) {
    paced.push_at (i * GST_SECOND);
    fail_unless_equals_int (paced.sent (), packet_count);
    if (i >= 2)
      fail_unless_equals_int (paced.lists.size (), 1);
  }
}
GST_END_TEST;

// A second behind the frame before it
static void
push_late (Paced &paced)
{
  paced.push_at (paced.now ());
  auto now = paced.now ();
  paced.set_time (now + 2 * GST_SECOND);
  paced.push_at (now + GST_SECOND);
}

GST_START_TEST (test_late)
{
  Paced paced;
  push_late (paced);
  fail_unless_equals_int (paced.lists.size (), 2);
  fail_unless_equals_int (paced.lists[0].length, 32);
  fail_unless_equals_int (paced.lists[1].length, packet_count - 32);
}
GST_END_TEST;

// What came before a new segment or a gap says nothing about what follows.
GST_START_TEST (test_new_beginnings)
{
  for (bool gap : {false, true}) {
    Paced paced;
    push_late (paced);
    fail_unless_equals_int (paced.lists.size (), 2);
    if (gap)
      gst_harness_push_event (
          paced.harness (), gst_event_new_gap (paced.now (), GST_SECOND));
    else
      paced.segment ();
    paced.push_at (paced.now () - GST_SECOND);
    fail_unless (paced.lists.size () > 2);
  }
}
GST_END_TEST;

// A source that becomes live with a new segment
GST_START_TEST (test_becomes_live)
{
  Paced paced;
  auto push_30 = [&paced] {
    for (int i = 0; i < 30; i++) {
      paced.advance (GST_SECOND / 30);
      paced.push ();
    }
  };
  gst_harness_set_live (paced.harness (), FALSE);
  push_30 ();
  fail_unless_equals_int (paced.lists.size (), 1);

  gst_harness_set_live (paced.harness (), TRUE);
  paced.segment ();
  push_30 ();
  fail_unless (paced.lists.size () > 1);
}
GST_END_TEST;

// Played at double speed, forwards or backwards, frames have half the time.
GST_START_TEST (test_rate)
{
  for (double rate : {1., 2., -2.}) {
    Paced paced;
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.rate = rate;
    segment.stop = 100 * GST_SECOND;
    gst_harness_push_event (paced.harness (), gst_event_new_segment (&segment));
    fail_unless_equals_int (
        paced.push_at (rate < 0 ? segment.stop : 0), GST_FLOW_OK);
    auto time = paced.lists.back ().time;
    GstClockTime least = (rate == 1 ? 10 : 5) * GST_MSECOND;
    GstClockTime most = GST_SECOND / (rate == 1 ? 60 : 120);
    fail_unless (time > least && time <= most, "rate %f: %" GST_TIME_FORMAT,
        rate, GST_TIME_ARGS (time));
  }
}
GST_END_TEST;

static guint16
first_seqnum (GstHarness *harness)
{
  guint16 seqnum = 0;
  auto buffer = gst_harness_pull (harness);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  fail_unless (gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp));
  seqnum = gst_rtp_buffer_get_seq (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  gst_buffer_unref (buffer);
  while ((buffer = gst_harness_try_pull (harness)))
    gst_buffer_unref (buffer);
  return seqnum;
}

// The packets that are no longer sent leave a gap, so that no receiver combines
// the partial frame with the next one.
GST_START_TEST (test_flush)
{
  Paced paced (slow_caps);
  auto harness = paced.harness ();
  paced.on_first_wait = [] (Paced &p) {
    gst_pad_push_event (p.harness ()->srcpad, gst_event_new_flush_start ());
  };
  fail_unless_equals_int (paced.push (), GST_FLOW_FLUSHING);
  fail_unless_equals_int (paced.sent (), 32);
  fail_unless_equals_uint64 (paced.stat ("packets-sent"), 32);
  fail_unless_equals_uint64 (paced.stat ("frames-out"), 0);
  fail_unless_equals_uint64 (paced.stat ("frames-unsent"), 1);
  auto seqnum = first_seqnum (harness);

  // The stream continues.
  paced.on_first_wait = nullptr;
  gst_harness_push_event (harness, gst_event_new_flush_stop (FALSE));
  paced.segment ();
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);
  fail_unless_equals_int (paced.sent (), packet_count);
  fail_unless_equals_int (paced.lists.size (), 19);
  fail_unless_equals_int (
      first_seqnum (harness), static_cast<guint16> (seqnum + packet_count));
  fail_unless_equals_uint64 (paced.stat ("packets-sent"), 32 + packet_count);
  fail_unless_equals_uint64 (paced.stat ("frames-out"), 1);
}
GST_END_TEST;

// The same if downstream refuses packets: here the second burst.
GST_START_TEST (test_refused)
{
  Paced paced (slow_caps);
  auto harness = paced.harness ();
  paced.on_first_wait = [] (Paced &p) {
    GST_PAD_SET_FLUSHING (p.harness ()->sinkpad);
  };
  fail_unless_equals_int (paced.push (), GST_FLOW_FLUSHING);
  fail_unless_equals_uint64 (paced.stat ("packets-sent"), 32);
  fail_unless_equals_uint64 (paced.stat ("frames-unsent"), 1);
  auto seqnum = first_seqnum (harness);

  GST_PAD_UNSET_FLUSHING (harness->sinkpad);
  paced.on_first_wait = nullptr;
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);
  fail_unless_equals_int (
      first_seqnum (harness), static_cast<guint16> (seqnum + packet_count));
}
GST_END_TEST;

// Stopping does not wait for a clock that has stopped.
GST_START_TEST (test_stop)
{
  Paced paced (slow_caps);
  paced.on_first_wait = [] (Paced &p) {
    gst_element_set_state (p.element (), GST_STATE_NULL);
  };
  paced.push ();
  fail_unless (paced.lists.size () <= 2);
  fail_unless_equals_int (paced.stat ("packets-sent"), paced.sent ());
}
GST_END_TEST;

static bool
has_extension (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  fail_unless (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  bool has = gst_rtp_buffer_get_extension (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  return has;
}

// Changes while a frame is being sent take effect with the next one.
GST_START_TEST (test_changes_in_mid_frame)
{
  constexpr guint mtu = 60;
  Paced paced (slow_caps);
  g_object_set (paced.element (), "mtu", mtu, nullptr);
  paced.on_first_list = [] (Paced &p) {
    auto extension = gst_rtp_header_extension_create_from_uri (
        "http://www.ietf.org/id/"
        "draft-holmer-rmcat-transport-wide-cc-extensions-01");
    gst_rtp_header_extension_set_id (extension, 1);
    g_signal_emit_by_name (p.element (), "add-extension", extension);
    gst_object_unref (extension);
    g_object_set (p.element (), "pt", 96u, nullptr);
  };

  for (bool changed : {false, true}) {
    fail_unless_equals_int (paced.push (), GST_FLOW_OK);
    fail_unless (paced.lists.size () > 2);
    for (guint i = 0; i < paced.sent (); i++) {
      auto buffer = gst_harness_pull (paced.harness ());
      guint8 pt;
      gst_buffer_extract (buffer, 1, &pt, 1);
      fail_unless (gst_buffer_get_size (buffer) <= mtu);
      fail_unless_equals_int (has_extension (buffer), changed);
      fail_unless_equals_int (pt & 127, changed ? 96 : 26);
      gst_buffer_unref (buffer);
    }
    paced.on_first_list = nullptr;
    paced.advance (GST_SECOND);
  }
}
GST_END_TEST;

static Suite *
pacing_suite ()
{
  auto suite = suite_create ("pacing");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_bursts);
  tcase_add_test (tc, test_burst_property);
  tcase_add_test (tc, test_part_property);
  tcase_add_test (tc, test_off);
  tcase_add_test (tc, test_no_timestamps);
  tcase_add_test (tc, test_no_clock);
  tcase_add_test (tc, test_segment_of_bytes);
  tcase_add_test (tc, test_absurd_timestamps);
  tcase_add_test (tc, test_flat_out);
  tcase_add_test (tc, test_late);
  tcase_add_test (tc, test_new_beginnings);
  tcase_add_test (tc, test_becomes_live);
  tcase_add_test (tc, test_rate);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_refused);
  tcase_add_test (tc, test_stop);
  tcase_add_test (tc, test_changes_in_mid_frame);

  return suite;
}

GST_CHECK_MAIN (pacing)
