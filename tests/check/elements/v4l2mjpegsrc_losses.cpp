// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// How v4l2mjpegsrc loses its source, reports that, and gets it back.
#include "http_camera.h"

// Included after <ios>, which its macro fail() would break
#include "camera_rig.h"
#include "leaks.h"

namespace {

std::vector<guint8>
without_eoi ()
{
  auto bytes = picture (1000);
  bytes.resize (500);
  return bytes;
}

} // namespace

// 200 times in this loop, the camera is unplugged again at some moment of a
// start, several times in a row.
GST_START_TEST (test_bouncing_plug)
{
  std::vector<Step> steps;
  for (int i = 0; i < 100; i++)
    steps.insert (steps.end (), {frame, frame, failure});
  Script script (steps);
  Rig rig;
  rig.play ();
  rig.skip (1);
  for (int i = 0; i < 10; i++) {
    std::vector<Bounce> bounces;
    for (int j = 0; j < 5; j++)
      bounces.push_back (static_cast<Bounce> ((__i__ + i + j) % 4));
    script.bounce (bounces);
    while (script.bounces_left () > 0)
      rig.skip (1);
  }
  rig.skip (10);
  fail_unless (rig.stat ("reconnects") >= 10);
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
}
GST_END_TEST;

// The camera had the mode before, so it will have it again.
GST_START_TEST (test_mode_missing_for_a_while)
{
  auto other_mode = failure;
  other_mode.caps = "image/jpeg,width=320,height=240,framerate=30/1";
  Script script (frames (3, other_mode));
  Rig rig;
  g_object_set (rig.camera (), "width", 640, nullptr);
  rig.play ();
  rig.skip (3);
  rig.wait_status ("waiting");
  g_usleep (500000);
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
  script.set_caps ("image/jpeg,width=640,height=480,framerate=30/1");
  rig.skip (5);
  rig.wait_status ("streaming");
}
GST_END_TEST;

GST_START_TEST (test_messages)
{
  Script script (frames (
      3, {.kind = Step::Kind::error, .text = "Device '/dev/video0' is busy"}));
  Rig rig;
  rig.play ();
  assert_text (
      rig.message (GST_MESSAGE_INFO), "The source: MJPEG, 640x480 at 30 fps.");
  rig.skip (3);
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "Device '/dev/video0' is busy. Waiting for the camera.");
  rig.skip (2);
  auto text = rig.message (GST_MESSAGE_INFO);
  fail_unless (
      text.starts_with ("The source is back after "), "%s", text.c_str ());
}
GST_END_TEST;

// The mode is announced once, as long as it is the same.
GST_START_TEST (test_mode_told_once)
{
  Script script ({frame, frame, failure, frame, failure, frame, failure});
  Rig rig;
  int notified = 0;
  g_signal_connect (rig.camera (), "notify::mode",
      G_CALLBACK (+[] (GObject *, GParamSpec *, gpointer count) {
        ++*static_cast<int *> (count);
      }),
      &notified);
  rig.play ();
  // Some frames come after the last of three losses.
  rig.skip (6);
  rig.stop ();
  fail_unless_equals_int (notified, 1);
}
GST_END_TEST;

GST_START_TEST (test_tiny_reconnect_timeout)
{
  Script script (frames (3, failure));
  script.refuse_to_open_after (1);
  Rig rig;
  g_object_set (
      rig.camera (), "reconnect-timeout", G_GUINT64_CONSTANT (10), nullptr);
  rig.play ();
  rig.skip (3);
  assert_text (rig.message (GST_MESSAGE_ERROR),
      "The camera did not come back within 10 ns.");
}
GST_END_TEST;

// Dropped frames count as frames: a slow camera that never writes EOI must not
// be restarted before that is recognized.
GST_START_TEST (test_slow_without_eoi)
{
  Script script ({{.bytes = without_eoi (), .delay = 150}});
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", GST_SECOND, nullptr);
  rig.play ();
  auto text = rig.message (GST_MESSAGE_WARNING);
  fail_unless (text.starts_with ("The camera sends only damaged pictures: "),
      "%s", text.c_str ());
  fail_unless (
      text.ends_with (" in a row, the last one an incomplete picture."), "%s",
      text.c_str ());
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The camera's pictures have no end marker (EOI); they are passed on "
      "unchanged.");
  rig.skip (2);
  rig.wait_status ("streaming");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_unless_equals_uint64 (rig.dropped ("cut-short"), 10);
}
GST_END_TEST;

// A camera that sends only damaged frames is restarted, and a message says why.
GST_START_TEST (test_only_damaged)
{
  std::vector<Step> steps = {frame, frame, frame};
  steps.resize (
      200, {.bytes = picture (1000), .flags = GST_BUFFER_FLAG_CORRUPTED});
  Script script (steps);
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", GST_SECOND, nullptr);
  rig.play ();
  rig.skip (3);
  // The first one is posted without a restart.
  auto message = rig.element_message ("v4l2mjpegsrc-lost");
  std::string reason =
      gst_structure_get_string (gst_message_get_structure (message), "reason");
  gst_message_unref (message);
  fail_unless (reason.starts_with ("The camera sends only damaged pictures: "),
      "%s", reason.c_str ());
  fail_unless (reason.ends_with (
                   "the last one a frame that its source marked as corrupted."),
      "%s", reason.c_str ());
  fail_unless (rig.dropped ("corrupted") >= 60);
  rig.skip (3);
  rig.wait_status ("streaming");
}
GST_END_TEST;

// At two frames per second, four frames take two seconds, whatever the timeout.
GST_START_TEST (test_slow_camera)
{
  auto slow = frame;
  slow.delay = 1000;
  Script script ({frame, frame, slow, slow, frame});
  script.set_caps ("image/jpeg,width=640,height=480,framerate=2/1");
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", 200 * GST_MSECOND, nullptr);
  rig.play ();
  rig.skip (5);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_if (rig.has_message (GST_MESSAGE_WARNING));
}
GST_END_TEST;

// When downstream accepts frames again, the source has its full time for the
// next one, even if it was checked a moment before.
GST_START_TEST (test_slow_after_busy_downstream)
{
  auto slow = frame;
  slow.delay = 500;
  Script script ({frame, frame, frame, slow, slow, frame});
  Rig rig;
  g_object_set (rig.camera (), "frame-timeout", GST_SECOND, nullptr);
  rig.play ();
  rig.skip (2);
  // Checked after one second, and again after two.
  rig.block_downstream (1750000);
  rig.skip (4);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_if (rig.has_message (GST_MESSAGE_WARNING));
}
GST_END_TEST;

// An error downstream does not mean that the camera is lost.
GST_START_TEST (test_error_downstream)
{
  Script script ({frame});
  Rig rig;
  auto pad = gst_element_get_static_pad (rig.camera (), "src");
  rig.play ();
  rig.skip (2);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [] (GstPad *, GstPadProbeInfo *info, gpointer) {
        gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
        GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_ERROR;
        return GST_PAD_PROBE_HANDLED;
      },
      nullptr, nullptr);
  gst_object_unref (pad);
  assert_text (rig.message (GST_MESSAGE_ERROR), "Internal data stream error.");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_if (rig.has_message (GST_MESSAGE_WARNING));
}
GST_END_TEST;

GST_START_TEST (test_restart_on_eos)
{
  Script script (frames (3, end));
  Rig rig;
  g_object_set (rig.camera (), "restart-on-eos", TRUE, nullptr);
  rig.play ();
  rig.skip (3);
  assert_text (rig.message (GST_MESSAGE_WARNING),
      "The source ended its stream. Waiting for the camera.");
  rig.skip (5);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
  // EOS from the application still ends the stream.
  gst_element_send_event (rig.pipeline (), gst_event_new_eos ());
  while (auto sample = rig.pull ())
    gst_sample_unref (sample);
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 1);
}
GST_END_TEST;

// A network camera that is killed, stalls, and is back again.
GST_START_TEST (test_http_camera)
{
  auto factory = gst_element_factory_find ("souphttpsrc");
  if (!factory || !gst_registry_check_feature_version (
                      gst_registry_get (), "multipartdemux", 1, 22, 0)) {
    g_clear_object (&factory);
    printf ("SKIP: there is no souphttpsrc or multipartdemux\n");
    return;
  }
  gst_object_unref (factory);

  Script unused ({frame});
  test::HttpCamera server (picture (20000));
  fail_unless (server.port () > 0);
  Rig rig;
  auto description = "souphttpsrc is-live=true do-timestamp=true retries=0 "
                     "location=http://127.0.0.1:" +
                     std::to_string (server.port ()) +
                     "/ ! multipartdemux single-stream=true";
  auto source =
      gst_parse_bin_from_description (description.c_str (), TRUE, nullptr);
  fail_unless (source != nullptr);
  g_object_set (rig.camera (), "source", source, "restart-on-eos", TRUE,
      "frame-timeout", 2 * GST_SECOND, nullptr);
  rig.play ();
  rig.skip (3);
  rig.wait_status ("streaming");
  // On a slow machine, the first try ends while libraries are being loaded.
  while (rig.has_message (GST_MESSAGE_ELEMENT))
    ;
  for (guint i = 1; i <= 10; i++) {
    if (i % 2 == 0)
      server.stall ();
    else
      server.kill ();
    gst_message_unref (rig.element_message ("v4l2mjpegsrc-lost"));
    if (i % 2 != 0)
      server.start ();
    gst_message_unref (rig.element_message ("v4l2mjpegsrc-recovered"));
    rig.skip (3);
  }
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 10);
  fail_if (rig.has_message (GST_MESSAGE_ERROR));
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
  fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1);
}
GST_END_TEST;

// A mode from a range may not be supported: a smaller one is tried once.
GST_START_TEST (test_smaller_mode)
{
  Script script ({frame});
  script.set_caps ("image/jpeg,width=[32,3280,2],height=[32,2464,2],"
                   "framerate=[1/1,90/1]");
  script.fail_above_width (1500);
  Rig rig;
  rig.play ();
  rig.skip (2);
  rig.wait_status ("streaming");
  GstCaps *mode = nullptr;
  g_object_get (rig.camera (), "mode", &mode, nullptr);
  auto text = gst_caps_to_string (mode);
  assert_text (text, "image/jpeg, width=(int)1440, height=(int)1080, "
                     "framerate=(fraction)30/1");
  g_free (text);
  gst_caps_unref (mode);
}
GST_END_TEST;

static Suite *
v4l2mjpegsrc_losses_suite ()
{
  auto suite = suite_create ("v4l2mjpegsrc_losses");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_loop_test (tc, test_bouncing_plug, 0, 4);
  tcase_add_test (tc, test_mode_missing_for_a_while);
  tcase_add_test (tc, test_messages);
  tcase_add_test (tc, test_mode_told_once);
  tcase_add_test (tc, test_tiny_reconnect_timeout);
  tcase_add_test (tc, test_slow_without_eoi);
  tcase_add_test (tc, test_only_damaged);
  tcase_add_test (tc, test_slow_camera);
  tcase_add_test (tc, test_slow_after_busy_downstream);
  tcase_add_test (tc, test_error_downstream);
  tcase_add_test (tc, test_restart_on_eos);
  tcase_add_test (tc, test_http_camera);
  tcase_add_test (tc, test_smaller_mode);

  return suite;
}

GST_CHECK_MAIN (v4l2mjpegsrc_losses)
