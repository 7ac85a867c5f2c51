// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_data.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <vector>

using namespace rfc2435;

// The scan and EOI, read in parts of any size from pieces cut anywhere. What
// follows the scan makes no difference.
GST_START_TEST (test_read)
{
  using Vector = std::vector<std::uint8_t>;
  const Vector wanted = {1, 2, 3, 4, 5, 0xff, 0xd9};
  const Vector jpegs[] = {{9, 9, 1, 2, 3, 4, 5, 0xff, 0xd9}, // with EOI
      {9, 9, 1, 2, 3, 4, 5},                                 // without
      {9, 9, 1, 2, 3, 4, 5, 0xff, 0xff, 0xff, 0xd8}};
  Frame frame;
  frame.scan_offset = 2;
  frame.scan_size = 5;
  fail_unless_equals_int (frame.data_size (), wanted.size ());

  for (auto &jpeg : jpegs) {
    Bytes whole (jpeg);
    for (std::size_t cut = 0; cut <= whole.size (); cut++) {
      Bytes pieces[] = {whole.first (cut), whole.subspan (cut)};
      for (std::size_t part = 1; part <= wanted.size (); part++) {
        FrameData data (pieces, frame);
        Vector out (wanted.size ());
        for (std::size_t at = 0; at < out.size (); at += part) {
          auto count = std::min (part, out.size () - at);
          fail_unless (data.read (&out[at], count) == &out[at] + count);
        }
        fail_unless (out == wanted);
      }
    }
  }
}
GST_END_TEST;

static Suite *
frame_data_suite ()
{
  auto suite = suite_create ("frame_data");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_read);

  return suite;
}

GST_CHECK_MAIN (frame_data)
