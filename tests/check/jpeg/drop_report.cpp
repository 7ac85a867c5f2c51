// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "drop_report.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;

// However many frames are dropped, each cause is reported at most once per
// interval, and other causes don't delay it.
GST_START_TEST (test_each_cause_at_intervals)
{
  DropReport report;
  constexpr auto interval = message_interval_us;
  constexpr std::int64_t begin = 7;

  fail_unless (report.is_due (DropCause::cut_short, begin));
  fail_if (report.is_due (DropCause::cut_short, begin));
  fail_unless (report.is_due (DropCause::not_jpeg, begin + 1));
  fail_if (report.is_due (DropCause::cut_short, begin + interval - 1));
  fail_unless (report.is_due (DropCause::cut_short, begin + interval));
  fail_if (report.is_due (DropCause::not_jpeg, begin + interval));
  fail_unless (report.is_due (DropCause::not_jpeg, begin + 1 + interval));

  // A frame every 33 ms for an hour
  unsigned messages = 0;
  for (auto now = 2 * interval; now < 2 * interval + 3'600'000'000;
       now += 33'000)
    messages += report.is_due (DropCause::malformed, now);
  fail_unless_equals_int (messages, 718);
}
GST_END_TEST;

static Suite *
drop_report_suite ()
{
  auto suite = suite_create ("drop_report");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_each_cause_at_intervals);

  return suite;
}

GST_CHECK_MAIN (drop_report)
