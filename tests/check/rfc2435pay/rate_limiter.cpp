// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_limiter.h"

#include <gst/check/gstcheck.h>

#include <cmath>

using namespace rfc2435;

using Thinning = FrameTranscoder::Thinning;

constexpr RateLimiter::Settings settings = {.max_bit_rate = 1'000'000};
constexpr RateShare::Time interval = 40'000'000;

GST_START_TEST (test_counts)
{
  RateLimiter limiter;
  // 1 Mbit/s for 40 ms
  assert_equals_int (limiter.begin_frame (settings, 0, interval), 5000);
  Frame frame;
  frame.scan_size = 4000;
  limiter.sent ({}, frame, 4400);
  auto &stats = limiter.stats ();
  assert_equals_int (stats.frames_untouched, 1);
  assert_equals_int (stats.bytes_in, 4000);
  assert_equals_int (stats.bytes_out, 4000);
  assert_equals_int (stats.quality, 0);
  fail_unless (stats.largest_overshoot == 0);

  // With markers inserted, but otherwise unchanged
  limiter.begin_frame (settings, interval, interval);
  std::uint8_t any[1] = {};
  limiter.sent ({.scan = Bytes (any), .read = 3900}, frame, 4400);
  assert_equals_int (stats.frames_untouched, 2);
  assert_equals_int (stats.bytes_in, 7900);
  assert_equals_int (stats.bytes_out, 8000);

  auto share = limiter.begin_frame (settings, 2 * interval, interval);
  limiter.sent ({.scan = Bytes (any),
                    .read = 6000,
                    .thinning = Thinning::dead_zone,
                    .quality = 90},
      frame, share * 51 / 50);
  assert_equals_int (stats.frames_untouched, 2);
  assert_equals_int (stats.frames_thinned, 1);
  assert_equals_int (stats.bytes_in, 13900);
  assert_equals_int (stats.bytes_out, 12000);
  assert_equals_int (stats.quality, 90);
  fail_unless (std::abs (stats.largest_overshoot - 0.02) < 1e-3);

  limiter.begin_frame (settings, 3 * interval, interval);
  limiter.sent ({.scan = Bytes (any),
                    .read = 9000,
                    .thinning = Thinning::tables,
                    .quality = 60},
      frame, 4400);
  assert_equals_int (stats.frames_thinned, 1);
  assert_equals_int (stats.frames_requantized, 1);
  assert_equals_int (stats.quality, 60);
  fail_unless (std::abs (stats.largest_overshoot - 0.02) < 1e-3);

  // The next frame gets the share of one that was dropped.
  share = limiter.begin_frame (settings, 4 * interval, interval);
  limiter.dropped ();
  auto next = limiter.begin_frame (settings, 5 * interval, interval);
  fail_unless (next >= share * 19 / 10, "%zu after %zu", next, share);
}
GST_END_TEST;

// There is news when the limit begins to have an effect and when it has had
// none for a while, but not often.
GST_START_TEST (test_news)
{
  RateLimiter limiter;
  constexpr std::int64_t one_second = 1'000'000;
  std::int64_t now = 100 * one_second;
  auto frame = [&] (bool fits) {
    limiter.begin_frame (settings, now * 1000, interval);
    limiter.sent (
        {.thinning = fits ? Thinning::none : Thinning::tables}, {}, 5000);
    return limiter.news (settings, now += 40'000);
  };

  for (unsigned i = 0; i < 100; i++)
    fail_if (frame (true).has_value ());
  fail_if (limiter.may_have_news ());
  fail_unless (frame (false) == true);
  fail_unless (limiter.may_have_news ());
  auto begin = now;
  fail_if (frame (false).has_value ());
  // Back and forth
  for (unsigned i = 0; i < 200; i++)
    fail_if (frame (i % 40 != 0).has_value ());
  auto last_bite = now;
  std::optional<bool> news;
  while (!(news = frame (true)))
    fail_unless (now < begin + 20 * one_second);
  fail_unless (news == false);
  fail_unless (now - begin >= 5 * one_second);
  fail_unless (now - last_bite < 3 * one_second);

  // An hour of trouble
  unsigned count = 0;
  for (unsigned i = 0; i < 3600; i++) {
    count += frame (i % 6 != 0).has_value ();
    now += one_second;
  }
  fail_unless (count <= 2 * 3600u / 5);

  // Removing the limit is reported at once, and once; that it is back is not,
  // so soon afterwards.
  while (!(frame (false) == true))
    now += one_second;
  fail_unless (limiter.news ({}, now) == false);
  fail_if (limiter.may_have_news ());
  fail_if (limiter.news ({}, now).has_value ());
  fail_if (frame (false).has_value ());
  fail_if (frame (true).has_value ());
}
GST_END_TEST;

// A new limit starts from the beginning: frames that did not fit before are no
// longer news.
GST_START_TEST (test_news_of_another_ceiling)
{
  constexpr std::int64_t one_second = 1'000'000;
  for (bool is_told : {false, true}) {
    RateLimiter limiter;
    std::int64_t now = 100 * one_second;
    auto send = [&] (Thinning thinning) {
      limiter.begin_frame (settings, now * 1000, interval);
      limiter.sent ({.thinning = thinning}, {}, 5000);
    };
    send (Thinning::tables);
    fail_unless (limiter.news (settings, now) == true);
    for (unsigned i = 0; i < 10; i++) {
      send (Thinning::tables);
      fail_if (limiter.news (settings, now += one_second).has_value ());
    }
    if (!is_told)
      send (Thinning::tables);
    fail_unless (limiter.news ({}, now) == false);
    send (Thinning::none);
    fail_if (limiter.news (settings, now += 40'000).has_value ());
    send (Thinning::tables);
    fail_unless (limiter.news (settings, now += 40'000) == true);
  }
}
GST_END_TEST;

// A frame that is dropped counts as one that did not fit.
GST_START_TEST (test_news_of_a_dropped_frame)
{
  RateLimiter limiter;
  limiter.begin_frame (settings, 0, interval);
  limiter.dropped ();
  fail_unless (limiter.may_have_news ());
  fail_unless (limiter.news (settings, 1) == true);
}
GST_END_TEST;

static Suite *
rate_limiter_suite ()
{
  auto suite = suite_create ("rate_limiter");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_counts);
  tcase_add_test (tc, test_news);
  tcase_add_test (tc, test_news_of_another_ceiling);
  tcase_add_test (tc, test_news_of_a_dropped_frame);

  return suite;
}

GST_CHECK_MAIN (rate_limiter)
