// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table_ladder.h"

#include <gst/check/gstcheck.h>

#include <algorithm>

using namespace rfc2435;

static void
assert_coarser (const TableLadder &ladder)
{
  auto &rungs = ladder.rungs ();
  for (std::size_t i = 1; i < rungs.size (); i++) {
    fail_unless (rungs[i].coarseness >= rungs[i - 1].coarseness);
    fail_unless (rungs[i].quality <= rungs[i - 1].quality);
    for (unsigned k = 0; k < 64; k++) {
      fail_unless (
          rungs[i].tables.luma.values[k] >= rungs[i - 1].tables.luma.values[k]);
      fail_unless (rungs[i].tables.chroma.values[k] >=
                   rungs[i - 1].tables.chroma.values[k]);
    }
  }
}

// Tables on the IJG's scale stay on it, so that they need not be sent.
GST_START_TEST (test_scale)
{
  TableLadder ladder;
  for (unsigned q = 1; q <= 100; q++) {
    auto source = formula_tables (q);
    fail_unless_equals_int (nearest_quality (source), q);
    ladder.set (source, 10);
    auto &rungs = ladder.rungs ();
    fail_unless (rungs[0].tables == source);
    fail_unless (rungs[0].coarseness == 0);
    fail_unless_equals_int (rungs.size (), q > 10 ? q - 10 + 1 : 1);
    for (std::size_t i = 1; i < rungs.size (); i++) {
      fail_unless_equals_int (rungs[i].quality, q - i);
      fail_unless_equals_int (formula_q (rungs[i].tables), q - i);
    }
    assert_coarser (ladder);
  }
}
GST_END_TEST;

static QuantizationTables
tables_of_a_camera ()
{
  QuantizationTables tables;
  for (unsigned k = 0; k < 64; k++) {
    tables.luma.values[k] = static_cast<std::uint16_t> (3 + k / 4);
    tables.chroma.values[k] = static_cast<std::uint16_t> (4 + k / 3);
  }
  return tables;
}

GST_START_TEST (test_other_tables)
{
  TableLadder ladder;
  auto source = tables_of_a_camera ();
  ladder.set (source, 10);
  auto &rungs = ladder.rungs ();
  fail_unless (rungs[0].tables == source);
  fail_unless (rungs.size () > 10);
  fail_unless (rungs.back ().quality >= 10);
  fail_unless (rungs.back ().quality <= 12);
  assert_coarser (ladder);
  for (auto &rung : rungs)
    fail_unless (rung.tables.luma.is_8bit () && rung.tables.chroma.is_8bit ());

  // It ends where all steps are the largest.
  for (auto &value : source.luma.values)
    value = 200;
  for (auto &value : source.chroma.values)
    value = 255;
  ladder.set (source, 1);
  fail_unless (ladder.rungs ().size () < 5);
}
GST_END_TEST;

GST_START_TEST (test_find)
{
  TableLadder ladder;
  ladder.set (formula_tables (90), 10);
  auto &rungs = ladder.rungs ();
  fail_unless_equals_int (ladder.find (0), 0);
  fail_unless_equals_int (ladder.find (-1), 0);
  fail_unless_equals_int (ladder.find (100), rungs.size () - 1);
  auto i = ladder.find (0.7);
  fail_unless (rungs[i].coarseness >= 0.7 && rungs[i - 1].coarseness < 0.7);

  // Tables stay the same when the source's change.
  for (unsigned q = 1; q <= 100; q++) {
    auto found = ladder.find_nearest (formula_tables (q));
    fail_unless_equals_int (rungs[found].quality, std::clamp (q, 10u, 90u));
  }
}
GST_END_TEST;

static Suite *
table_ladder_suite ()
{
  auto suite = suite_create ("table_ladder");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_scale);
  tcase_add_test (tc, test_other_tables);
  tcase_add_test (tc, test_find);

  return suite;
}

GST_CHECK_MAIN (table_ladder)
