// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quantization_table.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;

GST_START_TEST (test_formula_values)
{
  // At 50 the factor is 1: the tables of T.81 annex K in zig-zag order.
  auto q50 = formula_tables (50);
  fail_unless_equals_int (q50.luma.values[0], 16);
  fail_unless_equals_int (q50.luma.values[1], 11);
  fail_unless_equals_int (q50.luma.values[2], 12);
  fail_unless_equals_int (q50.luma.values[3], 14);
  fail_unless_equals_int (q50.luma.values[63], 99);
  fail_unless_equals_int (q50.chroma.values[0], 17);
  fail_unless_equals_int (q50.chroma.values[3], 24);
  fail_unless_equals_int (q50.chroma.values[63], 99);

  // 5000 / 1 percent, clamped to 8 bits.
  auto q1 = formula_tables (1);
  for (auto value : q1.luma.values)
    fail_unless_equals_int (value, 255);

  // (200 - 2 * 75) percent, rounded: (11 * 50 + 50) / 100.
  auto q75 = formula_tables (75);
  fail_unless_equals_int (q75.luma.values[0], 8);
  fail_unless_equals_int (q75.luma.values[1], 6);

  // 2 percent, and never 0.
  auto q99 = formula_tables (99);
  fail_unless_equals_int (q99.luma.values[0], 1);
  fail_unless_equals_int (q99.luma.values[63], 2);

  // 5000 / 30 is 166 in integers: (16 * 166 + 50) / 100.
  fail_unless_equals_int (formula_tables (30).luma.values[0], 27);
}
GST_END_TEST;

GST_START_TEST (test_formula_q)
{
  for (unsigned q = min_formula_q; q <= max_formula_q; q++) {
    auto tables = formula_tables (q);
    auto found = formula_q (tables);
    fail_unless (found != 0, "no Q for the tables of %u", q);
    fail_unless (formula_tables (found) == tables);

    tables.chroma.values[17]++;
    fail_unless_equals_int (formula_q (tables), 0);
    tables = formula_tables (q);
    tables.luma.values[0]++;
    fail_unless_equals_int (formula_q (tables), 0);
  }

  // The IJG's quality 100 has no Q in the RFC.
  QuantizationTables ones;
  ones.luma.values.fill (1);
  ones.chroma.values.fill (1);
  fail_unless_equals_int (formula_q (ones), 0);
}
GST_END_TEST;

GST_START_TEST (test_precision)
{
  QuantizationTable table;
  table.values.fill (255);
  fail_unless (table.is_8bit ());
  fail_unless_equals_int (table.wire_size (), 64);
  table.values[63] = 256;
  fail_if (table.is_8bit ());
  fail_unless_equals_int (table.wire_size (), 128);
}
GST_END_TEST;

static Suite *
quantization_table_suite ()
{
  auto suite = suite_create ("quantization_table");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_formula_values);
  tcase_add_test (tc, test_formula_q);
  tcase_add_test (tc, test_precision);

  return suite;
}

GST_CHECK_MAIN (quantization_table)
