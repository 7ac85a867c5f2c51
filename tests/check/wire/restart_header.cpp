// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_header.h"

#include <gst/check/gstcheck.h>

#include <array>

using rfc2435::RestartHeader;

struct Case {
  RestartHeader header;
  std::array<std::uint8_t, RestartHeader::size> bytes;
};

static const Case cases[] = {
    // The whole frame is one chunk: F, L and a count of all ones.
    {{.restart_interval = 4}, {0x00, 0x04, 0xff, 0xff}},
    {{.restart_interval = 0xabcd}, {0xab, 0xcd, 0xff, 0xff}},
    {{.restart_interval = 1, .first = true, .last = false, .restart_count = 2},
        {0x00, 0x01, 0x80, 0x02}},
    {{.restart_interval = 1,
         .first = false,
         .last = true,
         .restart_count = 0x123},
        {0x00, 0x01, 0x41, 0x23}},
    {{.restart_interval = 1, .first = false, .last = false, .restart_count = 0},
        {0x00, 0x01, 0x00, 0x00}},
};

GST_START_TEST (test_write)
{
  for (const auto &c : cases) {
    std::array<std::uint8_t, RestartHeader::size> out;
    fail_unless (c.header.write (out.data ()) == out.data () + out.size ());
    fail_unless (out == c.bytes);
  }
}
GST_END_TEST;

GST_START_TEST (test_parse)
{
  for (const auto &c : cases) {
    auto header = RestartHeader::parse (c.bytes);
    fail_unless (header.has_value ());
    fail_unless (*header == c.header);
  }
  fail_if (RestartHeader::parse (rfc2435::Bytes (cases[0].bytes).first (3))
               .has_value ());
}
GST_END_TEST;

static Suite *
restart_header_suite ()
{
  auto suite = suite_create ("restart_header");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_write);
  tcase_add_test (tc, test_parse);

  return suite;
}

GST_CHECK_MAIN (restart_header)
