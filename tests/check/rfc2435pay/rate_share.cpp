// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_share.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <vector>

using namespace rfc2435;
using Time = RateShare::Time;

constexpr Time ms = 1'000'000;
constexpr Time one_second = 1000 * ms;
constexpr std::uint32_t rate = 8'000'000; // a million bytes a one_second

// Sends frames with these timestamps, each as large as allowed; returns the
// sizes.
static std::vector<std::size_t>
take_all (RateShare &share, const std::vector<Time> &times, Time nominal)
{
  std::vector<std::size_t> sizes;
  for (auto time : times) {
    sizes.push_back (share.begin_frame (rate, time, nominal));
    share.sent (sizes.back ());
  }
  return sizes;
}

static void
assert_windows_hold (
    const std::vector<Time> &times, const std::vector<std::size_t> &sizes)
{
  for (std::size_t first = 0; first < times.size (); first++) {
    std::size_t sum = 0;
    for (auto i = first;
         i < times.size () && times[i] < times[first] + one_second; i++)
      sum += sizes[i];
    fail_unless (
        sum <= 1'010'000, "%zu bytes in a second from frame %zu", sum, first);
  }
}

GST_START_TEST (test_steady)
{
  RateShare share;
  std::vector<Time> times;
  for (Time i = 0; i < 300; i++)
    times.push_back (5 * one_second + i * 40 * ms);
  auto sizes = take_all (share, times, 33 * ms);
  // The first frame uses the nominal interval.
  fail_unless_equals_int (sizes[0], 33'000);
  for (std::size_t i = 40; i < sizes.size (); i++)
    fail_unless (sizes[i] >= 39'990 && sizes[i] <= 40'010, "%zu", sizes[i]);
  assert_windows_hold (times, sizes);
}
GST_END_TEST;

// Cameras halve their frame rate in bad light, whatever caps say.
GST_START_TEST (test_frame_rate_changes)
{
  RateShare share;
  std::vector<Time> times;
  Time now = 0;
  for (Time interval : {33 * ms, 66 * ms, 33 * ms, 8 * ms, 100 * ms})
    for (unsigned i = 0; i < 60; i++)
      times.push_back (now += interval);
  auto sizes = take_all (share, times, 33 * ms);
  fail_unless_equals_int (sizes[119] / 1000, 66);
  fail_unless_equals_int (sizes[239] / 1000, 8);
  fail_unless_equals_int (sizes[299] / 1000, 100);
  // When frames come faster than before, one or two are too large; the next
  // ones compensate for it.
  std::size_t sum = 0;
  for (auto size : sizes)
    sum += size;
  auto allowed = static_cast<std::size_t> ((times.back () - times[0]) / 1000);
  fail_unless (sum < allowed + 110'000, "%zu of %zu", sum, allowed);
  fail_unless (sum > allowed * 95 / 100, "%zu of %zu", sum, allowed);
}
GST_END_TEST;

// Jitter in timestamps neither lowers the rate nor raises it.
GST_START_TEST (test_jitter)
{
  RateShare share;
  std::vector<Time> times;
  unsigned random = 1;
  for (Time i = 0; i < 900; i++) {
    random = random * 1664525 + 1013904223;
    times.push_back (one_second + i * 33 * ms + random % 10000 * 1000);
  }
  auto sizes = take_all (share, times, 33 * ms);
  std::size_t sum = 0;
  for (auto size : sizes) {
    sum += size;
    fail_unless (size < 45'000, "%zu", size);
  }
  fail_unless (sum > 900u * 33'000 * 97 / 100, "%zu", sum);
  fail_unless (sum < 900u * 33'000 * 101 / 100, "%zu", sum);
}
GST_END_TEST;

// The share of a quiet time, or of a time without frames, is lost.
GST_START_TEST (test_quiet_times_buy_no_burst)
{
  RateShare share;
  Time now = 0;
  for (unsigned i = 0; i < 100; i++, now += 40 * ms) {
    share.begin_frame (rate, now, 40 * ms);
    share.sent (1000);
  }
  std::vector<Time> times;
  for (unsigned i = 0; i < 60; i++, now += 40 * ms)
    times.push_back (now);
  now += 10 * one_second;
  for (unsigned i = 0; i < 60; i++, now += 40 * ms)
    times.push_back (now);
  auto sizes = take_all (share, times, 40 * ms);
  for (auto size : sizes)
    fail_unless (size <= 41'600, "%zu", size);
  assert_windows_hold (times, sizes);
}
GST_END_TEST;

// The share of frames that were dropped goes to the next one.
GST_START_TEST (test_dropped)
{
  RateShare share;
  Time now = 0;
  std::size_t sent = 0;
  for (unsigned i = 0; i < 300; i++, now += 40 * ms) {
    auto size = share.begin_frame (rate, now, 40 * ms);
    if (size < 100'000) {
      share.dropped ();
    } else {
      share.sent (100'000);
      sent++;
    }
  }
  // 12 seconds
  fail_unless (sent >= 100 && sent <= 121, "%zu", sent);
}
GST_END_TEST;

GST_START_TEST (test_rate_changes)
{
  RateShare share;
  Time now = 0;
  for (unsigned i = 0; i < 50; i++, now += 40 * ms)
    share.sent (share.begin_frame (rate, now, 40 * ms));
  for (std::uint32_t other : {rate / 4, rate * 3, rate / 100, rate}) {
    auto size = share.begin_frame (other, now += 40 * ms, 40 * ms);
    fail_unless (size <= other / 200 * 104 / 100, "%zu", size);
    fail_unless (size >= other / 200 * 96 / 100, "%zu", size);
    share.sent (size);
  }
}
GST_END_TEST;

GST_START_TEST (test_odd_times)
{
  RateShare share;
  // Without timestamps, or always with the same one.
  for (unsigned i = 0; i < 50; i++) {
    fail_unless_equals_int (
        share.begin_frame (rate, std::nullopt, 20 * ms), 20'000);
    share.sent (20'000);
  }
  share.reset ();
  std::size_t sum = 0;
  for (unsigned i = 0; i < 500; i++) {
    auto size = share.begin_frame (rate, 7, 20 * ms);
    share.sent (size);
    sum += size;
  }
  fail_unless (sum <= 200'000, "%zu", sum);
  // Back in time, far ahead, and at the limits.
  share.reset ();
  for (Time time : {one_second, Time{0}, 50 * one_second, 49 * one_second,
           Time{0}, std::int64_t{1} << 62, Time{0}}) {
    auto size = share.begin_frame (0xffffffff, time, 20 * ms);
    fail_unless (size <= 0xffffffff / 8 * 1.05);
    share.sent (size);
  }
}
GST_END_TEST;

// The median of the last five intervals counts, whatever their order.
GST_START_TEST (test_median)
{
  std::vector<Time> intervals = {10 * ms, 20 * ms, 30 * ms, 50 * ms, 80 * ms};
  do {
    RateShare share;
    Time now = 0;
    share.begin_frame (rate, now, 40 * ms);
    std::size_t size = 0;
    for (auto interval : intervals)
      size = share.begin_frame (rate, now += interval, 40 * ms);
    // Plus 4 % of what the previous frames left, which was everything.
    fail_unless (size >= 31'199 && size <= 31'200, "%zu", size);
  } while (std::next_permutation (intervals.begin (), intervals.end ()));
}
GST_END_TEST;

static Suite *
rate_share_suite ()
{
  auto suite = suite_create ("rate_share");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_steady);
  tcase_add_test (tc, test_frame_rate_changes);
  tcase_add_test (tc, test_jitter);
  tcase_add_test (tc, test_quiet_times_buy_no_burst);
  tcase_add_test (tc, test_dropped);
  tcase_add_test (tc, test_rate_changes);
  tcase_add_test (tc, test_odd_times);
  tcase_add_test (tc, test_median);

  return suite;
}

GST_CHECK_MAIN (rate_share)
