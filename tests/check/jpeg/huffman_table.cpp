// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "huffman_table.h"

#include <gst/check/gstcheck.h>

#include <set>

using namespace rfc2435;

// Each symbol occurs once, the symbols are those that 8-bit samples need, and
// no code consists of ones only (T.81 C).
static void
check_table (const HuffmanTable &table, const std::set<unsigned> &symbols)
{
  std::set<unsigned> found;
  unsigned count = table.symbol_count ();
  for (unsigned i = 0; i < count; i++)
    fail_unless (found.insert (table.symbols[i]).second);
  fail_unless (found == symbols);
  for (unsigned i = count; i < table.symbols.size (); i++)
    fail_unless_equals_int (table.symbols[i], 0);

  unsigned used = 0;
  for (unsigned length = 1; length <= 16; length++)
    used += table.counts[length - 1] << (16 - length);
  fail_unless (used < 1u << 16);
}

GST_START_TEST (test_standard_tables)
{
  std::set<unsigned> dc, ac = {0x00, 0xf0};
  for (unsigned category = 0; category <= 11; category++)
    dc.insert (category);
  for (unsigned run = 0; run <= 15; run++) {
    for (unsigned category = 1; category <= 10; category++)
      ac.insert (run << 4 | category);
  }

  check_table (standard_dc_luma, dc);
  check_table (standard_dc_chroma, dc);
  check_table (standard_ac_luma, ac);
  check_table (standard_ac_chroma, ac);
  fail_if (standard_dc_luma == standard_dc_chroma);
  fail_if (standard_ac_luma == standard_ac_chroma);
}
GST_END_TEST;

static Suite *
huffman_table_suite ()
{
  auto suite = suite_create ("huffman_table");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_standard_tables);

  return suite;
}

GST_CHECK_MAIN (huffman_table)
