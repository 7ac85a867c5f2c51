// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_fragments.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

using namespace rfc2435;
using Added = ScanFragments::Added;

static Added
add (ScanFragments &scan, std::uint32_t offset, std::string_view text)
{
  return scan.add (offset,
      {reinterpret_cast<const std::uint8_t *> (text.data ()), text.size ()},
      {});
}

static std::string_view
text_of (Bytes bytes)
{
  return {reinterpret_cast<const char *> (bytes.data ()), bytes.size ()};
}

GST_START_TEST (test_order_of_arrival)
{
  ScanFragments scan;
  fail_unless (scan.empty ());
  fail_unless_equals_int (scan.end (), 0);
  fail_if (scan.tail (1).has_value ());

  fail_unless (add (scan, 6, "ghi") == Added::stored);
  fail_if (scan.is_gapless ());
  fail_unless_equals_int (scan.end (), 9);
  fail_unless (add (scan, 0, "ab") == Added::stored);
  fail_unless (add (scan, 2, "cdef") == Added::stored);
  fail_unless (scan.is_gapless ());
  fail_unless_equals_int (scan.received (), 9);
  fail_unless (text_of (scan.received_bytes ()) == "ghiabcdef");
  std::uint32_t offsets[] = {0, 2, 6};
  for (unsigned i = 0; i < 3; i++)
    fail_unless_equals_int (scan.fragments ()[i].offset, offsets[i]);
  fail_unless (text_of (scan.bytes (scan.fragments ()[1])) == "cdef");
  fail_unless (text_of (*scan.tail (2)) == "hi");
  fail_unless (text_of (*scan.tail (3)) == "ghi");
  // Not in one piece
  fail_if (scan.tail (4).has_value ());

  scan.sort ();
  fail_unless (text_of (scan.received_bytes ()) == "abcdefghi");
  for (auto &fragment : scan.fragments ())
    fail_unless_equals_int (fragment.position, fragment.offset);
  auto block = scan.take_block ();
  fail_unless (text_of (block.bytes ().subspan (ScanFragments::header_room)) ==
               "abcdefghi");
}
GST_END_TEST;

GST_START_TEST (test_overlaps)
{
  ScanFragments scan;
  add (scan, 10, "abcd");
  add (scan, 14, "efgh");
  add (scan, 30, "xyz");
  struct {
    std::uint32_t offset;
    const char *text;
    Added expected;
  } const cases[] = {
      {10, "abcd", Added::duplicate},
      {10, "abc", Added::duplicate},
      {11, "bcd", Added::duplicate},
      {32, "z", Added::duplicate},
      {10, "abcx", Added::conflict},
      {13, "e", Added::conflict},
      // The same bytes, but no packet that was sent twice
      {10, "abcde", Added::conflict},
      {12, "cdef", Added::conflict},
      {9, "_abcd", Added::conflict},
      {17, "hi", Added::conflict},
      {9, "_a", Added::conflict},
      {0, "0123456789abcdefghij", Added::conflict},
      {29, "0xyz0", Added::conflict},
      {18, "!", Added::stored},
      {29, "!", Added::stored},
      {9, "!", Added::stored},
      {33, "!", Added::stored},
  };
  for (auto &c : cases)
    fail_unless (
        add (scan, c.offset, c.text) == c.expected, "%u %s", c.offset, c.text);
  scan.sort ();
  fail_unless (text_of (scan.received_bytes ()) == "!abcdefgh!!xyz!");
}
GST_END_TEST;

// Compared with an array that marks each byte as present or not.
GST_START_TEST (test_random_pieces)
{
  std::mt19937 random (1);
  for (unsigned round = 0; round < 200; round++) {
    ScanFragments scan;
    std::string there (300, 0);
    std::vector<std::pair<std::size_t, std::size_t>> pieces;
    for (unsigned i = 0; i < 60; i++) {
      auto offset = random () % 280, size = 1 + random () % 20;
      std::string text;
      for (auto at = offset; at < offset + size; at++)
        text += static_cast<char> (random () % 200 == 0 ? 'x' : 'a' + at % 26);
      auto expected = Added::stored;
      for (std::size_t k = 0; k < size; k++)
        if (there[offset + k] != 0)
          expected = Added::conflict;
      for (auto [begin, end] : pieces)
        if (begin <= offset && offset + size <= end &&
            there.compare (offset, size, text) == 0)
          expected = Added::duplicate;
      fail_unless (
          add (scan, static_cast<std::uint32_t> (offset), text) == expected);
      if (expected != Added::stored)
        continue;
      there.replace (offset, size, text);
      pieces.push_back ({offset, offset + size});
    }
    there.resize (300);
    fail_unless_equals_int (scan.end (), there.find_last_not_of ('\0') + 1);
    std::erase (there, '\0');
    fail_unless_equals_int (scan.received (), there.size ());
    scan.sort ();
    fail_unless (text_of (scan.received_bytes ()) == there);
  }
}
GST_END_TEST;

// As many pieces as 16 MiB in the smallest packets that anybody would send
GST_START_TEST (test_too_many)
{
  ScanFragments scan;
  for (std::uint32_t i = 0; i < ScanFragments::max_count; i++)
    fail_unless (add (scan, 2 * i, "a") == Added::stored);
  fail_unless (add (scan, 1, "b") == Added::too_many);
  fail_unless (add (scan, 1 << 23, "b") == Added::too_many);
  fail_unless (add (scan, 4, "a") == Added::duplicate);
  fail_unless_equals_int (scan.received (), ScanFragments::max_count);
}
GST_END_TEST;

// Like those of a payloader with a large mtu in the same pipeline
GST_START_TEST (test_larger_than_datagrams)
{
  ScanFragments scan;
  std::string many (70'000, 'a'), more (1 << 20, 'b');
  auto size = static_cast<std::uint32_t> (many.size ());
  fail_unless (add (scan, 0, many) == Added::stored);
  fail_unless_equals_int (scan.end (), size);
  fail_unless (add (scan, size - 1, "a") == Added::duplicate);
  fail_unless (add (scan, size, more) == Added::stored);
  fail_unless (scan.is_gapless ());
  fail_unless_equals_int (scan.fragments ()[1].size, more.size ());
  fail_unless (text_of (scan.received_bytes ()) == many + more);
  fail_unless (text_of (*scan.tail (more.size ())) == more);
}
GST_END_TEST;

static Suite *
scan_fragments_suite ()
{
  auto suite = suite_create ("scan_fragments");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_order_of_arrival);
  tcase_add_test (tc, test_overlaps);
  tcase_add_test (tc, test_random_pieces);
  tcase_add_test (tc, test_too_many);
  tcase_add_test (tc, test_larger_than_datagrams);

  return suite;
}

GST_CHECK_MAIN (scan_fragments)
