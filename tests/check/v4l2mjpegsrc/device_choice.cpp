// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_choice.h"

#include "assert_text.h"

#include <gst/check/gstcheck.h>

using namespace v4l2mjpeg;

namespace {

// Their numbers are those of /dev/null, zero, full and random.
const Camera left = {.path = "/dev/video0",
    .name = "HD Pro Webcam C920",
    .serial = "1A2B",
    .model = "046d:082d",
    .bus = "usb-0000:00:14.0-1",
    .number = {1, 3}};
const Camera right = {.path = "/dev/video2",
    .name = "HD Pro Webcam C920",
    .serial = "3C4D",
    .model = "046d:082d",
    .bus = "usb-0000:00:14.0-2",
    .number = {1, 5}};
const Camera microscope = {.path = "/dev/video4",
    .name = "USB2.0 UVC PC Camera",
    .model = "1908:2310",
    .bus = "usb-0000:00:14.0-3.1",
    .number = {1, 7}};
const Camera vivid = {.path = "/dev/video6",
    .name = "vivid-000-vid-cap",
    .bus = "vivid.0",
    .number = {1, 8}};

Camera
with_path (Camera camera, const char *path)
{
  camera.path = path;
  return camera;
}

Camera
with_bus (Camera camera, const char *bus)
{
  camera.bus = bus;
  return camera;
}

std::string
chosen (const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw = true)
{
  auto choice = choose_camera (candidates, wish, allow_raw);
  return choice ? choice->camera.path : "none";
}

} // namespace

GST_START_TEST (test_default)
{
  const Candidate raw = {.camera = microscope, .raw = true};
  const Candidate mjpeg = {.camera = right, .mjpeg = true, .raw = true};
  const Candidate neither = {.camera = left};

  // MJPEG takes precedence over a lower number.
  fail_unless (chosen ({neither, raw, mjpeg}, {}) == "/dev/video2");
  fail_unless (chosen ({neither, raw}, {}) == "/dev/video4");
  fail_unless (chosen ({neither, raw}, {}, false) == "none");
  fail_unless (chosen ({neither}, {}) == "none");
  fail_unless (chosen ({}, {}) == "none");
}
GST_END_TEST;

GST_START_TEST (test_wish)
{
  const std::vector<Candidate> candidates = {{.camera = left, .mjpeg = true},
      {.camera = right, .mjpeg = true}, {.camera = microscope, .raw = true},
      {.camera = vivid, .bus_info = "platform:vivid-000", .raw = true}};
  struct Case {
    CameraWish wish;
    const char *path;
  } cases[] = {
      // By device number, whatever the node's name is here.
      {{.device = "/dev/zero"}, "/dev/video2"},
      {{.device = "/dev/full"}, "/dev/video4"},
      {{.device = "/dev/urandom"}, "none"},
      {{.device = "/dev/no-such-node"}, "none"},
      // `device` takes precedence over `camera`.
      {{.device = "/dev/zero", .camera = "1A2B"}, "/dev/video2"},
      {{.camera = "3C4D"}, "/dev/video2"},
      {{.camera = "usb-0000:00:14.0-2"}, "/dev/video2"},
      // Not a part of a position or a serial number.
      {{.camera = "usb-0000:00:14.0"}, "none"},
      {{.camera = "3C"}, "none"},
      {{.camera = "HD Pro Webcam C920"}, "/dev/video0"},
      {{.camera = "c920"}, "/dev/video0"},
      {{.camera = "usb2.0"}, "/dev/video4"},
      // As in `v4l2-ctl --list-devices`, and as in sysfs.
      {{.camera = "platform:vivid-000"}, "/dev/video6"},
      {{.camera = "vivid.0"}, "/dev/video6"},
  };
  for (const auto &c : cases)
    assert_text (chosen (candidates, c.wish), c.path);
  // Asked for by name, a camera is not passed over for its formats.
  fail_unless (
      chosen (candidates, {.camera = "usb2.0"}, false) == "/dev/video4");
}
GST_END_TEST;

// A full match takes precedence over an earlier partial one.
GST_START_TEST (test_exact_first)
{
  auto named_like = left;
  named_like.name = "Camera 3C4D";
  fail_unless (chosen ({{.camera = named_like, .mjpeg = true},
                           {.camera = right, .mjpeg = true}},
                   {.camera = "3C4D"}) == "/dev/video2");
  // Of one camera's nodes, the one with MJPEG.
  auto other_node = with_path (left, "/dev/video6");
  fail_unless (chosen ({{.camera = left, .raw = true},
                           {.camera = other_node, .mjpeg = true}},
                   {.camera = "1A2B"}) == "/dev/video6");
}
GST_END_TEST;

GST_START_TEST (test_known_by)
{
  const Candidate camera = {.camera = left};
  const std::vector<Camera> present = {left, right, microscope};
  auto how = [&] (const CameraWish &wish) {
    return known_by (wish, camera, present);
  };
  fail_unless (how ({}) == KnownBy::itself);
  fail_unless (how ({.device = "/dev/video0"}) == KnownBy::itself);
  fail_unless (how ({.device = "/dev/v4l/by-id/usb-x"}) == KnownBy::itself);
  fail_unless (how ({.device = "/dev/v4l/by-path/pci-x"}) == KnownBy::position);
  fail_unless (how ({.camera = "1A2B"}) == KnownBy::itself);
  fail_unless (how ({.camera = left.bus}) == KnownBy::position);
  // `camera` is not used if `device` is set.
  fail_unless (
      how ({.device = "/dev/video0", .camera = left.bus}) == KnownBy::itself);
  fail_unless (known_by ({.camera = "platform:vivid-000"},
                   {.camera = vivid, .bus_info = "platform:vivid-000"},
                   {vivid}) == KnownBy::position);
  // No serial number.
  fail_unless (
      known_by ({}, {.camera = microscope}, present) == KnownBy::unit_in_place);
}
GST_END_TEST;

// Every C270 says 200901010001.
GST_START_TEST (test_same_serial)
{
  auto twin = right;
  twin.serial = left.serial;
  const Candidate camera = {.camera = left};
  fail_unless (has_twin ({left, twin}, left));
  fail_if (has_twin ({left, right}, left));
  fail_if (has_twin ({left}, left));
  fail_unless (known_by ({}, camera, {left, twin}) == KnownBy::unit_in_place);
  fail_unless (known_by ({.camera = "1A2B"}, camera, {left, twin}) ==
               KnownBy::unit_in_place);
  // Neither its own second node nor another model is a twin.
  auto metadata = left;
  metadata.index = 1;
  auto coincidence = twin;
  coincidence.model = "1908:2310";
  fail_unless (
      known_by ({}, camera, {left, metadata, coincidence}) == KnownBy::itself);
}
GST_END_TEST;

static std::string
found (const std::vector<Camera> &nodes, const Camera &lost,
    KnownBy how = KnownBy::itself)
{
  auto camera = find_again (nodes, lost, how);
  return camera ? camera->path : "none";
}

GST_START_TEST (test_find_again)
{
  // By serial number, on whatever port and with whatever node.
  auto moved = with_path (with_bus (left, "usb-0000:00:14.0-4"), "/dev/video8");
  fail_unless (found ({right, moved}, left) == "/dev/video8");
  // Swapped.
  fail_unless (found ({with_bus (right, "usb-0000:00:14.0-1"),
                          with_path (with_bus (left, "usb-0000:00:14.0-2"),
                              "/dev/video9")},
                   left) == "/dev/video9");
  fail_unless (found ({right}, left) == "none");
  fail_unless (found ({}, left) == "none");

  // Another node of the same unit doesn't match.
  auto metadata = left;
  metadata.index = 1;
  fail_unless (found ({metadata}, left) == "none");

  // The same serial number from a careless factory.
  auto twin = with_path (with_bus (left, "usb-0000:00:14.0-7"), "/dev/video1");
  fail_unless (
      found ({twin, with_path (left, "/dev/video3")}, left) == "/dev/video3");

  // It could be either of them, and both are elsewhere.
  fail_unless (
      found ({twin, with_bus (left, "usb-0000:00:14.0-8")}, left) == "none");

  // Seen in sysfs, but without a node, as in a container.
  fail_unless (found ({with_path (left, "")}, left) == "none");
  fail_unless (
      found ({with_path (left, "")}, left, KnownBy::position) == "none");

  // With another model, it is a coincidence.
  auto coincidence = left;
  coincidence.model = "1908:2310";
  fail_unless (found ({coincidence}, left) == "none");
}
GST_END_TEST;

GST_START_TEST (test_find_again_without_serial)
{
  auto how = known_by ({}, {.camera = microscope}, {microscope});
  fail_unless (found ({with_path (microscope, "/dev/video0")}, microscope,
                   how) == "/dev/video0");
  fail_unless (found ({with_bus (microscope, "usb-0000:00:14.0-3.2")},
                   microscope, how) == "none");
  // Another model in its place.
  fail_unless (found ({with_bus (left, microscope.bus.c_str ())}, microscope,
                   how) == "none");
}
GST_END_TEST;

// A camera that shares its serial number.
GST_START_TEST (test_find_again_in_place)
{
  auto in_place = KnownBy::unit_in_place;
  auto twin = with_bus (left, "usb-0000:00:14.0-7");
  // Back alone, and first.
  fail_unless (found ({twin}, left, in_place) == "none");
  fail_unless (found ({twin, with_path (left, "/dev/video3")}, left,
                   in_place) == "/dev/video3");
  // Another model in its place.
  fail_unless (found ({with_bus (microscope, left.bus.c_str ())}, left,
                   in_place) == "none");
}
GST_END_TEST;

GST_START_TEST (test_find_again_by_position)
{
  auto replacement = with_bus (right, left.bus.c_str ());
  fail_unless (found ({replacement}, left, KnownBy::position) == "/dev/video2");
  fail_unless (found ({with_bus (left, "usb-0000:00:14.0-9")}, left,
                   KnownBy::position) == "none");
}
GST_END_TEST;

static Suite *
device_choice_suite ()
{
  auto suite = suite_create ("device_choice");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_default);
  tcase_add_test (tc, test_wish);
  tcase_add_test (tc, test_exact_first);
  tcase_add_test (tc, test_known_by);
  tcase_add_test (tc, test_same_serial);
  tcase_add_test (tc, test_find_again);
  tcase_add_test (tc, test_find_again_in_place);
  tcase_add_test (tc, test_find_again_without_serial);
  tcase_add_test (tc, test_find_again_by_position);

  return suite;
}

GST_CHECK_MAIN (device_choice)
