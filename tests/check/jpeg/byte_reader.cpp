// SPDX-License-Identifier: LGPL-2.1-or-later
#include "byte_reader.h"

#include <gst/check/gstcheck.h>

#include <array>
#include <vector>

using rfc2435::ByteReader;
using rfc2435::Bytes;

static const std::array<std::uint8_t, 7> data = {1, 2, 3, 0xff, 5, 6, 7};

// All ways to cut the data into three pieces, empty ones among them.
template <typename Function>
static void
for_each_cut (Function check)
{
  Bytes whole (data);
  for (std::size_t i = 0; i <= data.size (); i++) {
    for (std::size_t j = i; j <= data.size (); j++) {
      std::array<Bytes, 3> pieces = {
          whole.first (i), whole.subspan (i, j - i), whole.subspan (j)};
      check (ByteReader (pieces));
    }
  }
}

GST_START_TEST (test_u8)
{
  for_each_cut ([] (ByteReader reader) {
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
  for_each_cut ([] (ByteReader reader) {
    fail_unless_equals_int (reader.u16 (), 0x0102);
    fail_unless_equals_int (reader.u16 (), 0x03ff);
    fail_unless_equals_int (reader.u16 (), 0x0506);
    fail_unless_equals_int (reader.u16 (), ByteReader::end);
  });
}
GST_END_TEST;

GST_START_TEST (test_read)
{
  for_each_cut ([] (ByteReader reader) {
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
  for_each_cut ([] (ByteReader reader) {
    fail_unless (reader.skip (0));
    fail_unless (reader.skip (4));
    fail_unless_equals_int (reader.u8 (), 5);
    fail_unless (reader.skip (2));
    fail_if (reader.skip (1));
    fail_unless_equals_int (reader.remaining (), 0);
  });
}
GST_END_TEST;

GST_START_TEST (test_skip_to)
{
  for_each_cut ([] (ByteReader reader) {
    fail_unless (reader.skip_to (0xff));
    fail_unless_equals_int (reader.position (), 3);
    fail_unless_equals_int (reader.u8 (), 0xff);
    fail_if (reader.skip_to (0xff));
    fail_unless_equals_int (reader.position (), data.size ());
  });
}
GST_END_TEST;

GST_START_TEST (test_empty)
{
  ByteReader reader ({});
  fail_unless_equals_int (reader.size (), 0);
  fail_unless_equals_int (reader.u8 (), ByteReader::end);
  fail_if (reader.skip_to (0));
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
  tcase_add_test (tc, test_skip_to);
  tcase_add_test (tc, test_empty);

  return suite;
}

GST_CHECK_MAIN (byte_reader)
