// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_resync.h"

#include "effort.h"
#include "rtp_packets.h"
#include "scan_operations.h"
#include "scan_walk.h"
#include "textured_picture.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

static constexpr ScanLayout layout_420 = {.mcu_count = 8160, .luma_blocks = 4};

// A scan, and where each of its MCUs begins, counted in bits from its end.
struct Scan {
  ByteVector bytes; // without EOI
  ScanLayout layout;
  std::vector<std::size_t> from_end; // of MCUs, and of the end of the last
  std::vector<DcLevels> levels;      // before each

  explicit Scan (const ByteVector &jpeg) : bytes (test::scan_of (jpeg))
  {
    bytes.resize (bytes.size () - 2);
    Bytes all = jpeg;
    ByteReader reader ({&all, 1});
    JpegHeader header;
    JpegTables tables;
    fail_if (header.parse (reader, tables).has_value ());
    layout = ScanLayout::of (header);

    all = bytes;
    UnstuffedScan bits;
    McuIndex index;
    bits.read ({&all, 1}, 0, false);
    auto walked = walk_mcus (
        bits, layout, 0, CheckOperation (standard_scan_decoder ()), &index);
    fail_unless_equals_int (walked.result.mcu, layout.mcu_count);
    index.positions.push_back (index.end);
    for (auto &mcu : index.positions) {
      from_end.push_back (bits.size () * 8 - mcu.bit);
      levels.push_back (mcu.levels ());
    }
  }
};

static ByteVector
dumped_picture (int number)
{
  return test::read_file (std::string (DEPAY_DATA) + "/plain.full." +
                          std::to_string (number) + ".jpg");
}

struct Tried {
  unsigned cuts = 0, found = 0, misplaced = 0, left_out = 0;
};

// Reads the scan from this byte on.
static void
try_cut (const Scan &scan, std::size_t cut, Tried &tried)
{
  auto run = resynchronize (Bytes (scan.bytes).subspan (cut), scan.layout);
  tried.cuts++;
  if (!run)
    return;
  tried.found++;
  auto end = run->bits.size () * 8;
  auto count = run->count ();
  fail_unless (count > 0 && count <= scan.layout.mcu_count);
  auto first = scan.layout.mcu_count - count;
  for (std::size_t i = 0; i <= count; i++) {
    bool is_there = end - run->mcus[i].bit == scan.from_end[first + i];
    for (unsigned c = 0; c < 3; c++)
      is_there = is_there && run->mcus[i].dc[c] == scan.levels[first + i][c] -
                                                       scan.levels[first][c];
    if (!is_there) {
      tried.misplaced++;
      return;
    }
  }
  // Complete MCUs that were not found
  for (auto mcu = first; mcu > 0 && scan.from_end[mcu - 1] <= end; mcu--)
    tried.left_out++;
}

// MCUs that are found must be in their places: anything else would be visible.
GST_START_TEST (test_cut_anywhere)
{
  std::vector<Scan> scans;
  for (int i = 0; i < 6; i++)
    scans.emplace_back (dumped_picture (i));
  for (unsigned q : {30, 60, 95})
    scans.emplace_back (test::textured_picture (256, q, q));
  Tried tried;
  unsigned want = test::tries (1500);
  for (auto &scan : scans) {
    auto step =
        std::max<std::size_t> (scan.bytes.size () * scans.size () / want, 1);
    for (std::size_t cut = 1; cut < scan.bytes.size (); cut += step)
      try_cut (scan, cut, tried);
    // Within long blocks, where reading before the next block goes wrong.
    for (std::size_t cut : {1081, 5679})
      try_cut (scan, cut, tried);
  }
  g_print ("%u of %u runs found, %u misplaced; %.1f MCUs left out of each\n",
      tried.found, tried.cuts, tried.misplaced,
      1.0 * tried.left_out / tried.found);
  fail_unless (tried.cuts >= want);
  fail_unless (tried.found > tried.cuts / 2);
  fail_unless_equals_int (tried.misplaced, 0);
}
GST_END_TEST;

// More MCUs than the picture has: the scan belongs to another.
GST_START_TEST (test_too_many_mcus)
{
  Scan scan (dumped_picture (0));
  auto bytes = Bytes (scan.bytes).subspan (3000);
  auto run = resynchronize (bytes, scan.layout);
  fail_unless (run.has_value ());
  auto layout = scan.layout;
  layout.mcu_count = run->count ();
  fail_unless (resynchronize (bytes, layout).has_value ());
  layout.mcu_count--;
  fail_if (resynchronize (bytes, layout).has_value ());
}
GST_END_TEST;

// Not a scan, or too little of one
GST_START_TEST (test_nothing_to_find)
{
  fail_if (resynchronize ({}, layout_420).has_value ());
  test::Random random (1);
  for (std::size_t size : {1, 2, 100, 1023, 1024, 1025, 5000}) {
    ByteVector bytes (size);
    for (auto &byte : bytes)
      byte = static_cast<std::uint8_t> (random () % 0xff);
    fail_if (resynchronize (bytes, layout_420).has_value ());
    std::fill (bytes.begin (), bytes.end (), 0xff);
    fail_if (resynchronize (bytes, layout_420).has_value ());
  }
}
GST_END_TEST;

// Codes that never synchronize: from each bit on, there are other blocks.
// Reading to the end from all of them would take seconds per megabyte.
GST_START_TEST (test_endless_doubt)
{
  for (std::uint8_t pattern : {0x00, 0xaa, 0xa2}) {
    ByteVector bytes (1 << 20, pattern);
    for (std::uint8_t luma_blocks : {2, 4})
      fail_if (resynchronize (
          bytes, {.mcu_count = 1 << 17, .luma_blocks = luma_blocks})
                   .has_value ());
  }
}
GST_END_TEST;

static Suite *
scan_resync_suite ()
{
  auto suite = suite_create ("scan_resync");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_cut_anywhere);
  tcase_add_test (tc, test_too_many_mcus);
  tcase_add_test (tc, test_nothing_to_find);
  tcase_add_test (tc, test_endless_doubt);

  return suite;
}

GST_CHECK_MAIN (scan_resync)
