// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_transcoder.h"

#include "byte_reader.h"
#include "random_scan.h"

#include <gst/check/gstcheck.h>

#include <optional>
#include <vector>

using namespace rfc2435;
using test::ByteVector;

static ScanLayout
make_layout (unsigned width, unsigned height, std::uint8_t sampling,
    unsigned restart_interval = 0)
{
  return {
      .mcu_count = test::mcu_count (width, height, sampling),
      .restart_interval = static_cast<std::uint16_t> (restart_interval),
      .luma_blocks = static_cast<std::uint8_t> (test::luma_blocks (sampling)),
  };
}

static ScanResult
check (const ByteVector &bytes, const ScanLayout &layout,
    McuIndex *index = nullptr)
{
  ScanTranscoder transcoder;
  Bytes whole (bytes);
  transcoder.read ({&whole, 1}, 0, layout);
  return transcoder.check (standard_scan_tables, index);
}

// However the bytes are split, and whatever precedes them.
static void
assert_whole (
    const ByteVector &bytes, const ScanLayout &layout, std::size_t end)
{
  ScanTranscoder transcoder;
  ByteVector with_header (5, 0xff);
  with_header.insert (with_header.end (), bytes.begin (), bytes.end ());
  Bytes whole (with_header);

  for (std::size_t i = 0; i <= whole.size (); i++) {
    std::array<Bytes, 3> pieces = {
        whole.first (i), Bytes (), whole.subspan (i)};
    transcoder.read (pieces, 5, layout);
    auto result = transcoder.check (standard_scan_tables);
    fail_unless (bool (result), "MCU %u", result.mcu);
    assert_equals_int (result.mcu, layout.mcu_count);
    assert_equals_int (result.end, 5 + end);
    fail_if (result.has_extraneous_bytes);
  }
}

static void
assert_fault (const ByteVector &bytes, const ScanLayout &layout,
    ScanFault fault, unsigned mcu)
{
  auto result = check (bytes, layout);
  assert_equals_int (static_cast<int> (result.fault), static_cast<int> (fault));
  assert_equals_int (result.mcu, mcu);
  fail_unless (result.end <= bytes.size ());
}

GST_START_TEST (test_whole)
{
  for (auto sampling : {test::sampling_420, test::sampling_422}) {
    auto layout = make_layout (100, 50, sampling);
    auto scan =
        test::flat_scan (layout.mcu_count, test::luma_blocks (sampling));
    auto size = scan.size ();

    assert_whole (scan, layout, size);
    // Bytes that follow are not part of the scan.
    auto padded = scan;
    padded.insert (padded.end (), 20, 0);
    assert_whole (padded, layout, size);
    padded = scan;
    padded.insert (padded.end (), {0xff, 0xd9, 1, 2, 3});
    assert_whole (padded, layout, size);

    // One byte less, or one more MCU to come.
    scan.pop_back ();
    assert_fault (scan, layout, ScanFault::cut_short, layout.mcu_count - 1);
    scan.insert (scan.end (), {0xff, 0xd9});
    assert_fault (scan, layout, ScanFault::cut_short, layout.mcu_count - 1);
    assert_fault ({}, layout, ScanFault::cut_short, 0);
  }
}
GST_END_TEST;

GST_START_TEST (test_restart_intervals)
{
  auto layout = make_layout (160, 16, test::sampling_420, 3);
  auto scan = test::flat_scan (10, 4, 3);
  assert_whole (scan, layout, scan.size ());

  // Markers too far apart, or where none should be. The excess MCUs, of four
  // bytes each, are skipped.
  auto apart = test::flat_scan (10, 4, 4);
  assert_fault (apart, layout, ScanFault::cut_short, 8);
  fail_unless (check (apart, layout).has_extraneous_bytes);
  layout.restart_interval = 0;
  assert_fault (scan, layout, ScanFault::cut_short, 3);

  // A marker out of sequence
  layout.restart_interval = 3;
  auto second = std::find (scan.begin (), scan.end (), marker::rst0 + 1);
  fail_if (second == scan.end ());
  *second = marker::rst0 + 2;
  assert_fault (scan, layout, ScanFault::restart_marker, 6);
  *second = marker::rst0 + 1;

  // Fill bytes before a marker (T.81 B.1.1.2) are ignored.
  auto filled = scan;
  auto at = second - scan.begin () - 1;
  filled.insert (filled.begin () + at, 3, 0xff);
  assert_whole (filled, layout, filled.size ());

  // A byte that belongs to no MCU
  scan.insert (scan.begin () + at, 0);
  auto result = check (scan, layout);
  fail_unless (bool (result));
  fail_unless (result.has_extraneous_bytes);
}
GST_END_TEST;

GST_START_TEST (test_coefficients)
{
  auto layout = make_layout (16, 8, test::sampling_422);
  test::BitWriter bits;
  // Two more blocks
  auto put_rest = [&] {
    bits.put (0b00'1010, 6).put (0b00'00, 4).put (0b00'00, 4);
  };
  // An invalid code at which the data ends counts as cut short.
  auto assert_corrupt = [&] {
    bits.put (0, 32);
    assert_fault (bits.take (), layout, ScanFault::corrupt, 0);
  };

  // A block with a DC difference of 10 bits and the longest AC code, 15 zeros
  // and 10 bits: 0xff bytes to stuff. ZRL four times would be too many, three
  // and the rest are not.
  bits.put (0b11111110, 8).put (0x3ff, 10);
  bits.put (0xfffe, 16).put (0x3ff, 10);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  bits.put (0xffeb, 16).put (1, 1);
  // 15 and 1, 16, 16, 14 and 1: coefficients 16, 32, 48 and 63. No end of
  // block after the last one.
  put_rest ();
  auto scan = bits.take ();
  assert_whole (scan, layout, scan.size ());

  // One more zero in the last run: coefficient 64.
  bits.put (0b11111110, 8).put (0x3ff, 10);
  bits.put (0xfffe, 16).put (0x3ff, 10);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  bits.put (0b11111111001, 11).put (0b11111111001, 11);
  put_rest ();
  assert_corrupt ();

  // The same with short codes that are looked up together: after 62 times 1, a
  // 63rd fits, but a run of one zero and a 1 does not.
  for (bool fits : {true, false}) {
    bits.put (0b00, 2);
    for (unsigned k = 1; k <= 62; k++)
      bits.put (0b00, 2).put (1, 1);
    if (fits)
      bits.put (0b00, 2).put (1, 1);
    else
      bits.put (0b1100, 4).put (1, 1);
    put_rest ();
    if (!fits) {
      assert_corrupt ();
      continue;
    }
    scan = bits.take ();
    assert_whole (scan, layout, scan.size ());
  }

  // Sixteen ones are not a code.
  bits.put (0b00, 2).put (0xffff, 16);
  assert_corrupt ();

  // 8-bit samples have no level of 1024. The second difference is 1 or -1.
  for (unsigned up : {0, 1}) {
    bits.put (0b11111110, 8).put (0x3ff, 10).put (0b1010, 4);
    bits.put (0b010, 3).put (up, 1).put (0b1010, 4);
    bits.put (0b00'00, 4).put (0b00'00, 4);
    if (up) {
      assert_corrupt ();
      continue;
    }
    scan = bits.take ();
    assert_whole (scan, layout, scan.size ());
  }
}
GST_END_TEST;

// A header that claims far more than there is costs no time.
GST_START_TEST (test_bomb)
{
  auto layout = make_layout (65535, 65535, test::sampling_420);
  assert_fault (test::flat_scan (100, 4), layout, ScanFault::cut_short, 100);
}
GST_END_TEST;

// A DHT segment may hold any numbers.
GST_START_TEST (test_no_huffman_table)
{
  auto layout = make_layout (16, 16, test::sampling_420);
  ByteVector scan = {0, 0};
  auto flat = test::flat_scan (1, 4);
  scan.insert (scan.end (), flat.begin (), flat.end ());
  Bytes whole (scan);
  HuffmanTable too_many = standard_ac_luma;
  too_many.counts[1] = 4;
  HuffmanTable empty;
  ScanTranscoder transcoder;

  for (auto *table : {&too_many, &empty}) {
    auto tables = standard_scan_tables;
    tables.components[0].ac = table;
    transcoder.read ({&whole, 1}, 2, layout);
    auto checked = transcoder.check (tables);
    fail_unless (checked.fault == ScanFault::corrupt);
    assert_equals_int (checked.end, 2);
    fail_unless (transcoder.transcode (tables, 0).fault == ScanFault::corrupt);
    // The tables of the next picture are not affected.
    tables.components[0].ac = &standard_ac_chroma;
    transcoder.transcode (tables, 0);
    tables.components[0].ac = table;
    fail_unless (transcoder.transcode (tables, 0).fault == ScanFault::corrupt);
  }
  fail_unless (bool (transcoder.check (standard_scan_tables)));
}
GST_END_TEST;

// The longest DC difference, of 27 bits, and AC codes that are looked up 12
// bits at a time: the bits that the reader holds are enough for both.
GST_START_TEST (test_longest_difference)
{
  HuffmanTable dc;
  dc.counts[15] = 2;
  dc.symbols[0] = 11;
  auto tables = standard_scan_tables;
  tables.components[0].dc = &dc;
  auto layout = make_layout (16, 8, test::sampling_422);

  test::BitWriter bits;
  bits.put (0, 16).put (0x3ff, 11); // -1024
  for (unsigned i = 0; i < 12; i++)
    bits.put (0b1011, 4).put (0xf, 4).put (0b01, 2).put (3, 2);
  bits.put (0b1010, 4);
  // Three more blocks
  bits.put (1, 16).put (0b1010, 4).put (0b00'00, 4).put (0b00'00, 4);
  auto scan = bits.take ();
  Bytes whole (scan);
  ScanTranscoder transcoder;
  transcoder.read ({&whole, 1}, 0, layout);
  auto checked = transcoder.check (tables);
  fail_unless (bool (checked), "MCU %u", checked.mcu);
  assert_equals_int (checked.end, scan.size ());
  fail_if (checked.has_extraneous_bytes);
}
GST_END_TEST;

static ScanTables
tables_of (const test::RandomPicture &picture)
{
  ScanTables tables{};
  for (unsigned i = 0; i < 3; i++)
    tables.components[i] = {&picture.dc[i], &picture.ac[i]};
  return tables;
}

static ScanLayout
layout_of (const test::RandomPicture &picture)
{
  return make_layout (picture.width, picture.height, picture.sampling,
      picture.restart_interval);
}

// Changing the interval and back results in the same scan.
GST_START_TEST (test_there_and_back)
{
  test::Random random (1);
  for (unsigned n = 0; n < 300; n++) {
    auto picture = test::random_picture (random, true);
    auto layout = layout_of (picture);
    auto mcus = layout.mcu_count;
    auto interval =
        static_cast<std::uint16_t> (1 + test::random_below (random, mcus + 2));
    Bytes scan (picture.scan);

    ScanTranscoder there, back;
    there.read ({&scan, 1}, 0, layout);
    fail_unless (bool (there.transcode (standard_scan_tables, interval)));
    auto changed = there.scan ();
    auto markers = std::size_t{0};
    for (std::size_t i = 0; i + 1 < changed.size (); i++)
      markers += changed[i] == 0xff && changed[i + 1] != 0;
    assert_equals_int (markers, (mcus - 1) / interval);

    layout.restart_interval = interval;
    back.read ({&changed, 1}, 0, layout);
    fail_unless (bool (back.transcode (standard_scan_tables,
        static_cast<std::uint16_t> (picture.restart_interval))));
    fail_unless (std::ranges::equal (back.scan (), picture.scan));
  }
}
GST_END_TEST;

// A block may end with a run of zeros. When rewritten, it ends as encoders end
// it.
GST_START_TEST (test_zeros_at_the_end)
{
  const auto tables = ScanTables{{{
      {&standard_dc_luma, &standard_ac_chroma}, // not Y's own
      standard_scan_tables.components[1],
      standard_scan_tables.components[2],
  }}};
  // 14 zeros and a 1, 15 and a 1, 15 and a 1: up to coefficient 47. The other
  // blocks are flat.
  auto make_scan = [] (const HuffmanTable &ac, bool ends_with_zeros) {
    const HuffmanEncoder encoder (ac);
    test::BitWriter bits;
    auto put = [&] (std::uint8_t symbol) {
      auto code = encoder.code (symbol);
      bits.put (code.bits, code.length);
    };
    bits.put (0b00, 2);
    for (std::uint8_t symbol : {0xe1, 0xf1, 0xf1}) {
      put (symbol);
      bits.put (1, 1);
    }
    put (ends_with_zeros ? 0xf0 : 0x00);
    bits.put (0b00, 2);
    put (0x00);
    return bits.put (0b00'00, 4).put (0b00'00, 4).take ();
  };

  ScanTranscoder transcoder;
  auto scan = make_scan (standard_ac_chroma, true);
  Bytes bytes (scan);
  transcoder.read ({&bytes, 1}, 0, make_layout (16, 8, test::sampling_422));
  fail_unless (bool (transcoder.check (tables)));
  fail_unless (bool (transcoder.transcode (tables, 0)));
  fail_unless (std::ranges::equal (
      transcoder.scan (), make_scan (standard_ac_luma, false)));
}
GST_END_TEST;

// Wherever a scan is cut, as many MCUs are complete as the index of the whole
// scan has up to there.
GST_START_TEST (test_cut_anywhere)
{
  test::Random random (2);
  for (unsigned n = 0; n < 40; n++) {
    auto picture = test::random_picture (random, n % 2 == 0);
    auto layout = layout_of (picture);
    auto tables = tables_of (picture);
    Bytes scan (picture.scan);
    ScanTranscoder transcoder;
    McuIndex index;

    transcoder.read ({&scan, 1}, 0, layout);
    fail_unless (bool (transcoder.check (tables, &index)));
    assert_equals_int (index.positions.size (), layout.mcu_count);
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i <= layout.mcu_count; i++) {
      auto &source = transcoder.source ();
      // After a marker, an MCU begins in another segment than that in which the
      // previous one ended: the previous interval ends with its segment.
      bool restarts = layout.restart_interval != 0 && i < layout.mcu_count &&
                      i % layout.restart_interval == 0;
      auto bit = i == layout.mcu_count ? index.end.bit : index.positions[i].bit;
      auto &segment = source.segments ()[layout.restart_interval != 0
                                             ? (i - 1) / layout.restart_interval
                                             : 0];
      ends.push_back (source.source_offset (
          {&scan, 1}, segment, restarts ? segment.end : (bit + 7) / 8));
    }

    for (std::size_t size = 0; size < scan.size ();
         size += 1 + test::random_below (random, 20)) {
      auto cut = scan.first (size);
      transcoder.read ({&cut, 1}, 0, layout);
      auto result = transcoder.check (tables);
      auto whole =
          std::ranges::count_if (ends, [&] (auto end) { return end <= size; });
      // The last byte may be a 0xff without the 0 after it.
      bool is_ff = size != 0 && scan[size - 1] == 0xff;
      if (!is_ff)
        assert_equals_int (result.mcu, whole);
      fail_unless (result.fault == ScanFault::cut_short, "%d at %zu of %zu",
          static_cast<int> (result.fault), size, scan.size ());
    }
  }
}
GST_END_TEST;

// The index has the position and levels of each MCU, with restart intervals or
// without.
GST_START_TEST (test_index)
{
  test::Random random (3);
  for (unsigned n = 0; n < 100; n++) {
    auto picture = test::random_picture (random, n % 2 == 0);
    auto layout = layout_of (picture);
    auto tables = tables_of (picture);
    Bytes scan (picture.scan);
    ScanTranscoder transcoder;
    McuIndex every, some;
    some.interval = 1 + test::random_below (random, 9);

    transcoder.read ({&scan, 1}, 0, layout);
    fail_unless (bool (transcoder.check (tables, &every)));
    fail_unless (bool (transcoder.transcode (tables, 0, &some)));
    assert_equals_int (some.positions.size (),
        (layout.mcu_count + some.interval - 1) / some.interval);
    for (std::size_t i = 0; i < some.positions.size (); i++) {
      auto &a = some.positions[i];
      auto &b = every.positions[i * some.interval];
      fail_unless (a.bit == b.bit && a.dc == b.dc);
    }
    fail_unless (some.end.bit == every.end.bit && some.end.dc == every.end.dc);

    // Without markers, levels continue; with them, they begin at 0.
    auto changed_bytes = transcoder.scan ();
    ByteVector changed (changed_bytes.begin (), changed_bytes.end ());
    Bytes without (changed);
    auto interval = layout.restart_interval;
    layout.restart_interval = 0;
    McuIndex plain;
    transcoder.read ({&without, 1}, 0, layout);
    fail_unless (bool (transcoder.check (standard_scan_tables, &plain)));
    for (std::size_t i = 0; i < plain.positions.size (); i++) {
      if (interval != 0 && i % interval == 0)
        fail_unless (every.positions[i].levels () == DcLevels{});
      else
        fail_unless (every.positions[i].dc == plain.positions[i].dc);
    }
  }
}
GST_END_TEST;

static Suite *
scan_transcoder_suite ()
{
  auto suite = suite_create ("scan_transcoder");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_whole);
  tcase_add_test (tc, test_restart_intervals);
  tcase_add_test (tc, test_coefficients);
  tcase_add_test (tc, test_bomb);
  tcase_add_test (tc, test_no_huffman_table);
  tcase_add_test (tc, test_longest_difference);
  tcase_add_test (tc, test_there_and_back);
  tcase_add_test (tc, test_cut_anywhere);
  tcase_add_test (tc, test_index);
  tcase_add_test (tc, test_zeros_at_the_end);

  return suite;
}

GST_CHECK_MAIN (scan_transcoder)
