// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mode_choice.h"

#include "assert_text.h"

#include <gst/check/gstcheck.h>

using namespace v4l2mjpeg;

namespace {

// A Logitech C920's, in part.
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

GST_START_TEST (test_best)
{
  assert_text (choice (c920), "1920x1080 at 30 fps");
  // 25 fps is enough for a larger picture, 24 is not.
  assert_text (
      choice ({{640, 480, {60, 1}}, {800, 600, {25, 1}}, {1024, 768, {24, 1}}}),
      "800x600 at 25 fps");
  // Without a smooth one, the fastest; of those, the largest.
  assert_text (
      choice ({{1920, 1080, {5, 1}}, {640, 480, {15, 1}}, {800, 600, {15, 1}}}),
      "800x600 at 15 fps");
  assert_text (choice ({}), "none");
}
GST_END_TEST;

GST_START_TEST (test_wish)
{
  struct Case {
    Mode wish;
    const char *choice;
  } cases[] = {
      {{.width = 1280}, "1280x720 at 60 fps"},
      {{.height = 480}, "640x480 at 30 fps"},
      {{.width = 1280, .height = 720, .rate = {30, 1}}, "1280x720 at 30 fps"},
      {{.rate = {24, 1}}, "1920x1080 at 24 fps"},
      {{.rate = {5, 1}}, "640x480 at 5 fps"},
      // No mode at 25 fps, but it is asked for.
      {{.width = 2304}, "2304x1296 at 7.5 fps"},
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
  // A mode that is offered twice is told once.
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
  tcase_add_test (tc, test_best);
  tcase_add_test (tc, test_wish);
  tcase_add_test (tc, test_smaller);
  tcase_add_test (tc, test_describe);

  return suite;
}

GST_CHECK_MAIN (mode_choice)
