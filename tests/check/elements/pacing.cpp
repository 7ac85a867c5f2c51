// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg_builder.h"
#include "leaks.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

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
  gint64 time; // monotonic, in microseconds
  guint length;
};

// A harness, live as it is by default, that notes the lists pushed.
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
    gst_harness_use_systemclock (harness_);
    gst_harness_set_src_caps_str (harness_, caps);
  }
  ~Paced ()
  {
    join ();
    gst_harness_teardown (harness_);
  }
  Paced (const Paced &) = delete;
  Paced &operator= (const Paced &) = delete;

  GstHarness *harness () { return harness_; }
  GstElement *element () { return harness_->element; }

  // Pushes a picture with the time of now, or another.
  GstFlowReturn push ()
  {
    return push_at (gst_element_get_current_running_time (element ()));
  }

  GstFlowReturn push_at (GstClockTime pts)
  {
    auto jpeg = picture ();
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = pts;
    lists.clear ();
    auto flow = gst_harness_push (harness_, buffer);
    if (other_)
      g_thread_join (other_);
    other_ = nullptr;
    return flow;
  }

  guint sent () const
  {
    guint sum = 0;
    for (auto &list : lists)
      sum += list.length;
    return sum;
  }

  // Waits for the thread of `on_first_list`.
  void join ()
  {
    if (other_)
      g_thread_join (std::exchange (other_, nullptr));
  }

  std::vector<List> lists;
  // Called at the first list, from a thread of its own.
  GThreadFunc on_first_list = nullptr;

private:
  static GstPadProbeReturn on_list (
      GstPad *, GstPadProbeInfo *info, gpointer data)
  {
    auto self = static_cast<Paced *> (data);
    self->lists.push_back ({g_get_monotonic_time (),
        gst_buffer_list_length (GST_PAD_PROBE_INFO_BUFFER_LIST (info))});
    if (self->on_first_list && self->lists.size () == 1)
      self->other_ = g_thread_new ("other", self->on_first_list, self);
    return GST_PAD_PROBE_OK;
  }

  GstHarness *harness_;
  GThread *other_ = nullptr;
};

// There is so much time that a busy machine can't use it up.
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
    if (i > 0)
      fail_unless (paced.lists[i].time - paced.lists[i - 1].time >= 3900);
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

// With little time the bursts are larger, however late they are.
GST_START_TEST (test_part_property)
{
  Paced paced ("image/jpeg,framerate=30/1");
  g_object_set (paced.element (), "pacing", 0.1, "pacing-burst", 1u, nullptr);
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);
  fail_unless_equals_int (paced.sent (), packet_count);
  fail_unless_equals_int (paced.lists[0].length, 1);
  // 3.3 ms: three more bursts at most
  fail_unless (paced.lists.size () >= 2 && paced.lists.size () <= 4);
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

GST_START_TEST (test_no_timestamps)
{
  Paced paced;
  for (int i = 0; i < 3; i++) {
    paced.push_at (GST_CLOCK_TIME_NONE);
    fail_unless_equals_int (paced.lists.size (), 1);
  }
}
GST_END_TEST;

// As from multifilesrc
GST_START_TEST (test_segment_of_bytes)
{
  Paced paced;
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (paced.harness (), gst_event_new_segment (&segment));
  paced.push_at (GST_CLOCK_TIME_NONE);
  fail_unless_equals_int (paced.lists.size (), 1);
}
GST_END_TEST;

// Times that no clock will ever show, and whose sums overflow
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

// Frames a second apart that come without a pause
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
GST_START_TEST (test_late)
{
  Paced paced;
  auto now = gst_element_get_current_running_time (paced.element ());
  paced.push_at (now + GST_SECOND);
  paced.push_at (now);
  fail_unless_equals_int (paced.lists.size (), 2);
  fail_unless_equals_int (paced.lists[0].length, 32);
  fail_unless_equals_int (paced.lists[1].length, packet_count - 32);
}
GST_END_TEST;

// Packets one by one, a millisecond apart or more: over half a second.
static void
pace_slowly (Paced &paced)
{
  g_object_set (paced.element (), "pacing", 0.9, "pacing-burst", 1u, nullptr);
}

GST_START_TEST (test_flush)
{
  Paced paced (slow_caps);
  pace_slowly (paced);
  paced.on_first_list = [] (gpointer data) -> gpointer {
    auto pad = static_cast<Paced *> (data)->harness ()->srcpad;
    gst_pad_push_event (pad, gst_event_new_flush_start ());
    return nullptr;
  };
  fail_unless_equals_int (paced.push (), GST_FLOW_FLUSHING);
  fail_unless (paced.sent () < packet_count);

  // And on it goes.
  paced.join ();
  paced.on_first_list = nullptr;
  auto harness = paced.harness ();
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  g_object_set (paced.element (), "pacing", 0.5, "pacing-burst", 100u, nullptr);
  fail_unless_equals_int (paced.push (), GST_FLOW_OK);
  fail_unless_equals_int (paced.sent (), packet_count);
  fail_unless (paced.lists.size () > 1);
}
GST_END_TEST;

GST_START_TEST (test_stop)
{
  Paced paced (slow_caps);
  pace_slowly (paced);
  paced.on_first_list = [] (gpointer data) -> gpointer {
    gst_element_set_state (
        static_cast<Paced *> (data)->element (), GST_STATE_NULL);
    return nullptr;
  };
  fail_unless_equals_int (paced.push (), GST_FLOW_FLUSHING);
  fail_unless (paced.sent () < packet_count);
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
  tcase_add_test (tc, test_segment_of_bytes);
  tcase_add_test (tc, test_absurd_timestamps);
  tcase_add_test (tc, test_flat_out);
  tcase_add_test (tc, test_late);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_stop);

  return suite;
}

GST_CHECK_MAIN (pacing)
