// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// States and events of v4l2mjpegsrc, from several threads and while downstream
// accepts nothing.
#include <atomic>
#include <limits>
#include <random>
#include <thread>

// Included after <ios>, which its macro fail() would break
#include "camera_rig.h"
#include "leaks.h"

namespace {

// A source that fails before its segment, and pushes frames, which its encoder
// holds up, until it is stopped.
class FailsAheadOfSegment {
public:
  explicit FailsAheadOfSegment (GstElement *camera) : camera_ (camera)
  {
    auto source = gst_bin_get_by_name (GST_BIN (camera), "source");
    auto pad = gst_element_get_static_pad (source, "src");
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, see_event, this, nullptr);
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_BUFFER, see_frame, this, nullptr);
    gst_object_unref (pad);
    gst_object_unref (source);
  }

private:
  static GstPadProbeReturn see_event (
      GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
  {
    auto self = static_cast<FailsAheadOfSegment *> (user_data);
    if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_SEGMENT &&
        !self->encoder_pad_ && self->frames_ == 0) {
      auto encoder = gst_bin_get_by_name (GST_BIN (self->camera_), "encoder");
      self->encoder_pad_ = gst_element_get_static_pad (encoder, "src");
      gst_object_unref (encoder);
      GST_PAD_STREAM_LOCK (self->encoder_pad_);
      auto source = gst_pad_get_parent_element (pad);
      GST_ELEMENT_ERROR (source, RESOURCE, FAILED, ("It fails."), (nullptr));
      gst_object_unref (source);
      g_usleep (200000);
    }
    return GST_PAD_PROBE_OK;
  }
  static GstPadProbeReturn see_frame (
      GstPad *, GstPadProbeInfo *, gpointer user_data)
  {
    auto self = static_cast<FailsAheadOfSegment *> (user_data);
    if (++self->frames_ == 4) {
      GST_PAD_STREAM_UNLOCK (self->encoder_pad_);
      gst_clear_object (&self->encoder_pad_);
    }
    return GST_PAD_PROBE_OK;
  }

  GstElement *camera_;
  GstPad *encoder_pad_ = nullptr;
  int frames_ = 0;
};

// A pipeline with a slow sink, which accepts only one buffer in PAUSED.
class SlowPipeline {
public:
  explicit SlowPipeline (int sleep)
  {
    pipeline_ = gst_pipeline_new (nullptr);
    camera_ = gst_element_factory_make ("v4l2mjpegsrc", nullptr);
    g_object_set (camera_, "source", scripted_source_new (), nullptr);
    auto queue = gst_element_factory_make ("queue", "queue");
    g_object_set (queue, "max-size-buffers", 2, nullptr);
    auto identity = gst_element_factory_make ("identity", nullptr);
    g_object_set (
        identity, "sleep-time", sleep, "signal-handoffs", TRUE, nullptr);
    g_signal_connect (identity, "handoff", G_CALLBACK (hold), this);
    auto sink = gst_element_factory_make ("fakesink", nullptr);
    g_object_set (sink, "sync", FALSE, "signal-handoffs", TRUE, nullptr);
    g_signal_connect (sink, "handoff", G_CALLBACK (count), this);
    gst_bin_add_many (
        GST_BIN (pipeline_), camera_, queue, identity, sink, nullptr);
    fail_unless (
        gst_element_link_many (camera_, queue, identity, sink, nullptr));
  }
  ~SlowPipeline ()
  {
    release ();
    set_state (GST_STATE_NULL);
    gst_object_unref (pipeline_);
  }
  SlowPipeline (const SlowPipeline &) = delete;
  SlowPipeline &operator= (const SlowPipeline &) = delete;

  GstElement *camera () { return camera_; }
  GstElement *pipeline () { return pipeline_; }
  void set_state (GstState state) { gst_element_set_state (pipeline_, state); }
  // Keeps all frames after the first `count` from the sink.
  void hold_after (int count) { let_through_ = count; }
  void release () { let_through_ = std::numeric_limits<int>::max (); }
  int queued ()
  {
    auto queue = gst_bin_get_by_name (GST_BIN (pipeline_), "queue");
    guint count = 0;
    g_object_get (queue, "current-level-buffers", &count, nullptr);
    gst_object_unref (queue);
    return static_cast<int> (count);
  }
  void wait_frames (int more)
  {
    auto wanted = frames_ + more;
    for (int i = 0; i < 2000 && frames_ < wanted; i++)
      g_usleep (10000);
    fail_unless (frames_ >= wanted, "no frames");
  }
  std::string status () { return camera_status (camera_); }
  void wait_status (const char *wanted)
  {
    wait_camera_status (camera_, wanted);
  }

private:
  static void hold (GstElement *, GstBuffer *, gpointer user_data)
  {
    auto self = static_cast<SlowPipeline *> (user_data);
    self->arrived_++;
    while (self->arrived_ > self->let_through_)
      g_usleep (1000);
  }
  static void count (GstElement *, GstBuffer *, GstPad *, gpointer self)
  {
    static_cast<SlowPipeline *> (self)->frames_++;
  }

  GstElement *pipeline_ = nullptr;
  GstElement *camera_ = nullptr;
  std::atomic<int> arrived_ = 0; // ahead of the sink
  std::atomic<int> let_through_ = std::numeric_limits<int>::max ();
  std::atomic<int> frames_ = 0;
};

} // namespace

// A camera that comes back in PAUSED starts its stream before a full queue,
// where its ALLOCATION query waits for PLAYING. Stopping it then must not keep
// the application from changing states.
GST_START_TEST (test_eos_behind_a_full_queue)
{
  Script script (frames (3, failure));
  script.refuse_to_open_after (1);
  SlowPipeline slow (0);
  slow.hold_after (1);
  slow.set_state (GST_STATE_PLAYING);
  slow.wait_frames (1);
  slow.wait_status ("waiting");
  slow.set_state (GST_STATE_PAUSED);
  slow.release (); // one frame to the sink, and one stays in the queue
  script.refuse_to_open_after (100);
  slow.wait_status ("starting");
  g_usleep (300000);
  fail_unless (slow.queued () > 0);
  fail_unless (gst_element_send_event (slow.pipeline (), gst_event_new_eos ()));
  g_usleep (300000);
  slow.set_state (GST_STATE_PAUSED);
  if (__i__ == 0) {
    slow.set_state (GST_STATE_PLAYING);
    slow.wait_status ("stopped");
  }
  slow.set_state (GST_STATE_NULL);
  assert_text (slow.status (), "stopped");

  slow.set_state (GST_STATE_PLAYING);
  slow.wait_frames (1);
}
GST_END_TEST;

// Loop: with another seed. A camera comes back in PAUSED most often, so that it
// starts its stream where nothing is accepted.
GST_START_TEST (test_random_states)
{
  std::vector<Step> steps = {frame};
  std::mt19937 random (static_cast<unsigned> (__i__ + 1));
  for (int i = 0; i < 2000; i++) {
    auto chance = random () % 16;
    steps.push_back (chance < 3 ? failure : chance == 3 ? silence : frame);
  }
  Script script (steps);
  SlowPipeline slow (__i__ % 2 == 0 ? 1000 : 50000);
  g_object_set (slow.camera (), "frame-timeout", 100 * GST_MSECOND, nullptr);

  auto act = [&slow] (unsigned seed) {
    std::mt19937 own (seed);
    const GstState states[] = {GST_STATE_NULL, GST_STATE_READY,
        GST_STATE_PAUSED, GST_STATE_PAUSED, GST_STATE_PAUSED, GST_STATE_PAUSED,
        GST_STATE_PLAYING, GST_STATE_PLAYING, GST_STATE_PLAYING};
    for (int i = 0; i < 50; i++) {
      auto what = own () % 12;
      if (what < G_N_ELEMENTS (states))
        slow.set_state (states[what]);
      else
        gst_element_send_event (slow.pipeline (), gst_event_new_eos ());
      g_usleep (own () % 4 == 0 ? 150000 : own () % 30000);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 3; i++)
    threads.emplace_back (act, random ());
  for (auto &thread : threads)
    thread.join ();

  slow.set_state (GST_STATE_NULL);
  assert_text (slow.status (), "stopped");
  slow.set_state (GST_STATE_PLAYING);
  slow.wait_frames (3);
}
GST_END_TEST;

// The camera is lost and comes back while downstream accepts no frame.
GST_START_TEST (test_loss_while_paused)
{
  Script script (frames (3, failure));
  SlowPipeline slow (50000);
  for (int i = 0; i < 3; i++) {
    slow.set_state (GST_STATE_PAUSED);
    g_usleep (200000);
    slow.set_state (GST_STATE_PLAYING);
    slow.wait_frames (2);
    slow.set_state (GST_STATE_PAUSED);
    g_usleep (200000);
    slow.set_state (GST_STATE_READY);
  }
}
GST_END_TEST;

// Loop: READY, and NULL, after EOS.
GST_START_TEST (test_start_again_after_eos)
{
  Script script ({frame});
  SlowPipeline slow (0);
  for (int i = 0; i < 5; i++) {
    slow.set_state (GST_STATE_PLAYING);
    slow.wait_frames (2);
    gst_element_send_event (slow.pipeline (), gst_event_new_eos ());
    slow.wait_status ("stopped");
    // The stream has ended, whatever happens.
    slow.set_state (GST_STATE_PAUSED);
    slow.set_state (GST_STATE_PLAYING);
    assert_text (slow.status (), "stopped");
    slow.set_state (__i__ == 0 ? GST_STATE_READY : GST_STATE_NULL);
  }
}
GST_END_TEST;

GST_START_TEST (test_loss_ahead_of_segment)
{
  Script script ({{.bytes = std::vector<guint8> (64 * 48 * 2, 0x80)}});
  script.set_caps ("video/x-raw,format=YUY2,width=64,height=48,framerate=30/1");
  Rig rig;
  FailsAheadOfSegment source (rig.camera ());
  rig.play ();
  rig.skip (3);
  fail_unless_equals_int (rig.events (GST_EVENT_STREAM_START), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_CAPS), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1);
  rig.stop ();
}
GST_END_TEST;

GST_START_TEST (test_flush)
{
  Script script ({frame});
  Rig rig;
  rig.play ();
  rig.skip (3);
  // Without a flush-start, it is not a flush.
  fail_if (
      gst_element_send_event (rig.camera (), gst_event_new_flush_stop (FALSE)));
  for (int i = 1; i <= 3; i++) {
    fail_unless (
        gst_element_send_event (rig.camera (), gst_event_new_flush_start ()));
    fail_unless (gst_element_send_event (
        rig.camera (), gst_event_new_flush_stop (FALSE)));
    rig.skip (5);
    // No buffer may come before the segment.
    fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1 + i);
    fail_unless_equals_int (rig.events (GST_EVENT_FLUSH_STOP), i);
  }
  fail_unless_equals_int (rig.events (GST_EVENT_STREAM_START), 1);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
}
GST_END_TEST;

GST_START_TEST (test_no_buffers)
{
  Script script ({frame});
  Rig rig;
  g_object_set (rig.camera (), "num-buffers", 0, nullptr);
  for (int i = 0; i < 2; i++) {
    rig.play ();
    fail_unless (rig.at_eos ());
    rig.wait_status ("stopped");
    fail_unless_equals_uint64 (rig.stat ("frames-out"), 0);
    fail_if (rig.has_message (GST_MESSAGE_WARNING));
    rig.stop ();
  }
}
GST_END_TEST;

// Buffers are counted across losses of the camera.
GST_START_TEST (test_num_buffers_over_losses)
{
  Script script ({frame, frame, failure, frame, frame, failure, frame});
  Rig rig;
  g_object_set (rig.camera (), "num-buffers", 5, nullptr);
  rig.play ();
  rig.skip (5);
  fail_unless (rig.at_eos ());
  fail_unless_equals_uint64 (rig.stat ("frames-out"), 5);
}
GST_END_TEST;

static Suite *
v4l2mjpegsrc_states_suite ()
{
  auto suite = suite_create ("v4l2mjpegsrc_states");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_loop_test (tc, test_eos_behind_a_full_queue, 0, 2);
  tcase_add_loop_test (tc, test_random_states, 0, 6);
  tcase_add_test (tc, test_loss_while_paused);
  tcase_add_loop_test (tc, test_start_again_after_eos, 0, 2);
  tcase_add_test (tc, test_loss_ahead_of_segment);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_no_buffers);
  tcase_add_test (tc, test_num_buffers_over_losses);

  return suite;
}

GST_CHECK_MAIN (v4l2mjpegsrc_states)
