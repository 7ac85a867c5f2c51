// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fragmenter.h"

#include "main_header.h"
#include "quantization_header.h"
#include "restart_header.h"

#include <gst/check/gstcheck.h>

#include <vector>

using namespace rfc2435;

static std::vector<Fragment>
fragments (Fragmenter fragmenter)
{
  std::vector<Fragment> all;
  Fragment fragment;
  while (fragmenter.next (fragment))
    all.push_back (fragment);
  return all;
}

GST_START_TEST (test_sizes)
{
  Frame frame = {.type = 1, .q = 50, .width = 64, .height = 48};

  for (std::uint8_t q : {50, 255}) {
    frame.q = q;
    for (std::uint8_t type : {0, 1, 64, 65}) {
      frame.type = type;
      auto min = Fragmenter::min_payload (frame);
      auto other_header = 8u + (type >= 64 ? 4 : 0);
      auto first_header = other_header + (q == 255 ? 132 : 0);
      fail_unless_equals_int (min, first_header + 1);

      for (std::size_t max = min; max < min + 300; max += 7) {
        for (std::size_t scan : {1, 2, 99, 1000, 4321}) {
          frame.scan_size = scan;
          Fragmenter fragmenter (frame, max);
          auto all = fragments (fragmenter);
          std::size_t offset = 0, total = 0;

          fail_unless_equals_int (all.size (), fragmenter.packet_count ());
          for (auto &f : all) {
            bool last = &f == &all.back ();
            fail_unless_equals_int (f.offset, offset);
            fail_unless_equals_int (
                f.header_size, offset == 0 ? first_header : other_header);
            fail_unless_equals_int (f.last, last);
            fail_unless (f.data_size > 0);
            if (last)
              fail_unless (f.size () <= max);
            else
              fail_unless_equals_int (f.size (), max);
            offset += f.data_size;
            total += f.size ();
          }
          fail_unless_equals_int (offset, scan + 2);
          fail_unless_equals_int (total, fragmenter.total_size ());
        }
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (test_headers)
{
  Frame frame = {
      .type = 65,
      .q = 255,
      .width = 641,
      .height = 479,
      .restart_interval = 0x0102,
      .scan_size = 200,
  };
  frame.tables.luma.values.fill (3);
  frame.tables.chroma.values.fill (4);
  Fragmenter fragmenter (frame, 245);
  Fragment fragment;
  std::vector<std::uint8_t> out (144);

  // 245 = 144 of headers and 101 of the data
  fail_unless (fragmenter.next (fragment));
  fail_unless (fragmenter.write_header (fragment, out.data ()) ==
               out.data () + fragment.header_size);
  std::vector<std::uint8_t> wanted = {0, 0, 0, 0, 65, 255, 81, 60, //
      0x01, 0x02, 0xff, 0xff,                                      //
      0, 0, 0, 128};
  wanted.insert (wanted.end (), 64, 3);
  wanted.insert (wanted.end (), 64, 4);
  fail_unless (out == wanted);

  fail_unless (fragmenter.next (fragment));
  fail_unless (
      fragmenter.write_header (fragment, out.data ()) == out.data () + 12);
  out.resize (12);
  wanted = {0, 0, 0, 101, 65, 255, 81, 60, 0x01, 0x02, 0xff, 0xff};
  fail_unless (out == wanted);
  fail_unless (fragment.last);
  fail_if (fragmenter.next (fragment));
}
GST_END_TEST;

GST_START_TEST (test_dimensions)
{
  struct {
    std::uint16_t width, height;
    std::uint8_t width_blocks, height_blocks;
  } cases[] = {
      {1, 1, 1, 1},
      {8, 9, 1, 2},
      {1920, 1080, 240, 135},
      {2040, 2040, 255, 255},
      {2033, 2040, 255, 255},
      // Both, if one of them is too large.
      {2041, 16, 0, 0},
      {16, 2041, 0, 0},
      {65535, 65535, 0, 0},
  };
  for (auto &c : cases) {
    Frame frame = {.type = 0,
        .q = 1,
        .width = c.width,
        .height = c.height,
        .scan_size = 1};
    Fragmenter fragmenter (frame, 1000);
    Fragment fragment;
    std::uint8_t out[8];
    fail_unless (fragmenter.next (fragment));
    fragmenter.write_header (fragment, out);
    fail_unless_equals_int (out[6], c.width_blocks);
    fail_unless_equals_int (out[7], c.height_blocks);
  }
}
GST_END_TEST;

GST_START_TEST (test_largest_scan)
{
  Frame frame = {.type = 1, .q = 50, .width = 2000, .height = 2000};
  frame.scan_size = MainHeader::max_fragment_offset - 2;
  Fragmenter fragmenter (frame, 9);
  Fragment fragment;
  std::size_t count = 0;
  while (fragmenter.next (fragment))
    count++;
  fail_unless_equals_int (count, MainHeader::max_fragment_offset);

  std::uint8_t out[8];
  fragmenter.write_header (fragment, out);
  fail_unless_equals_int (out[1], 0xff);
  fail_unless_equals_int (out[2], 0xff);
  fail_unless_equals_int (out[3], 0xfe);
}
GST_END_TEST;

// RFC 2435 section 3.1.7
GST_START_TEST (test_chunks)
{
  Frame frame = {.type = 65, .q = 255, .restart_interval = 1};
  // Of 10, 20, 30, 50, 100 and 5 bytes, the last two of which are EOI.
  const std::vector<std::uint32_t> ends = {10, 30, 60, 110, 210, 215};
  frame.scan_size = 213;
  struct Wanted {
    std::size_t offset, size;
    bool first, last;
    unsigned count;
  };
  const struct {
    std::size_t room; // in addition to headers of 144 and 12 bytes
    std::vector<Wanted> wanted;
  } cases[] = {
      // 132 more in all packets but the first.
      {1, {{0, 1, true, false, 0}, {1, 9, false, true, 0},
              {10, 100, true, true, 1}, {110, 105, true, true, 4}}},
      {9, {{0, 9, true, false, 0}, {9, 1, false, true, 0},
              {10, 100, true, true, 1}, {110, 105, true, true, 4}}},
      {10, {{0, 10, true, true, 0}, {10, 100, true, true, 1},
               {110, 105, true, true, 4}}},
      {59, {{0, 30, true, true, 0}, {30, 185, true, true, 2}}},
      {215, {{0, 215, true, true, 0}}},
  };
  for (auto &c : cases) {
    Fragmenter fragmenter (frame, 144 + c.room, ends);
    auto all = fragments (fragmenter);
    assert_equals_int (all.size (), c.wanted.size ());
    assert_equals_int (fragmenter.packet_count (), all.size ());
    std::size_t total = 0, chunks = 0;
    for (std::size_t i = 0; i < all.size (); i++) {
      auto &f = all[i];
      auto &w = c.wanted[i];
      assert_equals_int (f.offset, w.offset);
      assert_equals_int (f.data_size, w.size);
      assert_equals_int (f.first_of_chunk, w.first);
      assert_equals_int (f.last_of_chunk, w.last);
      assert_equals_int (f.restart_count, w.count);
      assert_equals_int (f.last, i + 1 == all.size ());
      total += f.size ();
      chunks += w.first;

      std::vector<std::uint8_t> header (f.header_size);
      fragmenter.write_header (f, header.data ());
      auto read =
          RestartHeader::parse (Bytes (header).subspan (MainHeader::size));
      fail_unless (read.has_value ());
      RestartHeader wanted = {.restart_interval = 1,
          .first = w.first,
          .last = w.last,
          .restart_count = static_cast<std::uint16_t> (w.count)};
      fail_unless (*read == wanted);
    }
    assert_equals_int (fragmenter.total_size (), total);
    assert_equals_int (fragmenter.chunk_count (), chunks);
  }
}
GST_END_TEST;

// One that spans packets is by itself, however small its rest is.
GST_START_TEST (test_large_interval)
{
  Frame frame = {.type = 65, .q = 50, .restart_interval = 1};
  const std::vector<std::uint32_t> ends = {250, 260, 270};
  frame.scan_size = 268;
  Fragmenter fragmenter (frame, 112, ends);
  auto all = fragments (fragmenter);
  assert_equals_int (all.size (), 4);
  const bool begins[] = {true, false, false, true};
  const bool ends_there[] = {false, false, true, true};
  const unsigned counts[] = {0, 0, 0, 1};
  const std::size_t sizes[] = {100, 100, 50, 20};
  for (std::size_t i = 0; i < all.size (); i++) {
    assert_equals_int (all[i].first_of_chunk, begins[i]);
    assert_equals_int (all[i].last_of_chunk, ends_there[i]);
    assert_equals_int (all[i].restart_count, counts[i]);
    assert_equals_int (all[i].data_size, sizes[i]);
  }
  assert_equals_int (fragmenter.chunk_count (), 2);
}
GST_END_TEST;

static Suite *
fragmenter_suite ()
{
  auto suite = suite_create ("fragmenter");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_sizes);
  tcase_add_test (tc, test_headers);
  tcase_add_test (tc, test_dimensions);
  tcase_add_test (tc, test_largest_scan);
  tcase_add_test (tc, test_chunks);
  tcase_add_test (tc, test_large_interval);

  return suite;
}

GST_CHECK_MAIN (fragmenter)
