// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mode_choice.h"

#include "assert_text.h"

#include <gst/check/gstcheck.h>

using namespace v4l2mjpeg;

namespace {

// Some of the modes of a Logitech C920.
const std::vector<Mode> c920 = {
    {640, 480, {30, 1}},
    {640, 480, {5, 1}},
    {1280, 720, {30, 1}},
    {1280, 720, {60, 1}},
    {1920, 1080, {30, 1}},
    {1920, 1080, {24, 1}},
    {2304, 1536, {2, 1}},
    {2304, 1296, {15, 2}},
};

std::string
choice (const std::vector<Mode> &modes, const Mode &wish = {})
{
  auto mode = choose_mode (modes, wish);
  return mode ? describe (*mode) : "none";
}

} // namespace

GST_START_TEST (test_default)
{
  struct Case {
    const char *camera;
    std::vector<Mode> modes;
    const char *choice;
  } cases[] = {
      {"C920", c920, "1920x1080 at 30 fps"},
      {"Brio",
          {{4096, 2160, {30, 1}}, {3840, 2160, {30, 1}}, {1920, 1080, {60, 1}},
              {1920, 1080, {30, 1}}, {1280, 720, {90, 1}}},
          "1920x1080 at 30 fps"},
      {"MS2130",
          {{3840, 2160, {30, 1}}, {2560, 1440, {60, 1}}, {1920, 1080, {60, 1}},
              {1920, 1080, {50, 1}}, {1920, 1080, {30, 1}}},
          "1920x1080 at 30 fps"},
      {"Arducam 16M",
          {{4656, 3496, {10, 1}}, {3840, 2160, {10, 1}}, {1920, 1080, {30, 1}}},
          "1920x1080 at 30 fps"},
      {"film",
          {{1920, 1080, {24, 1}}, {640, 480, {30, 1}}, {160, 120, {30, 1}}},
          "1920x1080 at 24 fps"},
      {"film, by NTSC", {{1920, 1080, {24000, 1001}}, {640, 480, {30, 1}}},
          "1920x1080 at 23.98 fps"},
      {"fair, or stamps",
          {{1920, 1080, {15, 1}}, {1280, 720, {20, 1}}, {160, 120, {24, 1}}},
          "1920x1080 at 15 fps"},
      {"slow when large",
          {{1600, 1200, {5, 1}}, {1280, 720, {10, 1}}, {640, 480, {30, 1}}},
          "640x480 at 30 fps"},
      {"smooth when smaller", {{1920, 1080, {15, 1}}, {1280, 720, {30, 1}}},
          "1280x720 at 30 fps"},
      {"NTSC", {{1920, 1080, {30000, 1001}}, {1280, 720, {60000, 1001}}},
          "1920x1080 at 29.97 fps"},
      {"nearest to 30",
          {{1920, 1080, {60, 1}}, {1920, 1080, {25, 1}}, {1920, 1080, {50, 1}}},
          "1920x1080 at 25 fps"},
      {"fast only", {{1920, 1080, {60, 1}}, {1280, 720, {30, 1}}},
          "1920x1080 at 60 fps"},
      // If no large one is fast enough, the fastest; of those, the largest.
      {"slow", {{1920, 1080, {5, 1}}, {640, 480, {10, 1}}, {800, 600, {10, 1}}},
          "800x600 at 10 fps"},
      {"rather slow than a stamp", {{1920, 1080, {5, 1}}, {320, 240, {30, 1}}},
          "1920x1080 at 5 fps"},
      {"stamps only", {{160, 120, {9, 1}}, {80, 60, {9, 1}}},
          "160x120 at 9 fps"},
      // If all are larger, the smallest.
      {"large only",
          {{3840, 2160, {30, 1}}, {2592, 1944, {30, 1}}, {2592, 1944, {15, 1}}},
          "2592x1944 at 30 fps"},
      {"none", {}, "none"},
  };
  for (const auto &c : cases) {
    auto chosen = choice (c.modes);
    fail_unless (chosen == c.choice, "%s: %s", c.camera, chosen.c_str ());
    // In whatever order the driver lists them.
    std::vector<Mode> reversed (c.modes.rbegin (), c.modes.rend ());
    assert_text (choice (reversed), c.choice);
  }
}
GST_END_TEST;

GST_START_TEST (test_wish)
{
  struct Case {
    Mode wish;
    const char *choice;
  } cases[] = {
      {{.width = 1280}, "1280x720 at 30 fps"},
      {{.width = 1280, .rate = {60, 1}}, "1280x720 at 60 fps"},
      {{.rate = {60, 1}}, "1280x720 at 60 fps"},
      {{.height = 480}, "640x480 at 30 fps"},
      {{.width = 1280, .height = 720, .rate = {30, 1}}, "1280x720 at 30 fps"},
      {{.rate = {24, 1}}, "1920x1080 at 24 fps"},
      {{.rate = {5, 1}}, "640x480 at 5 fps"},
      // Larger than the default, since it is requested.
      {{.width = 2304}, "2304x1296 at 7.5 fps"},
      {{.height = 1536}, "2304x1536 at 2 fps"},
      {{.width = 800}, "none"},
      {{.width = 640, .height = 720}, "none"},
      {{.rate = {50, 1}}, "none"},
      // Within 1 %, as 30 and 29.97 are.
      {{.width = 640, .rate = {30000, 1001}}, "640x480 at 30 fps"},
      {{.width = 640, .rate = {29, 1}}, "none"},
  };
  for (const auto &c : cases)
    assert_text (choice (c920, c.wish), c.choice);
}
GST_END_TEST;

GST_START_TEST (test_smaller)
{
  assert_text (describe (smaller_modes (c920, {1280, 720, {30, 1}})),
      "640x480 at 30, 5 fps");
  fail_unless (smaller_modes (c920, {640, 480, {5, 1}}).empty ());
}
GST_END_TEST;

GST_START_TEST (test_describe)
{
  assert_text (describe (c920),
      "2304x1536 at 2 fps; 2304x1296 at 7.5 fps; 1920x1080 at 30, 24 fps; "
      "1280x720 at 60, 30 fps; 640x480 at 30, 5 fps");
  assert_text (describe (std::vector<Mode>{}), "none");
  assert_text (
      describe (Mode{640, 480, {30000, 1001}}), "640x480 at 29.97 fps");
  // A mode that is offered twice is listed once.
  assert_text (
      describe (std::vector<Mode>{{640, 480, {30, 1}}, {640, 480, {30, 1}}}),
      "640x480 at 30 fps");
}
GST_END_TEST;

static Suite *
mode_choice_suite ()
{
  auto suite = suite_create ("mode_choice");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_default);
  tcase_add_test (tc, test_wish);
  tcase_add_test (tc, test_smaller);
  tcase_add_test (tc, test_describe);

  return suite;
}

GST_CHECK_MAIN (mode_choice)
