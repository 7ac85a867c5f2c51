// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marker_search.h"

#include <gst/check/gstcheck.h>

#include <random>
#include <vector>

using rfc2435::find_marker;

// Byte by byte.
static std::size_t
expected (const std::uint8_t *bytes, std::size_t size)
{
  for (std::size_t i = 0; i < size; i++) {
    if (bytes[i] == 0xff && (i + 1 == size || bytes[i + 1] != 0))
      return i;
  }
  return size;
}

static void
assert_found (const std::vector<std::uint8_t> &bytes, std::size_t begin)
{
  // A separate copy, so that sanitizers detect reads beyond its end.
  std::vector<std::uint8_t> copy (bytes.begin () + begin, bytes.end ());
  auto found = find_marker (copy.data (), copy.data () + copy.size ());
  fail_unless_equals_int (
      found - copy.data (), expected (copy.data (), copy.size ()));
}

// A marker at each position in sizes up to a few vectors, after stuffed bytes.
GST_START_TEST (test_each_place)
{
  for (std::size_t size = 0; size < 150; size++) {
    std::vector<std::uint8_t> bytes (size, 0x55);
    for (std::size_t i = 3; i + 1 < size; i += 7) {
      bytes[i] = 0xff;
      bytes[i + 1] = 0;
    }
    assert_found (bytes, 0);
    for (std::size_t at = 0; at < size; at++) {
      auto with_marker = bytes;
      with_marker[at] = 0xff;
      if (at + 1 < size)
        with_marker[at + 1] = 0xd9;
      assert_found (with_marker, 0);
    }
  }
}
GST_END_TEST;

// Bytes that are hard to distinguish from markers, at any alignment.
GST_START_TEST (test_random)
{
  static const std::uint8_t values[] = {0, 0, 0, 0xff, 0xfe, 0x7f, 1, 0x80};
  std::mt19937 random (1);

  for (unsigned round = 0; round < 2000; round++) {
    std::vector<std::uint8_t> bytes (random () % 200);
    for (auto &byte : bytes)
      byte = values[random () % std::size (values)];
    // Markers are rare.
    for (std::size_t i = 1; i < bytes.size (); i++) {
      if (bytes[i - 1] == 0xff && random () % 64 != 0)
        bytes[i] = 0;
    }
    for (std::size_t begin = 0; begin <= bytes.size (); begin += 3)
      assert_found (bytes, begin);
  }
}
GST_END_TEST;

static Suite *
marker_search_suite ()
{
  auto suite = suite_create ("marker_search");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_each_place);
  tcase_add_test (tc, test_random);

  return suite;
}

GST_CHECK_MAIN (marker_search)
