// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "copy_to_ff.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace rfc2435;

using Function = decltype (copy_to_ff);

// What both functions must do, byte by byte.
static void
assert_copies (
    Function function, const std::vector<std::uint8_t> &bytes, std::size_t from)
{
  constexpr std::uint8_t untouched = 0x55;
  std::vector<std::uint8_t> out (
      bytes.size () - from + copy_to_ff_slack + 8, untouched);
  auto count = function (
      bytes.data () + from, bytes.data () + bytes.size (), out.data ());

  auto begin = bytes.begin () + static_cast<std::ptrdiff_t> (from);
  auto expected = std::find (begin, bytes.end (), 0xff) - begin;
  assert_equals_int (count, expected);
  fail_unless (std::equal (begin, begin + expected, out.begin ()));
  fail_unless (std::all_of (out.end () - 8, out.end (),
      [] (auto byte) { return byte == untouched; }));
}

static void
assert_both_copy (const std::vector<std::uint8_t> &bytes, std::size_t from)
{
  assert_copies (copy_to_ff, bytes, from);
  assert_copies (copy_to_ff_portable, bytes, from);
}

GST_START_TEST (test_one_ff_anywhere)
{
  for (std::size_t size = 0; size <= 70; size++)
    for (std::size_t at = 0; at <= size; at++) {
      std::vector<std::uint8_t> bytes (size, 0xfe);
      if (at < size)
        bytes[at] = 0xff;
      assert_both_copy (bytes, 0);
    }
}
GST_END_TEST;

GST_START_TEST (test_random)
{
  std::mt19937 random (1);
  for (unsigned n = 0; n < 2000; n++) {
    std::vector<std::uint8_t> bytes (random () % 300);
    // Bytes that a comparison of several at once could take for 0xff
    constexpr std::uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff};
    auto kinds = 1 + random () % std::size (values);
    for (auto &byte : bytes)
      byte = values[random () % kinds];
    assert_both_copy (bytes, bytes.empty () ? 0 : random () % bytes.size ());
  }
}
GST_END_TEST;

static Suite *
copy_to_ff_suite ()
{
  auto suite = suite_create ("copy_to_ff");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_one_ff_anywhere);
  tcase_add_test (tc, test_random);

  return suite;
}

GST_CHECK_MAIN (copy_to_ff)
