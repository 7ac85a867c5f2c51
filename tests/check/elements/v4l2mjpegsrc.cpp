// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// v4l2mjpegsrc around a source that is not a camera, but follows a script.
#include "assert_text.h"
#include "camera_rig.h"
#include "leaks.h"
#include "log_lines.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (test_registered)
{
  auto factory = gst_element_factory_find ("v4l2mjpegsrc");
  fail_unless (factory != nullptr);
  assert_text (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
      "Source/Video");
  gst_object_unref (factory);

  // v4l2src is there from the start, so that its properties can be set.
  auto camera = gst_element_factory_make ("v4l2mjpegsrc", nullptr);
  auto source =
      gst_child_proxy_get_child_by_name (GST_CHILD_PROXY (camera), "source");
  fail_unless (source != nullptr);
  gst_child_proxy_set (
      GST_CHILD_PROXY (camera), "source::num-buffers", 7, nullptr);
  gint number = 0;
  gst_child_proxy_get (
      GST_CHILD_PROXY (camera), "source::num-buffers", &number, nullptr);
  fail_unless_equals_int (number, 7);
  g_object_unref (source);
  gst_object_unref (camera);
}
GST_END_TEST;

GST_START_TEST (test_passes_untouched)
{
  Script script ({frame, frame, silence});
  Rig rig;
  g_object_set (
      rig.camera (), "frame-timeout", G_GUINT64_CONSTANT (0), nullptr);
  fail_unless (rig.play () == GST_STATE_CHANGE_ASYNC ||
               gst_element_get_state (rig.pipeline (), nullptr, nullptr, 0) ==
                   GST_STATE_CHANGE_NO_PREROLL);
  auto sample = rig.pull ();
  auto buffer = gst_sample_get_buffer (sample);
  auto caps = gst_caps_to_string (gst_sample_get_caps (sample));
  assert_text (caps, "image/jpeg, width=(int)640, height=(int)480, "
                     "framerate=(fraction)30/1");
  g_free (caps);
  // The memory is the source's own.
  fail_unless (script.made (gst_buffer_peek_memory (buffer, 0)));
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), script.pts_of (0));
  gst_sample_unref (sample);
  rig.skip (1);
  rig.wait_status ("streaming");
  fail_unless_equals_uint64 (rig.stat ("frames-out"), 2);
  fail_unless_equals_uint64 (rig.stat ("bytes-out"), 2 * 1000);
}
GST_END_TEST;

struct GuardCase {
  Step step;
  const char *cause;
};

GST_START_TEST (test_guard)
{
  auto cut = picture (1000);
  cut.resize (500);
  const GuardCase cases[] = {
      {{.bytes = cut}, "cut-short"},
      {{.bytes = {}}, "empty"},
      {{.bytes = std::vector<guint8> (1000, 0)}, "not-jpeg"},
      {{.bytes = picture (1000), .flags = GST_BUFFER_FLAG_CORRUPTED},
          "corrupted"},
  };
  for (bool guard : {true, false})
    for (const auto &c : cases) {
      Script script ({frame, c.step, c.step, frame, end});
      Rig rig;
      g_object_set (rig.camera (), "guard", guard, nullptr);
      rig.play ();
      rig.skip (guard ? 2 : 4);
      fail_unless (rig.at_eos ());
      fail_unless_equals_uint64 (rig.stat ("frames-out"), guard ? 2 : 4);
      fail_unless_equals_uint64 (rig.dropped (c.cause), guard ? 2 : 0);
    }
}
GST_END_TEST;

GST_START_TEST (test_lost_by_sequence)
{
  auto numbered = [] (guint64 offset) {
    auto step = frame;
    step.offset = offset;
    return step;
  };
  Script script (
      {numbered (5), numbered (6), numbered (9), numbered (10), end});
  Rig rig;
  rig.play ();
  rig.skip (4);
  fail_unless (rig.at_eos ());
  fail_unless_equals_uint64 (rig.stat ("frames-lost"), 2);
}
GST_END_TEST;

// Loop: without and with the capture time of a frame, which is not that of its
// arrival.
GST_START_TEST (test_capture_time)
{
  auto late = frame;
  late.delay = 1000;
  late.age = 600;
  Script script ({late, late});
  Rig rig;
  g_object_set (
      rig.camera (), "add-reference-timestamp-meta", __i__ == 1, nullptr);
  rig.play ();
  auto sample = rig.pull ();
  fail_unless (sample != nullptr);
  auto caps = gst_caps_new_empty_simple ("timestamp/x-unix");
  auto meta = gst_buffer_get_reference_timestamp_meta (
      gst_sample_get_buffer (sample), caps);
  fail_unless_equals_int (meta != nullptr, __i__ == 1);
  if (meta) {
    auto captured = script.made_at (0) - 600 * 1000;
    auto told = static_cast<gint64> (meta->timestamp / GST_USECOND);
    fail_unless (std::abs (told - captured) < 300 * 1000,
        "%" G_GINT64_FORMAT " us apart", told - captured);
  }
  gst_caps_unref (caps);
  gst_sample_unref (sample);
}
GST_END_TEST;

// From 1.29 on, v4l2src adds the driver's own time. Times that a source adds
// are kept, and none is added twice.
GST_START_TEST (test_capture_time_of_source)
{
  auto by_driver = frame;
  by_driver.reference = "timestamp/x-system-monotonic";
  auto in_utc = frame;
  in_utc.reference = "timestamp/x-unix";
  Script script ({by_driver, in_utc});
  Rig rig;
  g_object_set (rig.camera (), "add-reference-timestamp-meta", TRUE, nullptr);
  rig.play ();
  for (auto told :
      {"timestamp/x-system-monotonic timestamp/x-unix timestamp/x-ntp ",
          "timestamp/x-unix timestamp/x-ntp "}) {
    auto sample = rig.pull ();
    fail_unless (sample != nullptr);
    std::string references;
    gpointer state = nullptr;
    while (auto meta =
               gst_buffer_iterate_meta_filtered (gst_sample_get_buffer (sample),
                   &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE)) {
      auto time = reinterpret_cast<GstReferenceTimestampMeta *> (meta);
      fail_unless_equals_int (time->timestamp == 1, references.empty ());
      references +=
          gst_structure_get_name (gst_caps_get_structure (time->reference, 0));
      references += ' ';
    }
    fail_unless_equals_string (references.c_str (), told);
    gst_sample_unref (sample);
  }
}
GST_END_TEST;

static void
assert_next_time (Rig &rig, GstClockTime expected)
{
  auto sample = rig.pull ();
  fail_unless (sample != nullptr);
  auto buffer = gst_sample_get_buffer (sample);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), expected);
  fail_unless_equals_uint64 (GST_BUFFER_DTS (buffer), expected);
  gst_sample_unref (sample);
}

// A picture that is stamped before the previous one by mistake follows it.
GST_START_TEST (test_timestamps_in_order)
{
  auto stamped = [] (GstClockTime pts,
                     GstClockTime duration = GST_CLOCK_TIME_NONE) {
    return Step{.bytes = picture (1000), .pts = pts, .duration = duration};
  };
  Script script (
      {stamped (900), stamped (850, 33), stamped (899, 33), stamped (870),
          stamped (967), silence, stamped (600), silence, stamped (300)});
  Rig rig;
  g_object_set (
      rig.camera (), "frame-timeout", G_GUINT64_CONSTANT (0), nullptr);
  rig.play ();
  assert_next_time (rig, 900);
  assert_next_time (rig, 933);
  assert_next_time (rig, 966);
  assert_next_time (rig, 966);
  assert_next_time (rig, 967);

  // After a flush or a stop, running time may begin anew.
  script.wait_for_silence ();
  fail_unless (
      gst_element_send_event (rig.camera (), gst_event_new_flush_start ()));
  fail_unless (
      gst_element_send_event (rig.camera (), gst_event_new_flush_stop (FALSE)));
  assert_next_time (rig, 600);
  script.wait_for_silence ();
  rig.stop ();
  rig.play ();
  assert_next_time (rig, 300);
}
GST_END_TEST;

GST_START_TEST (test_num_buffers)
{
  Script script ({frame, {.bytes = {}}, frame, frame, frame, frame});
  Rig rig;
  g_object_set (rig.camera (), "num-buffers", 3, nullptr);
  // Again after each start
  for (int i = 0; i < 2; i++) {
    rig.play ();
    rig.skip (3);
    fail_unless (rig.at_eos ());
    fail_unless_equals_uint64 (rig.stat ("frames-out"), 3);
    rig.wait_status ("stopped");
    rig.stop ();
  }
}
GST_END_TEST;

GST_START_TEST (test_many_starts)
{
  Script script ({frame});
  Rig rig;
  for (int i = 0; i < 200; i++) {
    rig.play ();
    rig.skip (1);
    fail_if (rig.has_message (GST_MESSAGE_WARNING));
    fail_if (rig.has_message (GST_MESSAGE_ERROR));
    rig.stop ();
  }
}
GST_END_TEST;

GST_START_TEST (test_eos)
{
  // Requested by the application
  Script script ({frame, frame});
  Rig rig;
  rig.play ();
  rig.skip (2);
  fail_unless (gst_element_send_event (rig.pipeline (), gst_event_new_eos ()));
  for (;;)
    if (auto sample = rig.pull ())
      gst_sample_unref (sample);
    else
      break;
  fail_unless (rig.at_eos ());
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (test_comes_back)
{
  Script script (frames (3, failure));
  Rig rig;
  rig.play ();
  rig.skip (3);
  auto message = rig.element_message ("v4l2mjpegsrc-lost");
  assert_text (
      gst_structure_get_string (gst_message_get_structure (message), "reason"),
      "The script fails.");
  gst_message_unref (message);
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The script fails. Waiting for the camera.");

  auto sample = rig.pull ();
  fail_unless (sample != nullptr);
  fail_unless (GST_BUFFER_FLAG_IS_SET (
      gst_sample_get_buffer (sample), GST_BUFFER_FLAG_DISCONT));
  fail_unless (
      GST_BUFFER_PTS (gst_sample_get_buffer (sample)) > script.pts_of (2));
  gst_sample_unref (sample);
  rig.skip (5);
  message = rig.element_message ("v4l2mjpegsrc-recovered");
  auto structure = gst_message_get_structure (message);
  guint64 gap = 0;
  guint reconnects = 0;
  fail_unless (gst_structure_get (structure, "gap", G_TYPE_UINT64, &gap,
      "reconnects", G_TYPE_UINT, &reconnects, nullptr));
  fail_unless (gap < patience);
  fail_unless_equals_int (reconnects, 1);
  gst_message_unref (message);
  rig.wait_status ("streaming");

  fail_unless_equals_int (rig.events (GST_EVENT_STREAM_START), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
  GstState state = GST_STATE_NULL;
  gst_element_get_state (rig.pipeline (), &state, nullptr, 0);
  fail_unless_equals_int (state, GST_STATE_PLAYING);
}
GST_END_TEST;

// Loop: while opening, and when the stream should start.
GST_START_TEST (test_error_at_start)
{
  Script script ({frame});
  if (__i__ == 0)
    script.refuse_to_open (3);
  else
    script.refuse_to_start (3);
  Rig rig;
  fail_unless (rig.play () != GST_STATE_CHANGE_FAILURE);
  rig.skip (3);
  rig.wait_status ("streaming");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  // One warning, however many tries it takes.
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The script refuses. Waiting for the camera.");
  fail_if (rig.has_message (GST_MESSAGE_WARNING));
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

GST_START_TEST (test_silence)
{
  Script script (frames (3, silence));
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", GST_SECOND, nullptr);
  rig.play ();
  rig.skip (6);
  rig.wait_status ("streaming");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 1);
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The camera has sent no picture for 1 s. Waiting for the camera.");
}
GST_END_TEST;

// A source is not considered silent if downstream does not accept its frames.
GST_START_TEST (test_busy_downstream)
{
  Script script ({frame});
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", 2 * GST_SECOND, nullptr);
  rig.play ();
  rig.skip (2);
  rig.block_downstream (5000000);
  rig.skip (20);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_if (rig.has_message (GST_MESSAGE_WARNING));
}
GST_END_TEST;

GST_START_TEST (test_no_reconnect)
{
  Script script (frames (3, failure));
  Rig rig;
  g_object_set (rig.camera (), "reconnect", FALSE, nullptr);
  rig.play ();
  rig.skip (3);
  assert_text (rig.message (GST_MESSAGE_ERROR), "The script fails.");
  fail_unless (rig.at_eos ());

  script.refuse_to_open (1);
  Rig other;
  g_object_set (other.camera (), "reconnect", FALSE, nullptr);
  fail_unless (other.play () == GST_STATE_CHANGE_FAILURE);
  assert_text (other.message (GST_MESSAGE_ERROR), "The script refuses.");
}
GST_END_TEST;

// Another camera would not help against a problem downstream.
GST_START_TEST (test_not_linked)
{
  Script script ({frame});
  Rig rig;
  auto pad = gst_element_get_static_pad (rig.camera (), "src");
  rig.play ();
  rig.skip (2);
  auto peer = gst_pad_get_peer (pad);
  gst_pad_unlink (pad, peer);
  gst_object_unref (peer);
  gst_object_unref (pad);
  assert_text (rig.message (GST_MESSAGE_ERROR), "Internal data stream error.");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
}
GST_END_TEST;

GST_START_TEST (test_reconnect_timeout)
{
  Script script (frames (3, failure));
  script.refuse_to_open_after (1);
  Rig rig;
  g_object_set (rig.camera (), "reconnect-timeout", 500 * GST_MSECOND, nullptr);
  rig.play ();
  rig.skip (3);
  assert_text (rig.message (GST_MESSAGE_ERROR),
      "The camera did not come back within 500 ms.");
  fail_unless (rig.at_eos ());
  rig.wait_status ("stopped");
}
GST_END_TEST;

// Loop: stopped by the application, and ended, while no frames arrive.
GST_START_TEST (test_leave_while_waiting)
{
  Script script (frames (3, failure));
  script.refuse_to_open_after (1);
  Rig rig;
  rig.play ();
  rig.skip (3);
  rig.wait_status ("waiting");
  if (__i__ == 0) {
    auto began = g_get_monotonic_time ();
    rig.stop ();
    // Retries are up to five seconds apart.
    fail_unless (g_get_monotonic_time () - began < 2 * G_TIME_SPAN_SECOND);
  } else {
    gst_element_send_event (rig.pipeline (), gst_event_new_eos ());
    fail_unless (rig.at_eos ());
  }
  rig.wait_status ("stopped");
}
GST_END_TEST;

// EOS arrives in good order even if nothing was ever captured.
GST_START_TEST (test_eos_before_the_first_frame)
{
  Script script ({});
  script.refuse_to_open_after (0);
  Rig rig;
  rig.play ();
  rig.wait_status ("waiting");
  gst_element_send_event (rig.pipeline (), gst_event_new_eos ());
  fail_unless (rig.at_eos ());
  fail_unless_equals_int (rig.events (GST_EVENT_STREAM_START), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1);
}
GST_END_TEST;

GST_START_TEST (test_latency)
{
  // While there is no camera
  Script script (frames (3, failure));
  script.refuse_to_open_after (1);
  Rig rig;
  rig.play ();
  rig.skip (3);
  rig.wait_status ("waiting");
  auto query = gst_query_new_latency ();
  auto pad = gst_element_get_static_pad (rig.camera (), "src");
  fail_unless (gst_pad_query (pad, query));
  gboolean live = FALSE;
  GstClockTime min = 0;
  gst_query_parse_latency (query, &live, &min, nullptr);
  fail_unless (live);
  fail_unless_equals_uint64 (min, GST_SECOND / 30);
  gst_object_unref (pad);
  gst_query_unref (query);
}
GST_END_TEST;

GST_START_TEST (test_mode)
{
  Script script ({frame});
  script.set_caps ("image/jpeg,width=640,height=480,framerate={30/1,15/1};"
                   "image/jpeg,width=1280,height=720,framerate={30/1,10/1};"
                   "image/jpeg,width=1920,height=1080,framerate=5/1");
  struct Case {
    int width;
    int numerator;
    const char *mode;
  } cases[] = {
      {0, 0, "width=(int)1280, height=(int)720, framerate=(fraction)30/1"},
      {1920, 0, "width=(int)1920, height=(int)1080, framerate=(fraction)5/1"},
      {0, 15, "width=(int)640, height=(int)480, framerate=(fraction)15/1"},
      {1920, 15, nullptr},
  };
  for (const auto &c : cases) {
    Rig rig;
    g_object_set (
        rig.camera (), "width", c.width, "framerate", c.numerator, 1, nullptr);
    rig.play ();
    if (!c.mode) {
      assert_text (rig.message (GST_MESSAGE_ERROR),
          "The camera does not have the requested mode. It has: "
          "1920x1080 at 5 fps; 1280x720 at 30, 10 fps; 640x480 at 30, 15 "
          "fps.");
      continue;
    }
    rig.skip (1);
    GstCaps *mode = nullptr;
    g_object_get (rig.camera (), "mode", &mode, nullptr);
    auto text = gst_caps_to_string (mode);
    assert_text (text, std::string ("image/jpeg, ") + c.mode);
    g_free (text);
    gst_caps_unref (mode);
    gst_message_unref (rig.element_message ("v4l2mjpegsrc-mode"));
  }
}
GST_END_TEST;

// Drivers that scale, and the modes that are requested from them.
GST_START_TEST (test_ranges)
{
  struct Case {
    const char *caps;
    int width, height, rate;
    const char *mode;
  } cases[] = {
      // bcm2835-v4l2
      {"image/jpeg,width=[32,3280,2],height=[32,2464,2],framerate=[1/1,90/1]",
          0, 0, 0,
          "width=(int)1920, height=(int)1080, framerate=(fraction)30/1"},
      {"image/jpeg,width=[32,3280,2],height=[32,2464,2],framerate=[1/1,90/1]",
          640, 0, 60,
          "width=(int)640, height=(int)480, framerate=(fraction)60/1"},
      {"image/jpeg,width=[32,3280,2],height=[32,2464,2],framerate=[1/1,90/1]",
          3280, 2464, 0,
          "width=(int)3280, height=(int)2464, framerate=(fraction)30/1"},
      {"image/jpeg,width=[16,1920],height=[16,1080],framerate=[0/1,120/1]", 0,
          0, 0, "width=(int)1920, height=(int)1080, framerate=(fraction)30/1"},
      {"image/jpeg,width=[16,1640],height=[16,1232],framerate=[1/1,15/1]", 0, 0,
          0, "width=(int)1440, height=(int)1080, framerate=(fraction)15/1"},
      {"image/jpeg,width=[16,600],height=[16,400],framerate=30/1", 0, 0, 0,
          "width=(int)600, height=(int)400, framerate=(fraction)30/1"},
  };
  for (const auto &c : cases) {
    Script script ({frame});
    script.set_caps (c.caps);
    Rig rig;
    g_object_set (rig.camera (), "width", c.width, "height", c.height,
        "framerate", c.rate, 1, nullptr);
    rig.play ();
    rig.skip (1);
    GstCaps *mode = nullptr;
    g_object_get (rig.camera (), "mode", &mode, nullptr);
    auto text = gst_caps_to_string (mode);
    assert_text (text, std::string ("image/jpeg, ") + c.mode);
    g_free (text);
    gst_caps_unref (mode);
  }
}
GST_END_TEST;

GST_START_TEST (test_raw)
{
  Script script ({{.bytes = std::vector<guint8> (64 * 48 * 2, 0x80)}});
  script.set_caps ("video/x-raw,format=YUY2,width=64,height=48,framerate=30/1");
  Rig rig;
  rig.play ();
  auto sample = rig.pull ();
  fail_unless (sample != nullptr);
  guint8 ends[4] = {};
  auto buffer = gst_sample_get_buffer (sample);
  gst_buffer_extract (buffer, 0, ends, 2);
  gst_buffer_extract (buffer, gst_buffer_get_size (buffer) - 2, ends + 2, 2);
  const guint8 expected[] = {0xff, 0xd8, 0xff, 0xd9};
  fail_unless (memcmp (ends, expected, sizeof ends) == 0);
  gst_sample_unref (sample);
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The camera does not offer MJPEG; its raw pictures are encoded.");

  Rig strict;
  g_object_set (strict.camera (), "allow-raw", FALSE, nullptr);
  fail_unless (strict.play () == GST_STATE_CHANGE_FAILURE);
  fail_unless (strict.has_message (GST_MESSAGE_ERROR));
}
GST_END_TEST;

// One line per frame at LOG, settings at DEBUG.
GST_START_TEST (test_logs)
{
  test::LogLines lines ("v4l2mjpegsrc", GST_LEVEL_LOG);
  Script script ({frame, frame, frame, end});
  Rig rig;
  lines.take (GST_LEVEL_DEBUG);
  g_object_set (rig.camera (), "guard", FALSE, "reconnect", FALSE, nullptr);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 2);
  rig.play ();
  rig.skip (3);
  fail_unless (rig.at_eos ());
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 3);
  fail_unless (lines.take (GST_LEVEL_INFO) > 0);
}
GST_END_TEST;

static Suite *
v4l2mjpegsrc_suite ()
{
  auto suite = suite_create ("v4l2mjpegsrc");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_registered);
  tcase_add_test (tc, test_passes_untouched);
  tcase_add_test (tc, test_guard);
  tcase_add_test (tc, test_lost_by_sequence);
  tcase_add_loop_test (tc, test_capture_time, 0, 2);
  tcase_add_test (tc, test_capture_time_of_source);
  tcase_add_test (tc, test_timestamps_in_order);
  tcase_add_test (tc, test_num_buffers);
  tcase_add_test (tc, test_many_starts);
  tcase_add_test (tc, test_eos);
  tcase_add_test (tc, test_comes_back);
  tcase_add_loop_test (tc, test_error_at_start, 0, 2);
  tcase_add_test (tc, test_silence);
  tcase_add_test (tc, test_busy_downstream);
  tcase_add_test (tc, test_no_reconnect);
  tcase_add_test (tc, test_not_linked);
  tcase_add_test (tc, test_reconnect_timeout);
  tcase_add_loop_test (tc, test_leave_while_waiting, 0, 2);
  tcase_add_test (tc, test_eos_before_the_first_frame);
  tcase_add_test (tc, test_latency);
  tcase_add_test (tc, test_mode);
  tcase_add_test (tc, test_ranges);
  tcase_add_test (tc, test_raw);
  tcase_add_test (tc, test_logs);

  return suite;
}

GST_CHECK_MAIN (v4l2mjpegsrc)
