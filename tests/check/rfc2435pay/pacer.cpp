// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pacer.h"

// Included before check.h, whose macro fail() would break it
#include <random>

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

using rfc2435::burst_size;
using rfc2435::burst_spacing;
using rfc2435::Pacer;

constexpr Pacer::Time ms = 1'000'000;
constexpr Pacer::Time interval = 33 * ms;
constexpr Pacer::Time window = 16 * ms;

// A stream in one thread, in simulated time: a frame from the source is
// processed, its first packets are sent, then it is paced.
struct Stream {
  bool live;
  Pacer pacer = {};
  Pacer::Time now = 0;
  Pacer::Time timestamp = 0;
  Pacer::Time room = 0;

  // The next frame, which arrives at `ready` and takes `work` to process; a
  // synchronizing sink holds its first packets until `due`.
  void frame (Pacer::Time ready, Pacer::Time work, Pacer::Time due = 0)
  {
    now = std::max (now, ready) + work;
    bool held = live || due > now;
    now = std::max (now, due);
    room = pacer.room ({timestamp, now, interval, held}, window);
    now += room;
    timestamp += interval;
  }
};

GST_START_TEST (test_live)
{
  Stream s = {.live = true};
  for (int i = 0; i < 1000; i++) {
    s.frame (s.timestamp + 40 * ms, ms);
    fail_unless_equals_int64 (s.room, window);
    fail_if (s.pacer.is_free_running ());
  }
}
GST_END_TEST;

// Jitter is not lateness; anything beyond it is deducted from the frame's time,
// so that it does not make the next frame late.
GST_START_TEST (test_live_jitter)
{
  Stream s = {.live = true};
  const Pacer::Time jitter[] = {0, 3, 10, 0, 16, 20, 1, 0};
  s.frame (s.timestamp, 0);
  for (int i = 0; i < 1000; i++) {
    auto late = jitter[i % 8] * ms;
    s.frame (s.timestamp + late, 0);
    fail_unless_equals_int64 (
        s.room, std::min (window, window + interval * 3 / 8 - late));
  }
}
GST_END_TEST;

// The next frame is not late, however large the part of the interval is.
GST_START_TEST (test_large_window)
{
  constexpr Pacer::Time large = interval * 9 / 10;
  Pacer pacer;
  fail_unless_equals_int64 (pacer.room ({0, 0, interval, true}, large), large);
  for (Pacer::Time late : {5, 10, 15}) {
    late *= ms;
    fail_unless_equals_int64 (
        pacer.room ({0, late, interval, true}, large), interval - late);
  }
}
GST_END_TEST;

GST_START_TEST (test_synchronizing_sink)
{
  Stream s = {.live = false};
  for (int i = 0; i < 1000; i++) {
    s.frame (0, ms, s.timestamp);
    fail_unless_equals_int64 (s.room, window);
  }
}
GST_END_TEST;

// Hardly any time is left for the sink to wait, and therefore for pacing.
GST_START_TEST (test_synchronizing_sink_little_time_left)
{
  Stream s = {.live = false};
  int paced = 0;
  for (int i = 0; i < 1000; i++) {
    s.frame (0, i % 8 == 0 ? 20 * ms : 31 * ms, s.timestamp);
    paced += s.room > 0;
  }
  fail_unless (s.now < s.timestamp + interval + window);
  fail_unless (paced > 200);
}
GST_END_TEST;

// A stream that nothing synchronizes to the clock is not slowed down, except
// for its first frames, which could belong to another kind of stream.
GST_START_TEST (test_flat_out)
{
  Stream s = {.live = false};
  s.frame (0, ms);
  for (int i = 0; i < 1000; i++) {
    s.frame (0, ms);
    fail_unless_equals_int64 (s.room, 0);
    fail_unless (s.pacer.is_free_running ());
  }
  fail_unless_equals_int64 (s.now, 1001 * ms + window);

  // Hardly faster than the clock, or slower
  for (auto work : {30 * ms, 40 * ms}) {
    Stream slow = {.live = false};
    for (int i = 0; i < 1000; i++)
      slow.frame (0, work);
    fail_unless (slow.pacer.is_free_running ());
    fail_unless (slow.now <= 1000 * work + 4 * window);
  }
}
GST_END_TEST;

GST_START_TEST (test_back_to_the_clock)
{
  Stream s = {.live = false};
  for (int i = 0; i < 10; i++)
    s.frame (0, ms);
  fail_unless (s.pacer.is_free_running ());
  // As if a queue before the sink was full
  auto lead = s.timestamp - s.now;
  s.frame (0, 0, s.timestamp - lead);
  for (int i = 0; i < 10; i++) {
    s.frame (0, 0, s.timestamp - lead);
    fail_unless_equals_int64 (s.room, window);
  }
}
GST_END_TEST;

// Processing and pacing in one thread: pacing yields, and the stream keeps its
// rate.
GST_START_TEST (test_little_time_left)
{
  Stream s = {.live = true};
  Pacer::Time paced = 0;
  for (int i = 0; i < 10'000; i++) {
    s.frame (s.timestamp, 30 * ms);
    paced += s.room;
    // Ready at the timestamp, then worked on
    fail_unless (s.now - s.timestamp < 30 * ms + interval);
  }
  fail_unless (paced > 10'000 * ms / 2);
}
GST_END_TEST;

// Slower than real time: no pacing, whatever happens.
GST_START_TEST (test_fallen_behind)
{
  Stream s = {.live = true};
  Pacer::Time paced = 0;
  for (int i = 0; i < 1000; i++) {
    s.frame (s.timestamp, 40 * ms);
    paced += s.room;
  }
  fail_unless_equals_int64 (s.room, 0);
  fail_unless (paced <= 3 * window);
}
GST_END_TEST;

GST_START_TEST (test_stall)
{
  Stream s = {.live = true};
  for (int i = 0; i < 10; i++)
    s.frame (s.timestamp, ms);
  // Frames wait for half a second, then all come at once.
  s.now += 500 * ms;
  for (int i = 0; i < 15; i++) {
    s.frame (s.timestamp, ms);
    fail_unless_equals_int64 (s.room, 0);
  }
  for (int i = 0; i < 10; i++)
    s.frame (s.timestamp, ms);
  fail_unless_equals_int64 (s.room, window);
}
GST_END_TEST;

GST_START_TEST (test_slower_source)
{
  Stream s = {.live = true};
  for (int i = 0; i < 10; i++)
    s.frame (s.timestamp, ms);
  // From now on every frame comes 40 ms later than before.
  for (unsigned i = 0; i < 2 * Pacer::span_frames - 10; i++) {
    s.frame (s.timestamp + 40 * ms, ms);
    fail_unless_equals_int64 (s.room, 0);
  }
  for (int i = 0; i < 1000; i++) {
    s.frame (s.timestamp + 40 * ms, ms);
    fail_unless_equals_int64 (s.room, window);
  }
}
GST_END_TEST;

// A live source that delivers with jitter, has another clock, and jumps once.
struct Source {
  int fps;
  double jitter; // standard deviation
  bool exponential;
  double drift = 0; // relative to our clock
  Pacer::Time step = 0;
};

static void
assert_paced (const Source &source)
{
  constexpr int frames = 2000;
  const auto name = std::to_string (source.fps) + " fps, jitter " +
                    std::to_string (source.jitter / ms) + " ms, drift " +
                    std::to_string (source.drift) + ", step " +
                    std::to_string (source.step / ms) + " ms";
  const Pacer::Time between = 1000 * ms / source.fps;
  const Pacer::Time limit = between / 2;
  std::mt19937 random (1);
  std::normal_distribution<> normal (0, source.jitter);
  std::exponential_distribution<> exponential (1 / source.jitter);

  Pacer pacer;
  Pacer::Time end = 0, sum = 0;
  std::array<Pacer::Time, Pacer::span_frames> latenesses;
  latenesses.fill (std::numeric_limits<Pacer::Time>::max () / 2);
  for (int i = 0; i < frames; i++) {
    auto timestamp = i * between;
    auto arrival =
        100 * ms + timestamp +
        static_cast<Pacer::Time> (timestamp * source.drift) +
        static_cast<Pacer::Time> (
            source.exponential ? exponential (random) : normal (random)) +
        (i > frames / 2 ? source.step : 0);
    auto now = std::max (arrival, end);
    auto room = pacer.room ({timestamp, now, between, true}, limit);
    fail_unless (room >= 0 && room <= limit, "%s", name.c_str ());
    sum += room;
    end = now + room;

    // The next frame is due no earlier, judging by recent frames.
    latenesses[i % latenesses.size ()] = now - timestamp;
    auto due = timestamp + between +
               *std::min_element (latenesses.begin (), latenesses.end ());
    fail_unless (room == 0 || end <= due, "%s: frame %d", name.c_str (), i);
  }
  auto mean = static_cast<double> (sum) / frames / static_cast<double> (limit);
  fail_unless (mean > 0.7, "%s: %.2f of the time", name.c_str (), mean);
}

GST_START_TEST (test_jitter_and_drift)
{
  for (int fps : {5, 25, 30, 60, 120})
    for (double jitter = 1e6; jitter <= 8e6 && jitter * fps <= 1e9 / 8;
         jitter *= 2)
      for (bool exponential : {false, true}) {
        for (double drift : {-0.002, -0.0005, 0.0, 0.0005, 0.002})
          assert_paced ({fps, jitter, exponential, drift});
        for (int step : {-500, -50, -10, 10, 50, 500})
          assert_paced ({fps, jitter, exponential, 0, step * ms});
      }
}
GST_END_TEST;

GST_START_TEST (test_reset)
{
  Stream s = {.live = true};
  s.frame (0, 0);
  s.timestamp = 1000 * ms;
  s.frame (0, 0);
  fail_unless (s.pacer.is_free_running ());
  s.pacer.reset ();
  fail_if (s.pacer.is_free_running ());
  s.frame (0, 500 * ms);
  fail_unless_equals_int64 (s.room, window);
}
GST_END_TEST;

GST_START_TEST (test_burst_spacing)
{
  // Three bursts are four milliseconds apart,
  fail_unless_equals_int64 (burst_spacing (88, 32, 16 * ms), 4 * ms);
  // nine have less, and nineteen but one.
  fail_unless_equals_int64 (burst_spacing (288, 32, 16 * ms), 16 * ms / 9);
  fail_unless_equals_int64 (burst_spacing (592, 32, 16 * ms), ms);
  fail_unless_equals_int64 (burst_spacing (0, 32, 16 * ms), 4 * ms);
  fail_unless_equals_int64 (burst_spacing (88, 32, 0), ms);
}
GST_END_TEST;

GST_START_TEST (test_burst_size)
{
  // Small bursts while there is time
  fail_unless_equals_int (burst_size (112, 8, 16 * ms, ms), 8);
  fail_unless_equals_int (burst_size (5, 8, 16 * ms, ms), 5);
  // Otherwise as large as necessary
  fail_unless_equals_int (burst_size (592, 8, 16 * ms, ms), 37);
  fail_unless_equals_int (burst_size (113, 8, 10 * ms, ms), 12);
  fail_unless_equals_int (burst_size (113, 8, ms, ms), 113);
  fail_unless_equals_int (burst_size (113, 8, ms - 1, ms), 113);
  fail_unless_equals_int (burst_size (113, 8, 0, ms), 113);
  fail_unless_equals_int (burst_size (113, 8, -5 * ms, ms), 113);
}
GST_END_TEST;

static Suite *
pacer_suite ()
{
  auto suite = suite_create ("pacer");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_live);
  tcase_add_test (tc, test_live_jitter);
  tcase_add_test (tc, test_large_window);
  tcase_add_test (tc, test_synchronizing_sink);
  tcase_add_test (tc, test_synchronizing_sink_little_time_left);
  tcase_add_test (tc, test_flat_out);
  tcase_add_test (tc, test_back_to_the_clock);
  tcase_add_test (tc, test_little_time_left);
  tcase_add_test (tc, test_fallen_behind);
  tcase_add_test (tc, test_stall);
  tcase_add_test (tc, test_slower_source);
  tcase_add_test (tc, test_jitter_and_drift);
  tcase_add_test (tc, test_reset);
  tcase_add_test (tc, test_burst_spacing);
  tcase_add_test (tc, test_burst_size);

  return suite;
}

GST_CHECK_MAIN (pacer)
