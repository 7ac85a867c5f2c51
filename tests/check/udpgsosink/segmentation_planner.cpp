// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segmentation_planner.h"

#include <gst/check/gstcheck.h>

#include <numeric>
#include <vector>

using rfc2435::PacketShape;
using rfc2435::Run;
using rfc2435::SegmentationPlanner;

// Takes the sizes of packets; returns the number of packets in each run.
static std::vector<std::size_t>
plan (const std::vector<std::size_t> &sizes, std::size_t pieces = 1)
{
  std::vector<PacketShape> shapes;
  for (auto size : sizes)
    shapes.push_back ({size, pieces});

  SegmentationPlanner planner (shapes);
  std::vector<std::size_t> counts;
  std::size_t packet = 0;
  Run run;
  while (planner.next (run)) {
    fail_unless_equals_uint64 (run.first, packet);
    fail_unless_equals_uint64 (run.segment_size, sizes[packet]);
    packet += run.count;
    counts.push_back (run.count);
  }
  fail_unless_equals_uint64 (packet, sizes.size ());
  return counts;
}

using Counts = std::vector<std::size_t>;

GST_START_TEST (test_shapes_of_runs)
{
  fail_unless (plan ({}) == Counts{});
  fail_unless (plan ({100}) == Counts{1});
  fail_unless (plan ({100, 100, 100}) == Counts{3});
  // A shorter packet ends its run.
  fail_unless (plan ({100, 100, 40}) == Counts{3});
  fail_unless (plan ({100, 40, 40, 40}) == (Counts{2, 2}));
  fail_unless (plan ({100, 40, 100, 40}) == (Counts{2, 2}));
  // A longer one starts another.
  fail_unless (plan ({40, 100, 100}) == (Counts{1, 2}));
  fail_unless (plan ({100, 100, 101}) == (Counts{2, 1}));
  // No run can be split into empty datagrams, or end with one.
  fail_unless (plan ({0, 0, 0}) == (Counts{1, 1, 1}));
  fail_unless (plan ({100, 0, 100, 100}) == (Counts{1, 1, 2}));
  fail_unless (plan ({0, 100, 100}) == (Counts{1, 2}));
}
GST_END_TEST;

GST_START_TEST (test_segment_limit)
{
  fail_unless (plan (Counts (64, 10)) == Counts{64});
  fail_unless (plan (Counts (65, 10)) == (Counts{64, 1}));
  fail_unless (plan (Counts (150, 10)) == (Counts{64, 64, 22}));
}
GST_END_TEST;

GST_START_TEST (test_byte_limit)
{
  // 46 x 1400 = 64400, 47 x 1400 = 65800
  fail_unless (plan (Counts (120, 1400)) == (Counts{46, 46, 28}));
  // 65487 bytes fill a run, one more does not fit.
  fail_unless (plan ({60000, 5487}) == Counts{2});
  fail_unless (plan ({60000, 5488}) == (Counts{1, 1}));
  fail_unless (plan ({32743, 32743, 1}) == Counts{3});
  fail_unless (plan ({32743, 32743, 2}) == (Counts{2, 1}));
  // Too large for any datagram: left to the kernel to refuse.
  fail_unless (plan ({70000, 70000}) == (Counts{1, 1}));
}
GST_END_TEST;

GST_START_TEST (test_piece_limit)
{
  fail_unless (plan (Counts (64, 10), 16) == Counts{64});
  fail_unless (plan (Counts (64, 10), 17) == (Counts{60, 4}));
  fail_unless (plan (Counts (2, 10), 2000) == (Counts{1, 1}));
}
GST_END_TEST;

static Suite *
segmentation_planner_suite ()
{
  auto suite = suite_create ("segmentation_planner");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_shapes_of_runs);
  tcase_add_test (tc, test_segment_limit);
  tcase_add_test (tc, test_byte_limit);
  tcase_add_test (tc, test_piece_limit);

  return suite;
}

GST_CHECK_MAIN (segmentation_planner)
