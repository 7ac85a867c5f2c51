// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan.h"

#include "jpeg_builder.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

// Runs `check` on the bytes in one piece, and cut into two everywhere.
template <typename Function>
static void
for_each_cut (const ByteVector &bytes, Function check)
{
  Bytes whole (bytes);
  for (std::size_t i = 0; i <= bytes.size (); i++) {
    std::array<Bytes, 2> pieces = {whole.first (i), whole.subspan (i)};
    ByteReader reader (pieces);
    check (reader);
  }
}

static void
assert_end (const ByteVector &bytes, bool has_restart_markers,
    std::size_t offset, bool has_eoi)
{
  for_each_cut (bytes, [&] (ByteReader &reader) {
    auto end = find_scan_end (reader, has_restart_markers);
    fail_unless_equals_int (end.offset, offset);
    fail_unless_equals_int (end.has_eoi, has_eoi);
  });
}

GST_START_TEST (test_find_end)
{
  assert_end ({1, 2, 0xff, 0xd9}, false, 2, true);
  assert_end ({1, 2, 0xff, 0xd9, 0, 0, 0xff, 0xd9}, false, 2, true);
  assert_end ({0xff, 0xd9}, false, 0, true);
  // Stuffed bytes belong to the scan, fill bytes before a marker do not.
  assert_end ({1, 0xff, 0, 2, 0xff, 0xd9}, false, 4, true);
  assert_end ({1, 0xff, 0xff, 0xff, 0xd9}, false, 1, true);
  // Restart markers belong to it if there are to be any.
  assert_end ({1, 0xff, 0xd0, 2, 0xff, 0xd7, 3, 0xff, 0xd9}, true, 7, true);
  assert_end ({1, 0xff, 0xd0, 2, 0xff, 0xd9}, false, 1, false);
  // Other markers, or nothing, instead of EOI.
  assert_end ({1, 2, 0xff, 0xdc, 0, 4, 0, 8, 0xff, 0xd9}, false, 2, false);
  assert_end ({1, 2, 0xff, 0xd8}, true, 2, false);
  assert_end ({1, 2, 3}, false, 3, false);
  assert_end ({1, 2, 0xff}, false, 2, false);
  assert_end ({1, 2, 0xff, 0xff}, false, 2, false);
  assert_end ({}, false, 0, false);
}
GST_END_TEST;

GST_START_TEST (test_find_final_eoi)
{
  auto find = [] (const ByteVector &bytes) {
    Bytes whole (bytes);
    auto found = find_final_eoi ({&whole, 1});
    // However the bytes are cut
    for (std::size_t i = 0; i <= bytes.size (); i++) {
      std::array<Bytes, 3> pieces = {
          whole.first (i), Bytes (), whole.subspan (i)};
      fail_unless (find_final_eoi (pieces) == found);
    }
    return found;
  };

  fail_unless (find ({1, 2, 0xff, 0xd9}) == 2u);
  fail_unless (find ({0xff, 0xd9}) == 0u);
  fail_unless (find ({1, 0xff, 0xff, 0xff, 0xd9}) == 1u);
  for (std::size_t zeros : {1, 7, 8, 9, 100}) {
    ByteVector padded = {0, 0, 0xff, 0xd9};
    padded.insert (padded.end (), zeros, 0);
    fail_unless (find (padded) == 2u);
  }
  fail_if (find ({}).has_value ());
  fail_if (find ({0xd9}).has_value ());
  fail_if (find ({0, 0, 0, 0, 0, 0, 0, 0, 0}).has_value ());
  fail_if (find ({1, 2, 0xff}).has_value ());
  fail_if (find ({1, 0xff, 0xd8}).has_value ());
  fail_if (find ({0xff, 0xd9, 1}).has_value ());
  fail_if (find_final_eoi ({}).has_value ());
}
GST_END_TEST;

static Suite *
scan_suite ()
{
  auto suite = suite_create ("scan");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_find_end);
  tcase_add_test (tc, test_find_final_eoi);

  return suite;
}

GST_CHECK_MAIN (scan)
