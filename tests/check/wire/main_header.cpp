// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "main_header.h"

#include <gst/check/gstcheck.h>

#include <array>
#include <vector>

using rfc2435::MainHeader;

struct Case {
  MainHeader header;
  std::array<std::uint8_t, MainHeader::size> bytes;
};

static const Case cases[] = {
    {{}, {0, 0, 0, 0, 0, 0, 0, 0}},
    {{.type = 1, .q = 255, .width_blocks = 80, .height_blocks = 60},
        {0, 0, 0, 0, 1, 255, 80, 60}},
    {{.type_specific = 3,
         .fragment_offset = 0x123456,
         .type = 65,
         .q = 99,
         .width_blocks = 255,
         .height_blocks = 1},
        {3, 0x12, 0x34, 0x56, 65, 99, 255, 1}},
    {{.fragment_offset = MainHeader::max_fragment_offset},
        {0, 0xff, 0xff, 0xff, 0, 0, 0, 0}},
};

GST_START_TEST (test_write)
{
  for (const auto &c : cases) {
    std::array<std::uint8_t, MainHeader::size> out;
    fail_unless (c.header.write (out.data ()) == out.data () + out.size ());
    fail_unless (out == c.bytes);
  }
}
GST_END_TEST;

GST_START_TEST (test_parse)
{
  for (const auto &c : cases) {
    auto header = MainHeader::parse (c.bytes);
    fail_unless (header.has_value ());
    fail_unless (*header == c.header);
  }
}
GST_END_TEST;

GST_START_TEST (test_parse_short)
{
  std::vector<std::uint8_t> bytes (MainHeader::size - 1);
  fail_if (MainHeader::parse (bytes).has_value ());
}
GST_END_TEST;

static Suite *
main_header_suite ()
{
  auto suite = suite_create ("main_header");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_write);
  tcase_add_test (tc, test_parse);
  tcase_add_test (tc, test_parse_short);

  return suite;
}

GST_CHECK_MAIN (main_header)
