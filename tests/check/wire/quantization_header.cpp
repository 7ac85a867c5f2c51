// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quantization_header.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <vector>

using namespace rfc2435;

static QuantizationTables
make_tables (bool wide_luma, bool wide_chroma)
{
  QuantizationTables tables;
  for (unsigned i = 0; i < 64; i++) {
    tables.luma.values[i] =
        static_cast<std::uint16_t> (1 + i + (wide_luma ? 0x0100 : 0));
    tables.chroma.values[i] =
        static_cast<std::uint16_t> (101 + i + (wide_chroma ? 0x1200 : 0));
  }
  return tables;
}

static std::vector<std::uint8_t>
write (const QuantizationTables &tables)
{
  std::vector<std::uint8_t> out (QuantizationHeader::size (tables));
  fail_unless (QuantizationHeader::write (tables, out.data ()) ==
               out.data () + out.size ());
  return out;
}

GST_START_TEST (test_8bit)
{
  auto out = write (make_tables (false, false));
  const std::uint8_t fixed[] = {0, 0, 0, 128};

  fail_unless_equals_int (out.size (), 132);
  fail_unless (std::equal (fixed, fixed + 4, out.begin ()));
  for (unsigned i = 0; i < 64; i++) {
    fail_unless_equals_int (out[4 + i], 1 + i);
    fail_unless_equals_int (out[68 + i], 101 + i);
  }
}
GST_END_TEST;

GST_START_TEST (test_16bit)
{
  auto luma = write (make_tables (true, false));
  const std::uint8_t luma_fixed[] = {0, 1, 0, 192, 0x01, 0x01, 0x01, 0x02};
  fail_unless_equals_int (luma.size (), 196);
  fail_unless (std::equal (luma_fixed, luma_fixed + 8, luma.begin ()));
  fail_unless_equals_int (luma[4 + 128], 101);

  auto chroma = write (make_tables (false, true));
  const std::uint8_t chroma_fixed[] = {0, 2, 0, 192, 1, 2};
  fail_unless_equals_int (chroma.size (), 196);
  fail_unless (std::equal (chroma_fixed, chroma_fixed + 6, chroma.begin ()));
  fail_unless_equals_int (chroma[4 + 64], 0x12);
  fail_unless_equals_int (chroma[4 + 65], 101);

  auto both = write (make_tables (true, true));
  const std::uint8_t both_fixed[] = {0, 3, 1, 0};
  fail_unless_equals_int (both.size (), QuantizationHeader::max_size);
  fail_unless (std::equal (both_fixed, both_fixed + 4, both.begin ()));
}
GST_END_TEST;

GST_START_TEST (test_parse)
{
  for (bool wide_luma : {false, true}) {
    for (bool wide_chroma : {false, true}) {
      auto tables = make_tables (wide_luma, wide_chroma);
      auto bytes = write (tables);
      auto parsed = QuantizationHeader::parse (bytes);
      fail_unless (parsed.has_value ());
      fail_unless (*parsed == tables);

      for (std::size_t size = 0; size < bytes.size (); size++)
        fail_if (QuantizationHeader::parse (Bytes (bytes).first (size))
                     .has_value ());
      bytes[3]++;
      fail_if (QuantizationHeader::parse (bytes).has_value ());
    }
  }
}
GST_END_TEST;

static Suite *
quantization_header_suite ()
{
  auto suite = suite_create ("quantization_header");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_8bit);
  tcase_add_test (tc, test_16bit);
  tcase_add_test (tc, test_parse);

  return suite;
}

GST_CHECK_MAIN (quantization_header)
