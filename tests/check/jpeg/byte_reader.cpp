// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "byte_reader.h"

#include "pieces.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <array>
#include <vector>

using rfc2435::ByteReader;
using rfc2435::Bytes;

static const std::array<std::uint8_t, 7> data = {1, 2, 3, 0xff, 5, 6, 7};

GST_START_TEST (test_u8)
{
  test::for_each_cut (data, [] (ByteReader reader) {
    fail_unless_equals_int (reader.size (), data.size ());
    for (std::size_t i = 0; i < data.size (); i++) {
      fail_unless_equals_int (reader.position (), i);
      fail_unless_equals_int (reader.remaining (), data.size () - i);
      fail_unless_equals_int (reader.u8 (), data[i]);
    }
    fail_unless_equals_int (reader.u8 (), ByteReader::end);
    fail_unless_equals_int (reader.position (), data.size ());
  });
}
GST_END_TEST;

GST_START_TEST (test_u16)
{
  test::for_each_cut (data, [] (ByteReader reader) {
    fail_unless_equals_int (reader.u16 (), 0x0102);
    fail_unless_equals_int (reader.u16 (), 0x03ff);
    fail_unless_equals_int (reader.u16 (), 0x0506);
    fail_unless_equals_int (reader.u16 (), ByteReader::end);
  });
}
GST_END_TEST;

GST_START_TEST (test_read)
{
  test::for_each_cut (data, [] (ByteReader reader) {
    std::array<std::uint8_t, 5> out{};
    fail_unless (reader.read (out.data (), 5));
    fail_unless (std::equal (out.begin (), out.end (), data.begin ()));
    fail_unless_equals_int (reader.position (), 5);
    fail_if (reader.read (out.data (), 3));
  });
}
GST_END_TEST;

GST_START_TEST (test_skip)
{
  test::for_each_cut (data, [] (ByteReader reader) {
    fail_unless (reader.skip (0));
    fail_unless (reader.skip (4));
    fail_unless_equals_int (reader.u8 (), 5);
    fail_unless (reader.skip (2));
    fail_if (reader.skip (1));
    fail_unless_equals_int (reader.remaining (), 0);
  });
}
GST_END_TEST;

GST_START_TEST (test_skip_all)
{
  std::vector<std::uint8_t> bytes (200, 7);
  bytes[150] = 8;
  Bytes whole (bytes);
  for (std::size_t cut = 0; cut <= bytes.size (); cut++) {
    std::array<Bytes, 3> pieces = {
        whole.first (cut), Bytes (), whole.subspan (cut)};
    ByteReader reader (pieces);
    reader.skip_all (8);
    fail_unless_equals_int (reader.position (), 0);
    reader.skip_all (7);
    fail_unless_equals_int (reader.position (), 150);
    fail_unless_equals_int (reader.u8 (), 8);
    reader.skip_all (7);
    fail_unless_equals_int (reader.remaining (), 0);
    reader.skip_all (7);
  }
}
GST_END_TEST;

GST_START_TEST (test_next_marker)
{
  // Stuffed bytes, a fill byte before them, fill bytes before a marker.
  static const std::array<std::uint8_t, 13> bytes = {
      1, 0xff, 0, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xd9, 0xff, 0xd0, 0xff};
  test::for_each_cut (bytes, [] (ByteReader reader) {
    auto marker = reader.next_marker ();
    fail_unless_equals_int (marker.code, 0xd9);
    fail_unless_equals_int (marker.offset, 6);
    fail_unless_equals_int (reader.position (), 10);
    marker = reader.next_marker ();
    fail_unless_equals_int (marker.code, 0xd0);
    fail_unless_equals_int (marker.offset, 10);
    // Half a marker is none.
    marker = reader.next_marker ();
    fail_unless_equals_int (marker.code, ByteReader::end);
    fail_unless_equals_int (marker.offset, 12);
    marker = reader.next_marker ();
    fail_unless_equals_int (marker.code, ByteReader::end);
    fail_unless_equals_int (marker.offset, 13);
  });
}
GST_END_TEST;

GST_START_TEST (test_empty)
{
  ByteReader reader ({});
  fail_unless_equals_int (reader.size (), 0);
  fail_unless_equals_int (reader.u8 (), ByteReader::end);
  fail_unless_equals_int (reader.next_marker ().code, ByteReader::end);
}
GST_END_TEST;

static Suite *
byte_reader_suite ()
{
  auto suite = suite_create ("byte_reader");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_u8);
  tcase_add_test (tc, test_u16);
  tcase_add_test (tc, test_read);
  tcase_add_test (tc, test_skip);
  tcase_add_test (tc, test_skip_all);
  tcase_add_test (tc, test_next_marker);
  tcase_add_test (tc, test_empty);

  return suite;
}

GST_CHECK_MAIN (byte_reader)
