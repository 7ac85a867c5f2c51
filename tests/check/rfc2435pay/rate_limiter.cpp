// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_limiter.h"

#include "textured_picture.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

namespace {

struct Source {
  ByteVector jpeg = test::textured_picture (256, 90);
  Frame frame;

  Source ()
  {
    Bytes whole (jpeg);
    FrameParser parser;
    fail_if (
        parser.parse ({&whole, 1}, TableMode::automatic, frame).has_value ());
  }

  std::size_t scan_size () const { return frame.scan_size; }

  RateLimiter::Outcome limit (RateLimiter &limiter, std::size_t room) const
  {
    Bytes whole (jpeg);
    return limiter.limit ({&whole, 1}, frame, room);
  }
};

constexpr RateLimiter::Settings settings = {.max_bit_rate = 1'000'000};

} // namespace

GST_START_TEST (test_frames)
{
  Source source;
  RateLimiter limiter;
  auto size = source.scan_size ();
  limiter.begin_frame (settings, 0, 40'000'000);

  // One that fits is not touched.
  fail_if (source.limit (limiter, size).is_changed);
  assert_equals_int (limiter.stats ().frames_untouched, 1);

  // The dead zone alone, then other tables.
  auto outcome = source.limit (limiter, size * 9 / 10);
  fail_unless (outcome.is_changed && !outcome.drop);
  fail_unless (outcome.tables == formula_tables (90));
  fail_unless (outcome.scan.size () <= size * 93 / 100);
  assert_equals_int (limiter.stats ().frames_thinned, 1);
  assert_equals_int (limiter.stats ().quality, 90);
  outcome = source.limit (limiter, size / 2);
  fail_unless (outcome.is_changed && !outcome.drop);
  auto q = formula_q (outcome.tables);
  fail_unless (q >= 10 && q < 90, "%u", q);
  fail_unless (outcome.scan.size () <= size * 52 / 100);
  fail_unless (outcome.scan.size () >= size * 45 / 100);
  assert_equals_int (limiter.stats ().frames_requantized, 1);
  assert_equals_int (limiter.stats ().quality, q);

  outcome = source.limit (limiter, size / 50);
  fail_unless (outcome.drop == DropCause::bit_rate);
  assert_equals_int (limiter.stats ().bytes_in, 4 * size);
}
GST_END_TEST;

GST_START_TEST (test_damaged)
{
  Source source;
  RateLimiter limiter;
  limiter.begin_frame (settings, 0, 40'000'000);
  source.jpeg.resize (source.jpeg.size () * 2 / 3);
  fail_unless (source.limit (limiter, source.scan_size () / 2).drop ==
               DropCause::cut_short);
}
GST_END_TEST;

// News come when the ceiling begins to bite and when it has not for a while,
// but never often.
GST_START_TEST (test_news)
{
  Source source;
  RateLimiter limiter;
  constexpr std::int64_t one_second = 1'000'000;
  std::int64_t now = 100 * one_second;
  auto frame = [&] (bool fits) {
    limiter.begin_frame (settings, now * 1000, 40'000'000);
    source.limit (
        limiter, fits ? source.scan_size () : source.scan_size () * 9 / 10);
    return limiter.news (now += 40'000);
  };

  for (unsigned i = 0; i < 100; i++)
    fail_if (frame (true).has_value ());
  fail_unless (frame (false) == true);
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
}
GST_END_TEST;

static Suite *
rate_limiter_suite ()
{
  auto suite = suite_create ("rate_limiter");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_frames);
  tcase_add_test (tc, test_damaged);
  tcase_add_test (tc, test_news);

  return suite;
}

GST_CHECK_MAIN (rate_limiter)
