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

static JpegHeader
make_header (unsigned width, unsigned height, std::uint8_t sampling,
    unsigned restart_interval = 0)
{
  JpegHeader header;
  header.width = static_cast<std::uint16_t> (width);
  header.height = static_cast<std::uint16_t> (height);
  header.component_count = 3;
  header.components[0] = {
      .horizontal_sampling = static_cast<std::uint8_t> (sampling >> 4),
      .vertical_sampling = static_cast<std::uint8_t> (sampling & 15)};
  header.components[1] =
      header.components[2] = {.horizontal_sampling = 1, .vertical_sampling = 1};
  header.restart_interval = static_cast<std::uint16_t> (restart_interval);
  return header;
}

static void
assert_walk (const ByteVector &bytes, const JpegHeader &header,
    std::optional<std::size_t> end)
{
  for_each_cut (bytes, [&] (ByteReader &reader) {
    auto walked = walk_scan (reader, header);
    fail_unless_equals_int (walked.has_value (), end.has_value ());
    if (end)
      fail_unless_equals_int (*walked, *end);
  });
}

GST_START_TEST (test_walk)
{
  for (auto sampling : {test::sampling_420, test::sampling_422}) {
    auto header = make_header (100, 50, sampling);
    auto scan =
        test::flat_scan (header.mcu_count (), test::luma_blocks (sampling));
    auto size = scan.size ();

    assert_walk (scan, header, size);
    // What follows is none of the scan's.
    auto padded = scan;
    padded.insert (padded.end (), 20, 0);
    assert_walk (padded, header, size);
    padded = scan;
    padded.insert (padded.end (), {0xff, 0xd9, 1, 2, 3});
    assert_walk (padded, header, size);

    // One byte less, or one more MCU to come.
    scan.pop_back ();
    assert_walk (scan, header, std::nullopt);
    scan.insert (scan.end (), {0xff, 0xd9});
    assert_walk (scan, header, std::nullopt);
  }
}
GST_END_TEST;

GST_START_TEST (test_walk_restart_intervals)
{
  auto header = make_header (160, 16, test::sampling_420, 3);
  auto scan = test::flat_scan (10, 4, 3);

  assert_walk (scan, header, scan.size ());

  // A marker missing, or where none should be.
  auto without = test::flat_scan (10, 4, 4);
  assert_walk (without, header, std::nullopt);
  header.restart_interval = 0;
  assert_walk (scan, header, std::nullopt);
}
GST_END_TEST;

GST_START_TEST (test_walk_coefficients)
{
  auto header = make_header (16, 8, test::sampling_422);
  test::BitWriter bits;

  // A block with a DC difference of 11 bits and the longest AC code, 15 zeros
  // and 10 bits: 0xff bytes to stuff. ZRL four times would be too many, three
  // and the rest are not.
  bits.put (0b111111110, 9).put (0x7ff, 11);
  bits.put (0xfffe, 16).put (0x3ff, 10);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  bits.put (0xffeb, 16).put (1, 1);
  // 15 and 1, 16, 16, 14 and 1: coefficients 16, 32, 48 and 63. No end of
  // block after the last one.
  bits.put (0b00'1010, 6).put (0b00'00, 4).put (0b00'00, 4);
  auto scan = bits.take ();
  assert_walk (scan, header, scan.size ());

  // One more zero in the last run: coefficient 64.
  bits.put (0b111111110, 9).put (0x7ff, 11);
  bits.put (0xfffe, 16).put (0x3ff, 10);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  bits.put (0b00'1010, 6).put (0b00'00, 4).put (0b00'00, 4);
  assert_walk (bits.take (), header, std::nullopt);

  // Sixteen ones are no code.
  bits.put (0b00, 2).put (0xffff, 16).put (0, 32);
  assert_walk (bits.take (), header, std::nullopt);
}
GST_END_TEST;

// A header that promises far more than there is costs no time.
GST_START_TEST (test_walk_bomb)
{
  auto header = make_header (65535, 65535, test::sampling_420);
  assert_walk (test::flat_scan (100, 4), header, std::nullopt);
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
  tcase_add_test (tc, test_walk);
  tcase_add_test (tc, test_walk_restart_intervals);
  tcase_add_test (tc, test_walk_coefficients);
  tcase_add_test (tc, test_walk_bomb);

  return suite;
}

GST_CHECK_MAIN (scan)
