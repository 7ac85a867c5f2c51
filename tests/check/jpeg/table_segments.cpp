// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table_segments.h"

#include "jpeg_builder.h"

#include <gst/check/gstcheck.h>

#include <algorithm>

using namespace rfc2435;

// Tables that are written are read the same again.
static void
assert_round_trip (const JpegTables &tables)
{
  auto jpeg = test::JpegBuilder ().soi ().raw (table_segments (tables)).eoi ();
  Bytes piece (jpeg.bytes);
  ByteReader reader ({&piece, 1});
  JpegTables parsed;
  JpegHeader header;

  fail_unless (header.parse (reader, parsed) == DropCause::no_picture);
  fail_unless (parsed.quantization == tables.quantization);
  fail_unless (parsed.dc == tables.dc);
  fail_unless (parsed.ac == tables.ac);
}

GST_START_TEST (test_round_trip)
{
  JpegTables tables;
  assert_round_trip (tables);

  tables.quantization[0] = formula_tables (50).luma;
  tables.quantization[3] = formula_tables (50).chroma;
  tables.quantization[3]->values[63] = 0x1234;
  tables.dc[2] = standard_dc_chroma;
  tables.ac[3] = standard_ac_luma;
  std::swap (tables.ac[0].symbols[0], tables.ac[0].symbols[1]);
  assert_round_trip (tables);
}
GST_END_TEST;

GST_START_TEST (test_bytes)
{
  JpegTables tables;
  tables.quantization[1] = formula_tables (50).luma;
  auto segments = table_segments (tables);

  // DC 0 (28 + 5 bytes), AC 0 (179 + 4), then DQT
  const std::uint8_t dht[] = {0xff, 0xc4, 0, 31, 0x00};
  const std::uint8_t dqt[] = {0xff, 0xdb, 0, 67, 0x01, 16, 11};
  fail_unless (std::equal (dht, dht + 5, segments.begin ()));
  fail_unless (std::equal (dqt, dqt + 7, segments.begin () + 33 + 183));
}
GST_END_TEST;

static Suite *
table_segments_suite ()
{
  auto suite = suite_create ("table_segments");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_round_trip);
  tcase_add_test (tc, test_bytes);

  return suite;
}

GST_CHECK_MAIN (table_segments)
