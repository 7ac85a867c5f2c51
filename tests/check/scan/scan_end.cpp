// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_end.h"

#include "jpeg_markers.h"
#include "pieces.h"

#include <gst/check/gstcheck.h>

#include <vector>

using namespace rfc2435;

static void
assert_end (const std::vector<std::uint8_t> &bytes, const ScanEnd &wanted,
    std::size_t position)
{
  test::for_each_cut (bytes, [&] (ByteReader reader) {
    auto end = find_scan_end (reader);
    fail_unless_equals_int (end.offset, wanted.offset);
    fail_unless_equals_int (end.marker, wanted.marker);
    fail_unless_equals_int (end.restart_markers, wanted.restart_markers);
    fail_unless_equals_int (end.in_order, wanted.in_order);
    fail_unless_equals_int (reader.position (), position);
  });
}

GST_START_TEST (test_end)
{
  assert_end ({1, 2, 0xff, 0xd9}, {.offset = 2, .marker = marker::eoi}, 4);
  assert_end ({0xff, 0xd9}, {.offset = 0, .marker = marker::eoi}, 2);
  // At the first of two
  assert_end ({1, 2, 0xff, 0xd9, 0, 0, 0xff, 0xd9},
      {.offset = 2, .marker = marker::eoi}, 4);
  // Stuffed bytes belong to the scan, fill bytes before a marker do not.
  assert_end (
      {1, 0xff, 0, 2, 0xff, 0xd9}, {.offset = 4, .marker = marker::eoi}, 6);
  assert_end (
      {1, 0xff, 0xff, 0xff, 0xd9}, {.offset = 1, .marker = marker::eoi}, 5);
  // Other markers, or nothing, instead of EOI
  assert_end ({1, 2, 0xff, 0xdc, 0, 4, 0, 8, 0xff, 0xd9},
      {.offset = 2, .marker = marker::dnl}, 4);
  assert_end ({1, 2, 0xff, 0xd8}, {.offset = 2, .marker = marker::soi}, 4);
  assert_end ({1, 2, 0xff, 0x01}, {.offset = 2, .marker = marker::tem}, 4);
  assert_end ({1, 2, 3}, {.offset = 3}, 3);
  assert_end ({1, 2, 0xff}, {.offset = 2}, 3);
  assert_end ({1, 2, 0xff, 0xff}, {.offset = 2}, 4);
  assert_end ({}, {.offset = 0}, 0);
}
GST_END_TEST;

GST_START_TEST (test_restart_markers)
{
  assert_end ({1, 0xff, 0xd0, 2, 0xff, 0xff, 0xd1, 3, 0xff, 0xd9},
      {.offset = 8, .marker = marker::eoi, .restart_markers = 2}, 10);
  assert_end ({1, 0xff, 0xd0, 2, 0xff, 0xd2, 3, 0xff, 0xd9},
      {.offset = 7,
          .marker = marker::eoi,
          .restart_markers = 2,
          .in_order = false},
      9);
  assert_end ({1, 0xff, 0xd1, 2},
      {.offset = 4, .restart_markers = 1, .in_order = false}, 4);

  // One that closes nothing
  assert_end ({1, 0xff, 0xd0, 2, 0xff, 0xd1, 0xff, 0xd9},
      {.offset = 4, .marker = marker::eoi, .restart_markers = 1}, 8);
  assert_end ({1, 0xff, 0xff, 0xd0, 0xff, 0xd9},
      {.offset = 1, .marker = marker::eoi}, 6);
  assert_end ({1, 0xff, 0xd0}, {.offset = 1}, 3);

  // They are counted modulo 8.
  std::vector<std::uint8_t> bytes;
  for (unsigned i = 0; i < 20; i++)
    bytes.insert (
        bytes.end (), {1, 0xff, static_cast<std::uint8_t> (0xd0 + i % 8)});
  bytes.push_back (1);
  assert_end (bytes, {.offset = 61, .restart_markers = 20}, 61);
}
GST_END_TEST;

static Suite *
scan_end_suite ()
{
  auto suite = suite_create ("scan_end");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_end);
  tcase_add_test (tc, test_restart_markers);

  return suite;
}

GST_CHECK_MAIN (scan_end)
