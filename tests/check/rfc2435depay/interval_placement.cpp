// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "interval_placement.h"
#include "eights.h"
#include "gap_model.h"
#include "likeness_model.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <random>

using namespace rfc2435;

// A scan of restart intervals with nothing but a size, and the parts of it that
// have arrived.
struct Scan {
  std::vector<std::uint32_t> begins = {0}; // of intervals, and the end
  std::vector<std::uint8_t> bytes;

  explicit Scan (const std::vector<std::uint32_t> &sizes)
  {
    for (std::size_t i = 0; i < sizes.size (); i++) {
      bytes.insert (bytes.end (), sizes[i], 0x55);
      bytes.push_back (0xff);
      bytes.push_back (i + 1 < sizes.size ()
                           ? static_cast<std::uint8_t> (0xd0 + i % 8)
                           : 0xd9);
      begins.push_back (static_cast<std::uint32_t> (bytes.size ()));
    }
  }

  std::uint32_t count () const
  {
    return static_cast<std::uint32_t> (begins.size () - 1);
  }
};

struct Range {
  std::size_t begin, end;
};

// The intervals that were placed, from the bytes in `ranges`; all must be in
// their own places.
static std::vector<std::uint32_t>
place (const Scan &scan, const std::vector<Range> &ranges,
    const PreviousIntervals &previous = {}, double per_row = 0,
    bool size_is_known = true)
{
  ScanFragments fragments;
  for (auto &range : ranges) {
    for (auto at = range.begin; at < range.end;) {
      auto end = std::min (at + 1000, range.end);
      fragments.add (static_cast<std::uint32_t> (at),
          Bytes (scan.bytes).subspan (at, end - at), RestartHeader{});
      at = end;
    }
  }
  std::optional<std::uint32_t> size;
  if (size_is_known)
    size = static_cast<std::uint32_t> (scan.bytes.size ());
  std::vector<std::uint32_t> indices;
  auto placed =
      place_intervals (find_interval_runs (fragments, size, scan.count ()),
          scan.count (), fragments.received_bytes (), previous, per_row);
  for (auto &interval : placed) {
    std::size_t offset = interval.begin;
    for (auto &range : ranges) {
      if (offset < range.end - range.begin) {
        offset += range.begin;
        break;
      }
      offset -= range.end - range.begin;
    }
    fail_unless_equals_int (offset, scan.begins[interval.index]);
    fail_unless_equals_int (interval.end - interval.begin + 2,
        scan.begins[interval.index + 1] - scan.begins[interval.index]);
    indices.push_back (interval.index);
  }
  return indices;
}

// From the last beginning of an interval before a gap to the first one after
// it, there are 7 or 8 intervals: no eights are left to distribute, whatever
// the sizes.
GST_START_TEST (test_no_room_for_doubt)
{
  std::mt19937 random (1);
  std::vector<std::uint32_t> sizes (200);
  for (auto &size : sizes)
    size = 1 + random () % 1000;
  Scan scan (sizes);
  std::vector<Range> ranges;
  std::size_t expected = 0, begin = 0;
  for (std::size_t i = 10; i + 20 < sizes.size (); i += 20) {
    // The last one isn't complete. Nothing says whether the first one is.
    ranges.push_back ({scan.begins[begin], scan.begins[i] - 1});
    expected += i - begin - (begin == 0 ? 1 : 2);
    begin = i + 5 + random () % 2;
  }
  ranges.push_back ({scan.begins[begin], scan.bytes.size ()});
  expected += sizes.size () - begin - 1;
  fail_unless_equals_int (place (scan, ranges).size (), expected);
}
GST_END_TEST;

// Gaps of 12 and 3 intervals, or of 4 and 11: the number of missing bytes
// decides.
GST_START_TEST (test_sizes_decide)
{
  std::vector<std::uint32_t> sizes (120);
  std::mt19937 random (2);
  for (auto &size : sizes)
    size = 190 + random () % 20;
  Scan scan (sizes);
  auto placed = place (scan, {{0, scan.begins[30] + 100},
                                 {scan.begins[42] + 100, scan.begins[70] + 100},
                                 {scan.begins[73] + 100, scan.bytes.size ()}});
  fail_unless_equals_int (placed.size (), 30 + 27 + 46);
  fail_unless_equals_int (placed[30], 43);
}
GST_END_TEST;

// The same with sizes that decide nothing: better one concealed strip too many.
GST_START_TEST (test_doubt_leaves_out)
{
  std::vector<std::uint32_t> sizes (120);
  std::mt19937 random (3);
  for (auto &size : sizes)
    size = random () % 8 == 0 ? 1500 : 20;
  // All of the same size
  for (std::size_t i = 30; i < 73; i++)
    sizes[i] = i < 42 ? 50 : i < 70 ? sizes[i] : 200;
  Scan scan (sizes);
  auto placed = place (scan,
      {{0, scan.begins[30] + 10}, {scan.begins[42] + 10, scan.begins[70] + 10},
          {scan.begins[73] + 10, scan.bytes.size ()}});
  fail_unless_equals_int (placed.size (), 30 + 46);
}
GST_END_TEST;

// With the same sizes in the previous picture, there is no doubt.
GST_START_TEST (test_previous_decides)
{
  std::vector<std::uint32_t> sizes (120);
  std::mt19937 random (3);
  for (auto &size : sizes)
    size = random () % 8 == 0 ? 1500 : 20 + random () % 50;
  for (std::size_t i = 30; i < 73; i++)
    sizes[i] = i < 42 ? 50 : i < 70 ? sizes[i] : 200;
  Scan scan (sizes);
  // The standard tables' codes for levels
  for (std::size_t i = 0; i < sizes.size (); i++) {
    scan.bytes[scan.begins[i]] = static_cast<std::uint8_t> (random () % 0xe0);
    scan.bytes[scan.begins[i] + 1] = static_cast<std::uint8_t> (random ());
    if (scan.bytes[scan.begins[i] + 1] == 0xff)
      scan.bytes[scan.begins[i] + 1] = 0;
  }
  std::vector<Range> ranges = {{0, scan.begins[30] + 10},
      {scan.begins[42] + 10, scan.begins[70] + 10},
      {scan.begins[73] + 10, scan.bytes.size ()}};
  fail_unless_equals_int (place (scan, ranges).size (), 30 + 46);
  PreviousIntervals previous = {scan.begins, scan.bytes};
  fail_unless_equals_int (place (scan, ranges, previous).size (), 30 + 27 + 46);
}
GST_END_TEST;

// If the end of the scan is missing, there may be eight more intervals.
GST_START_TEST (test_open_end)
{
  std::vector<std::uint32_t> sizes (120, 200);
  Scan scan (sizes);
  auto placed = place (scan,
      {{0, scan.begins[30] + 100},
          {scan.begins[36] + 100, scan.begins[80] + 100}},
      {}, 0, false);
  fail_unless_equals_int (placed.size (), 30 + 43);
}
GST_END_TEST;

// Contradicting intervals are not placed.
GST_START_TEST (test_more_intervals_than_there_are)
{
  std::vector<std::uint32_t> sizes (64, 100);
  Scan scan (sizes);
  ScanFragments fragments;
  fragments.add (0, Bytes (scan.bytes), RestartHeader{});
  for (std::uint32_t count : {1, 2, 8, 63}) {
    auto runs = find_interval_runs (
        fragments, static_cast<std::uint32_t> (scan.bytes.size ()), count);
    for (auto &interval :
        place_intervals (runs, count, fragments.received_bytes (), {}, 0))
      fail_unless (interval.index < count);
  }
}
GST_END_TEST;

// The end of the scan implies eight intervals fewer than were counted up to it:
// those in between are not placed.
GST_START_TEST (test_no_room_at_all)
{
  std::vector<std::uint32_t> sizes (120, 200);
  Scan scan (sizes);
  ScanFragments fragments;
  for (auto [first, last] : {std::pair{0, 30}, {36, 70}, {76, 119}}) {
    auto begin = scan.begins[first] + (first ? 100 : 0);
    auto end = last < 119 ? scan.begins[last] + 100
                          : static_cast<std::uint32_t> (scan.bytes.size ());
    fragments.add (begin, Bytes (scan.bytes).subspan (begin, end - begin), {});
  }
  auto runs = find_interval_runs (
      fragments, static_cast<std::uint32_t> (scan.bytes.size ()), 112);
  fail_unless_equals_int (runs.size (), 3);
  auto placed = place_intervals (runs, 112, fragments.received_bytes (), {}, 0);
  fail_unless_equals_int (placed.size (), 30 + 43);
  fail_unless_equals_int (placed[30].index, 69);
}
GST_END_TEST;

// All ways to distribute eights, one by one.
static double
best_of_all (const Scores &gaps, const Scores &spans, std::size_t row,
    std::size_t before, std::size_t fixed_row, std::size_t fixed)
{
  if (row == spans.rows ()) {
    return gaps.rows () > row ? gaps.at (row, spans.choices () - 1 - before)
                              : 0;
  }
  double best = -1e30;
  for (std::size_t k = before; k < spans.choices (); k++) {
    if (row == fixed_row && k != fixed)
      continue;
    best = std::max (
        best, gaps.at (row, k - before) + spans.at (row, k) +
                  best_of_all (gaps, spans, row + 1, k, fixed_row, fixed));
  }
  return best;
}

GST_START_TEST (test_distribute_eights)
{
  std::mt19937 random (4);
  for (unsigned round = 0; round < 500; round++) {
    std::size_t rows = 1 + random () % 4, choices = 1 + random () % 5;
    Scores gaps (rows + round % 2, choices), spans (rows, choices);
    for (auto scores : {&gaps, &spans}) {
      for (std::size_t row = 0; row < scores->rows (); row++) {
        for (std::size_t k = 0; k < choices; k++)
          scores->at (row, k) = -static_cast<double> (random () % 1000) / 100;
      }
    }
    auto found = distribute_eights (gaps, spans);
    fail_unless_equals_int (found.size (), rows);
    for (std::size_t row = 0; row < rows; row++) {
      double best = -1e30, next = -1e30;
      std::size_t chosen = 0;
      for (std::size_t k = 0; k < choices; k++) {
        auto score = best_of_all (gaps, spans, 0, 0, row, k);
        if (score > best) {
          next = best;
          best = score;
          chosen = k;
        } else {
          next = std::max (next, score);
        }
      }
      if (best - next > 1e-6)
        fail_unless_equals_int (found[row].count, chosen);
      if (choices > 1)
        fail_unless (std::abs (found[row].margin - (best - next)) < 1e-6);
    }
  }
}
GST_END_TEST;

// Consecutive restart intervals of these sizes.
static IntervalRun
run_of (const std::vector<std::uint32_t> &sizes)
{
  IntervalRun run = {.begins_interval = true};
  std::uint32_t at = 0;
  for (auto size : sizes) {
    run.pieces.push_back ({at, at + size, true});
    at += size + 2;
  }
  return run;
}

// The six intervals next to a gap on each side count equally.
GST_START_TEST (test_mean_size)
{
  auto small = run_of (std::vector<std::uint32_t> (10, 98));
  auto large = run_of (std::vector<std::uint32_t> (20, 298));
  IntervalSpan spans[] = {
      {&small, 0, 10, std::nullopt}, {&large, 0, 20, std::nullopt}};
  GapModel model (spans);
  auto mean = [&] (const IntervalSpan *before, const IntervalSpan *after) {
    return std::lround (model.mean_size (before, after));
  };
  fail_unless_equals_int (mean (&spans[0], nullptr), 100);
  fail_unless_equals_int (mean (nullptr, &spans[1]), 300);
  fail_unless_equals_int (mean (&spans[0], &spans[1]), 200);
  fail_unless_equals_int (mean (&spans[1], &spans[0]), 200);
  // The mean of all, if there are none next to it. The last interval of a run
  // may be truncated: 9 of 100 bytes and 19 of 300.
  fail_unless_equals_int (mean (nullptr, nullptr), 236);
}
GST_END_TEST;

// The likelihood of intervals 40 to 64 there, with those before them in place
// and a previous picture that is nearly the same.
static double
likelihood_at (Index base, bool sizes_tell, bool levels_tell)
{
  std::mt19937 random (5);
  std::vector<std::uint32_t> sizes (64, 200), sizes_before (64, 200);
  for (std::size_t i = 0; sizes_tell && i < sizes.size (); i++) {
    sizes[i] = 100 + random () % 400;
    sizes_before[i] = sizes[i] + random () % (sizes[i] / 10);
  }
  Scan scan (sizes), before (sizes_before);
  for (std::size_t i = 0; i < sizes.size (); i++) {
    // The standard table's code for 5 bits, and levels from 16 to 31
    auto level = levels_tell ? 16 + random () % 14 : 20;
    auto noise = levels_tell ? random () % 2 : 0;
    scan.bytes[scan.begins[i]] = static_cast<std::uint8_t> (0xc0 | level);
    before.bytes[before.begins[i]] =
        static_cast<std::uint8_t> (0xc0 | (level + noise));
  }
  auto run = run_of (sizes);
  IntervalSpan spans[] = {{&run, 0, 40, 0}, {&run, 40, 64, std::nullopt}};
  PreviousIntervals previous = {before.begins, before.bytes};
  return LikenessModel (spans, scan.count (), scan.bytes, previous, 0)
      .likelihood (1, base);
}

// Sizes and levels together indicate a place, since one of them may be similar
// by chance. Dissimilar intervals don't count against a place: they may be what
// has moved.
GST_START_TEST (test_likeness)
{
  fail_unless (likelihood_at (40, true, true) > 1);
  fail_unless (likelihood_at (32, true, true) == 0);
  fail_unless (likelihood_at (24, true, true) == 0);
  for (Index base : {24, 32, 40}) {
    fail_unless (likelihood_at (base, true, false) == 0);
    fail_unless (likelihood_at (base, false, true) == 0);
  }
}
GST_END_TEST;

// A Restart Count beyond the last interval, or one that contradicts the
// markers, is ignored.
GST_START_TEST (test_impossible_restart_count)
{
  Scan scan (std::vector<std::uint32_t> (64, 100));
  for (auto [count, placed] : {std::pair{20u, 6u}, {28u, 6u}, {21u, 0u},
           {64u, 0u}, {68u, 0u}, {0x3ffeu, 0u}}) {
    ScanFragments fragments;
    auto begin = scan.begins[20], end = scan.begins[26];
    fragments.add (begin, Bytes (scan.bytes).subspan (begin, end - begin),
        {.restart_interval = 1,
            .restart_count = static_cast<std::uint16_t> (count)});
    auto intervals = place_intervals (
        find_interval_runs (fragments, std::nullopt, scan.count ()),
        scan.count (), fragments.received_bytes (), {}, 0);
    fail_unless_equals_int (intervals.size (), placed);
    if (placed > 0)
      fail_unless_equals_int (intervals[0].index, count);
  }
}
GST_END_TEST;

static Suite *
interval_placement_suite ()
{
  auto suite = suite_create ("interval_placement");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_no_room_for_doubt);
  tcase_add_test (tc, test_sizes_decide);
  tcase_add_test (tc, test_doubt_leaves_out);
  tcase_add_test (tc, test_previous_decides);
  tcase_add_test (tc, test_open_end);
  tcase_add_test (tc, test_more_intervals_than_there_are);
  tcase_add_test (tc, test_no_room_at_all);
  tcase_add_test (tc, test_distribute_eights);
  tcase_add_test (tc, test_mean_size);
  tcase_add_test (tc, test_likeness);
  tcase_add_test (tc, test_impossible_restart_count);

  return suite;
}

GST_CHECK_MAIN (interval_placement)
