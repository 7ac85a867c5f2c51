// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "reconnect_policy.h"

#include "assert_text.h"

#include <gst/check/gstcheck.h>

using namespace std::chrono_literals;
using v4l2mjpeg::ReconnectPolicy;

static const ReconnectPolicy::Clock::time_point start{1000h};

GST_START_TEST (test_absent)
{
  ReconnectPolicy policy;
  policy.lost (start);
  // Forever at the same rate: the camera must be found soon after it is back.
  for (auto after : {0s, 1s, 3600s, 360000s})
    fail_unless (
        policy.absent (start + after) == ReconnectPolicy::look_interval);
}
GST_END_TEST;

GST_START_TEST (test_failed)
{
  ReconnectPolicy policy;
  policy.lost (start);
  for (auto delay :
      {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5000ms, 5000ms})
    fail_unless (policy.failed (start) == delay);
  for (int i = 0; i < 1000; i++)
    fail_unless (policy.failed (start) == 5000ms);
  // Plugged in again, it has a new chance.
  policy.absent (start);
  fail_unless (policy.failed (start) == 100ms);
  fail_unless (policy.failed (start) == 200ms);
  policy.recovered (start);
  policy.lost (start);
  fail_unless (policy.failed (start) == 100ms);
}
GST_END_TEST;

// A mode that a camera had before is waited for, but not forever.
GST_START_TEST (test_wrong)
{
  ReconnectPolicy policy;
  policy.lost (start);
  fail_unless (policy.wrong (start) == 100ms);
  fail_unless (policy.wrong (start + 5s) == 200ms);
  // Gone, and back
  policy.absent (start + 9s);
  fail_unless (policy.wrong (start + 10s) == 100ms);
  fail_unless (policy.wrong (start + 19s).has_value ());
  fail_if (policy.wrong (start + 20s).has_value ());
  policy.recovered (start + 20s);
  policy.lost (start + 30s);
  fail_unless (policy.wrong (start + 30s) == 100ms);
}
GST_END_TEST;

// Times count as given, whatever their size.
GST_START_TEST (test_short_limit)
{
  ReconnectPolicy policy (10ns);
  policy.lost (start);
  fail_unless (policy.absent (start) == 10ns);
  fail_if (policy.absent (start + 10ns).has_value ());
}
GST_END_TEST;

GST_START_TEST (test_describe)
{
  struct Case {
    ReconnectPolicy::Duration duration;
    const char *text;
  } cases[] = {{10ns, "10 ns"}, {999999ns, "999999 ns"}, {1ms, "1 ms"},
      {999ms, "999 ms"}, {1s, "1 s"}, {1500ms, "1.5 s"}, {1h, "3600 s"}};
  for (const auto &c : cases)
    assert_text (v4l2mjpeg::describe (c.duration), c.text);
}
GST_END_TEST;

GST_START_TEST (test_limit)
{
  ReconnectPolicy policy (1000ms);
  policy.lost (start);
  // A camera that is lost already is not lost again.
  policy.lost (start + 500ms);
  fail_unless (policy.absent (start + 700ms) == 100ms);
  // The last look is at the very end.
  fail_unless (policy.absent (start + 960ms) == 40ms);
  fail_unless (policy.failed (start + 990ms) == 10ms);
  fail_if (policy.absent (start + 1000ms).has_value ());
  fail_if (policy.failed (start + 1001ms).has_value ());
}
GST_END_TEST;

GST_START_TEST (test_recovered)
{
  ReconnectPolicy policy (1000ms);
  fail_if (policy.is_lost ());
  fail_unless (policy.lost_for (start) == 0ms);
  policy.lost (start);
  fail_unless (policy.is_lost ());
  fail_unless (policy.lost_for (start + 300ms) == 300ms);
  fail_unless (policy.recovered (start + 400ms) == 400ms);
  fail_if (policy.is_lost ());
  // The limit counts from the next loss.
  policy.lost (start + 5s);
  fail_unless (policy.absent (start + 5500ms).has_value ());
}
GST_END_TEST;

GST_START_TEST (test_first_frame_allowance)
{
  ReconnectPolicy policy;
  fail_unless (policy.first_frame_allowance (3s) == 3s);
  policy.lost (start);
  for (auto allowance : {6s, 12s, 24s, 24s}) {
    policy.failed (start);
    fail_unless (policy.first_frame_allowance (3s) == allowance);
  }
  policy.recovered (start);
  fail_unless (policy.first_frame_allowance (3s) == 3s);
}
GST_END_TEST;

static Suite *
reconnect_policy_suite ()
{
  auto suite = suite_create ("reconnect_policy");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_absent);
  tcase_add_test (tc, test_failed);
  tcase_add_test (tc, test_wrong);
  tcase_add_test (tc, test_limit);
  tcase_add_test (tc, test_short_limit);
  tcase_add_test (tc, test_describe);
  tcase_add_test (tc, test_recovered);
  tcase_add_test (tc, test_first_frame_allowance);

  return suite;
}

GST_CHECK_MAIN (reconnect_policy)
