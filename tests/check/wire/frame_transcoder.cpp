// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_transcoder.h"

#include "fragmenter.h"
#include "jpeg_markers.h"
#include "random_scan.h"
#include "textured_picture.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;
using Settings = FrameTranscoder::Settings;

constexpr std::size_t payload_size = 1376;

// A picture and what became of it.
struct Run {
  Frame frame;
  std::optional<DropCause> cause;
  FrameTranscoder::Outcome outcome;

  Run (FrameTranscoder &transcoder, Bytes jpeg, const Settings &settings,
      TableMode mode = TableMode::automatic,
      const FrameTranscoder::Limit *limit = nullptr)
  {
    FrameParser parser;
    cause = parser.parse ({&jpeg, 1}, mode, frame);
    if (!cause) {
      outcome = transcoder.transcode (
          {&jpeg, 1}, parser, settings, payload_size, limit, frame);
      return;
    }
    fail_unless (cause == DropCause::huffman_tables);
    auto own = parser.frame_with_standard_tables ();
    fail_unless (own.has_value ());
    frame = *own;
    auto replaced = transcoder.replace_tables (
        {&jpeg, 1}, parser, settings, payload_size, limit, frame);
    fail_unless (replaced.has_value ());
    outcome = *replaced;
  }
};

static unsigned
count_markers (Bytes scan)
{
  ByteReader reader ({&scan, 1});
  unsigned count = 0;
  while (marker::is_rst (reader.next_marker ().code))
    count++;
  return count;
}

GST_START_TEST (test_untouched)
{
  FrameTranscoder transcoder;
  auto jpeg = test::picture (320, 240);
  FrameParser parser;
  Frame plain;
  Bytes bytes (jpeg);
  fail_if (
      parser.parse ({&bytes, 1}, TableMode::automatic, plain).has_value ());

  Run run (transcoder, jpeg, {.check_scan = true});
  fail_if (run.outcome.failure.has_value ());
  fail_if (run.outcome.scan.has_value ());
  fail_unless (run.frame == plain);
}
GST_END_TEST;

GST_START_TEST (test_markers_put_in)
{
  FrameTranscoder transcoder;
  // 300 MCUs of 4 bytes each: 86 make a quarter of a packet.
  auto jpeg = test::picture (320, 240);
  for (auto resilience : {ErrorResilience::markers, ErrorResilience::chunks}) {
    Run run (transcoder, jpeg, {.resilience = resilience});
    fail_if (run.outcome.failure.has_value ());
    fail_unless (run.outcome.has_new_markers);
    fail_unless (run.outcome.scan.has_value ());
    assert_equals_int (run.frame.type, 65);
    assert_equals_int (run.frame.restart_interval, 86);
    assert_equals_int (run.frame.scan_offset, 0);
    assert_equals_int (run.frame.scan_size, run.outcome.scan->size ());
    auto wanted = test::flat_scan (300, 4, 86);
    fail_unless (std::ranges::equal (*run.outcome.scan, wanted));
  }

  Run asked (transcoder, jpeg,
      {.resilience = ErrorResilience::markers, .restart_interval = 7});
  assert_equals_int (asked.frame.restart_interval, 7);
  assert_equals_int (count_markers (*asked.outcome.scan), 299 / 7);

  // One interval has no marker.
  Run whole (transcoder, jpeg,
      {.resilience = ErrorResilience::markers, .restart_interval = 300});
  fail_if (whole.outcome.failure.has_value ());
  fail_if (whole.outcome.has_new_markers);
  assert_equals_int (whole.frame.type, 1);
}
GST_END_TEST;

static ByteVector
picture_with_interval (unsigned interval)
{
  auto tables = formula_tables (85);
  return test::JpegBuilder ()
      .soi ()
      .dqt (0, tables.luma)
      .dqt (1, tables.chroma)
      .sof0 (320, 240, test::sampling_420)
      .standard_dht ()
      .dri (interval)
      .sos ()
      .raw (test::flat_scan (300, 4, interval))
      .eoi ()
      .bytes;
}

// Small enough ones are kept, others divided.
GST_START_TEST (test_own_intervals)
{
  for (unsigned own : {1, 20, 150, 299}) {
    FrameTranscoder transcoder;
    auto jpeg = picture_with_interval (own);
    Run run (transcoder, jpeg, {.resilience = ErrorResilience::chunks});
    fail_if (run.outcome.failure.has_value ());
    bool kept = own <= 150;
    assert_equals_int (run.outcome.scan.has_value (), !kept);
    assert_equals_int (run.outcome.has_new_markers, !kept);
    fail_unless (kept == (run.frame.restart_interval == own));
  }
  // The user's setting takes precedence.
  FrameTranscoder transcoder;
  auto jpeg = picture_with_interval (20);
  Run run (transcoder, jpeg,
      {.resilience = ErrorResilience::chunks, .restart_interval = 30});
  assert_equals_int (run.frame.restart_interval, 30);
  fail_unless (
      std::ranges::equal (*run.outcome.scan, test::flat_scan (300, 4, 30)));
}
GST_END_TEST;

GST_START_TEST (test_choice_of_interval)
{
  IntervalChooser chooser;
  // 26 bytes an MCU
  assert_equals_int (chooser.choose (8160, 212160, 1376, 0), 13);
  // Up to twice as many or half as many bytes change nothing.
  assert_equals_int (chooser.choose (8160, 400000, 1376, 0), 13);
  assert_equals_int (chooser.choose (8160, 108000, 1376, 0), 13);
  assert_equals_int (chooser.choose (8160, 600000, 1376, 0), 4);
  assert_equals_int (chooser.choose (8160, 400000, 1376, 0), 4);
  // Another size of picture
  assert_equals_int (chooser.choose (3600, 93600, 1376, 0), 13);
  // Restart Count is at most 16382.
  assert_equals_int (chooser.choose (129600, 129600 * 500, 1376, 0), 8);
  assert_equals_int (chooser.choose (129600, 129600 * 500, 1376, 1), 8);
  assert_equals_int (chooser.choose (16383, 1 << 23, 1376, 1), 1);
  assert_equals_int (chooser.choose (16384, 1 << 23, 1376, 1), 2);
  // At least one MCU, at most what DRI can say.
  assert_equals_int (chooser.choose (100, 1000000, 1376, 0), 1);
  assert_equals_int (chooser.choose (1 << 20, 1, 1376, 0), 65535);
  assert_equals_int (chooser.choose (1 << 20, 0, 1376, 0), 65535);
}
GST_END_TEST;

GST_START_TEST (test_own_tables)
{
  test::Random random (5);
  FrameTranscoder transcoder;
  for (unsigned n = 0; n < 100; n++) {
    auto picture = test::random_picture (random);
    auto jpeg = picture.jpeg ();
    auto mcus =
        test::mcu_count (picture.width, picture.height, picture.sampling);

    Run run (transcoder, jpeg, {});
    fail_if (run.outcome.failure.has_value ());
    fail_unless (run.outcome.scan.has_value ());
    fail_if (run.outcome.has_new_markers);
    auto interval =
        picture.restart_interval < mcus ? picture.restart_interval : 0;
    assert_equals_int (run.frame.restart_interval, interval);
    assert_equals_int (run.frame.type,
        (picture.sampling == test::sampling_420) + (interval ? 64 : 0));
    assert_equals_int (run.frame.scan_size, run.outcome.scan->size ());
    assert_equals_int (count_markers (*run.outcome.scan),
        interval ? (mcus - 1) / interval : 0);

    Run chunks (transcoder, jpeg,
        {.resilience = ErrorResilience::chunks, .restart_interval = 3});
    assert_equals_int (count_markers (*chunks.outcome.scan), (mcus - 1) / 3);
  }
}
GST_END_TEST;

// Tables of an earlier picture, although this one uses the standard ones.
GST_START_TEST (test_tables_of_earlier_pictures)
{
  test::Random random (6);
  auto first = test::random_picture (random).jpeg ();
  auto tables = formula_tables (50);
  auto mcus = test::mcu_count (64, 64, test::sampling_420);
  auto second = test::JpegBuilder ()
                    .soi ()
                    .dqt (0, tables.luma)
                    .dqt (1, tables.chroma)
                    .sof0 (64, 64, test::sampling_420)
                    .sos ()
                    .raw (test::flat_scan (mcus, 4))
                    .eoi ()
                    .bytes;
  FrameParser parser;
  FrameTranscoder transcoder;
  Frame frame;
  Bytes bytes (first);
  fail_unless (parser.parse ({&bytes, 1}, TableMode::automatic, frame) ==
               DropCause::huffman_tables);
  bytes = second;
  fail_unless (parser.parse ({&bytes, 1}, TableMode::automatic, frame) ==
               DropCause::huffman_tables);
  frame = *parser.frame_with_standard_tables ();
  auto outcome = transcoder.replace_tables (
      {&bytes, 1}, parser, {}, payload_size, nullptr, frame);
  fail_unless (outcome.has_value ());
  fail_if (outcome->failure.has_value ());
  fail_unless (std::ranges::equal (*outcome->scan, test::flat_scan (mcus, 4)));
}
GST_END_TEST;

// A picture's own tables apply, even if only the standard ones would fit.
GST_START_TEST (test_own_tables_that_are_wrong)
{
  auto tables = formula_tables (50);
  auto mcus = test::mcu_count (64, 64, test::sampling_420);
  // 0: end of block. The scan has 1010 for it.
  HuffmanTable ac{};
  ac.counts[0] = 1;
  auto jpeg = test::JpegBuilder ()
                  .soi ()
                  .dqt (0, tables.luma)
                  .dqt (1, tables.chroma)
                  .dht (0x10, ac)
                  .sof0 (64, 64, test::sampling_420)
                  .sos ()
                  .raw (test::flat_scan (mcus, 4))
                  .eoi ()
                  .bytes;
  FrameTranscoder transcoder;
  Run run (transcoder, jpeg, {});
  fail_unless (run.outcome.failure == DropCause::malformed);
}
GST_END_TEST;

GST_START_TEST (test_damage)
{
  FrameTranscoder transcoder;
  // An MCU of 772 bits and 299 of 32, ten of which are missing, but not EOI.
  test::BitWriter bits;
  for (unsigned block = 0; block < 4; block++) {
    bits.put (0b00, 2);
    for (unsigned k = 1; k < 64; k++)
      bits.put (0b00, 2).put (1, 1);
  }
  bits.put (0b00'00, 4).put (0b00'00, 4);
  for (unsigned mcu = 1; mcu < 300; mcu++)
    test::put_flat_mcu (bits, 4);
  auto cut = test::header (320, 240, test::sampling_420, 85)
                 .raw (bits.take ())
                 .eoi ()
                 .bytes;
  cut.erase (cut.end () - 42, cut.end () - 2);
  for (auto settings : {Settings{.check_scan = true},
           Settings{.resilience = ErrorResilience::markers},
           Settings{.resilience = ErrorResilience::chunks}}) {
    Run run (transcoder, cut, settings);
    fail_unless (run.outcome.failure == DropCause::cut_short);
    fail_unless (run.outcome.found == "a scan that ends in MCU 290 of 300",
        "%s", run.outcome.found.c_str ());
    assert_equals_int (run.outcome.whole, cut.size () - 2);
  }

  auto damaged = test::picture (320, 240);
  auto begin = damaged.end () - 2 - 300 * 4;
  // Sixteen ones are no code.
  std::ranges::copy (ByteVector{0xff, 0, 0xff, 0}, begin + 4 * 100);
  Run run (transcoder, damaged, {.check_scan = true});
  fail_unless (run.outcome.failure == DropCause::malformed);
  fail_unless (run.outcome.found == "a scan that is damaged in MCU 100 of 300",
      "%s", run.outcome.found.c_str ());
  assert_equals_int (run.outcome.whole, begin - damaged.begin () + 4 * 100);
}
GST_END_TEST;

GST_START_TEST (test_table_numbers)
{
  TableNumbers numbers;
  auto tables = [] (unsigned n) {
    QuantizationTables t;
    t.luma.values.fill (static_cast<std::uint16_t> (1 + n));
    t.chroma.values.fill (1);
    return t;
  };
  for (unsigned round = 0; round < 2; round++)
    for (unsigned n = 0; n < 130; n++)
      assert_equals_int (numbers.number (tables (n)), n < 127 ? 128 + n : 255);
}
GST_END_TEST;

GST_START_TEST (test_q)
{
  FrameTranscoder transcoder;
  auto jpeg = test::picture (320, 240);
  Settings markers = {.resilience = ErrorResilience::markers};
  // Tables given by the formula need no number, unless they are sent in band.
  assert_equals_int (Run (transcoder, jpeg, markers).frame.q, 85);
  assert_equals_int (
      Run (transcoder, jpeg, markers, TableMode::in_band).frame.q, 128);
  auto other = test::picture (320, 240, test::sampling_420, 50);
  assert_equals_int (
      Run (transcoder, other, markers, TableMode::in_band).frame.q, 129);
  assert_equals_int (
      Run (transcoder, jpeg, markers, TableMode::in_band).frame.q, 128);
  // Without resilience it is 255, as usual.
  assert_equals_int (
      Run (transcoder, jpeg, {.check_scan = true}, TableMode::in_band).frame.q,
      255);
}
GST_END_TEST;

GST_START_TEST (test_interval_ends)
{
  auto jpeg = picture_with_interval (100);
  Bytes bytes (jpeg);
  FrameParser parser;
  Frame frame;
  std::vector<std::uint32_t> ends;
  fail_if (
      parser.parse ({&bytes, 1}, TableMode::automatic, frame).has_value ());
  find_interval_ends ({&bytes, 1}, frame, ends);
  // 400 bytes and a marker, or EOI, each
  fail_unless (ends == std::vector<std::uint32_t> ({402, 804, 1206}));
}
GST_END_TEST;

// With 20 bytes of headers before each packet's payload.
static FrameTranscoder::Limit
limit_of (std::size_t total)
{
  return {.total = total, .max_payload = payload_size, .rtp_header = 20};
}

// The result must be a scan with this many MCUs, each interval in its place.
static void
assert_scan (const Run &run, std::uint32_t mcu_count, bool is_420)
{
  auto scan = *run.outcome.scan;
  ScanTranscoder transcoder;
  transcoder.read ({&scan, 1}, 0,
      {.mcu_count = mcu_count,
          .restart_interval = run.frame.restart_interval,
          .luma_blocks = static_cast<std::uint8_t> (is_420 ? 4 : 2)});
  auto result = transcoder.check (standard_scan_tables);
  fail_unless (bool (result), "MCU %u of %u", result.mcu, mcu_count);
  fail_if (result.has_extraneous_bytes);
  assert_equals_int (result.end, scan.size ());
  assert_equals_int (run.frame.scan_size, scan.size ());
  auto interval = run.frame.restart_interval;
  assert_equals_int (run.frame.has_restart_header (), interval != 0);
  assert_equals_int (
      count_markers (scan), interval ? (mcu_count - 1) / interval : 0);
}

GST_START_TEST (test_limit)
{
  auto jpeg = test::textured_picture (256, 90);
  auto without = [&] {
    FrameTranscoder transcoder;
    return Run (transcoder, jpeg, {});
  }();
  auto size = without.frame.scan_size;
  for (auto resilience : {ErrorResilience::none, ErrorResilience::markers,
           ErrorResilience::chunks}) {
    FrameTranscoder transcoder;
    Settings settings = {.resilience = resilience};
    bool has_markers = resilience != ErrorResilience::none;

    // One that fits is the same as without a limit.
    auto roomy = limit_of (size * 11 / 10);
    FrameTranscoder unlimited;
    Run expected (unlimited, jpeg, settings);
    Run fits (transcoder, jpeg, settings, TableMode::automatic, &roomy);
    fail_unless (fits.frame == expected.frame);
    fail_unless (fits.outcome.thinning == FrameTranscoder::Thinning::none);
    fail_unless (fits.outcome.scan.has_value () == has_markers);
    fail_unless (!has_markers || std::ranges::equal (*fits.outcome.scan,
                                     *expected.outcome.scan));
    assert_equals_int (
        FrameTranscoder::is_wanted (settings, &roomy, without.frame),
        has_markers);

    // First levels are left out, then tables change as well.
    for (unsigned percent : {95, 85, 60, 40, 25}) {
      auto total = size * percent / 100;
      auto limit = limit_of (total);
      fail_unless (
          FrameTranscoder::is_wanted (settings, &limit, without.frame));
      Run run (transcoder, jpeg, settings, TableMode::automatic, &limit);
      fail_if (run.outcome.failure.has_value ());
      fail_unless (run.outcome.thinning ==
                   (percent > 80 ? FrameTranscoder::Thinning::dead_zone
                                 : FrameTranscoder::Thinning::tables));
      auto q = formula_q (run.frame.tables);
      assert_equals_int (run.frame.q, q);
      assert_equals_int (run.outcome.quality, q);
      fail_unless (percent > 80 ? q == 90 : q < 90 && q >= 10, "Q %u", q);
      assert_equals_int (run.outcome.read, size);
      assert_scan (run, 256, true);
      assert_equals_int (run.frame.restart_interval != 0, has_markers);
      assert_equals_int (run.outcome.has_new_markers, has_markers);
      auto headers = (total + 1395) / 1396 * (has_markers ? 32 : 28);
      fail_unless (run.frame.data_size () + headers <= total * 103 / 100);
      fail_unless (run.frame.data_size () + headers >= total * 90 / 100);
      // A quarter of a packet, however large the frame is
      if (has_markers) {
        auto bytes = run.frame.scan_size * run.frame.restart_interval / 256;
        fail_unless (bytes >= payload_size / 10 && bytes <= payload_size,
            "%zu bytes an interval", bytes);
      }
    }
  }
}
GST_END_TEST;

// Headers are a large part of small packets, with restart markers 4 bytes more
// in each, and all of them count.
GST_START_TEST (test_limit_and_headers)
{
  auto jpeg = test::textured_picture (256, 90);
  for (auto resilience : {ErrorResilience::none, ErrorResilience::markers}) {
    FrameTranscoder transcoder;
    for (std::size_t max_payload : {40, 60}) {
      auto total = jpeg.size () * 3 / 4;
      FrameTranscoder::Limit limit = {
          .total = total, .max_payload = max_payload, .rtp_header = 12};
      Settings settings = {.resilience = resilience, .restart_interval = 4};
      std::optional<Run> run;
      // The rate control needs some frames to learn.
      for (unsigned i = 0; i < 10; i++)
        run.emplace (transcoder, jpeg, settings, TableMode::automatic, &limit);
      fail_if (run->outcome.failure.has_value ());
      Fragmenter fragmenter (run->frame, max_payload);
      auto sent = fragmenter.total_size () +
                  fragmenter.packet_count () * limit.rtp_header;
      fail_unless (sent <= total * 103 / 100 && sent >= total * 90 / 100,
          "%zu of %zu", sent, total);
    }
  }
}
GST_END_TEST;

// Levels are also left out of a frame that would fit without the markers.
GST_START_TEST (test_limit_with_markers_only)
{
  auto jpeg = test::textured_picture (256, 90);
  FrameTranscoder transcoder;
  Settings settings = {
      .resilience = ErrorResilience::markers, .restart_interval = 1};
  Run large (transcoder, jpeg, settings);
  FrameParser parser;
  Frame plain;
  Bytes bytes (jpeg);
  fail_if (
      parser.parse ({&bytes, 1}, TableMode::automatic, plain).has_value ());
  // Headers of 20, 8 and 4 bytes
  auto packets = plain.data_size () / (payload_size - 12) + 1;
  auto total = plain.data_size () + packets * 32;
  fail_unless (large.frame.data_size () + packets * 32 > total * 101 / 100);
  auto limit = limit_of (total);
  Run run (transcoder, jpeg, settings, TableMode::automatic, &limit);
  fail_if (run.outcome.failure.has_value ());
  fail_unless (run.outcome.thinning == FrameTranscoder::Thinning::dead_zone);
  assert_scan (run, 256, true);
  assert_equals_int (run.frame.restart_interval, 1);
  fail_unless (run.frame.scan_size <= plain.scan_size * 103 / 100);
}
GST_END_TEST;

// Huffman tables and restart intervals are changed in the same pass.
GST_START_TEST (test_limit_with_other_tables)
{
  test::Random random (1);
  unsigned thinned = 0, dropped = 0;
  for (unsigned n = 0; n < 400; n++) {
    auto picture = test::random_picture (random, n % 4 == 0);
    FrameTranscoder transcoder;
    Settings settings = {
        .resilience = n % 3 ? ErrorResilience::markers : ErrorResilience::none,
        .restart_interval = static_cast<std::uint16_t> (n % 5)};
    auto limit = limit_of (picture.scan.size () * 3 / 4 + 60);
    Run run (
        transcoder, picture.jpeg (), settings, TableMode::automatic, &limit);
    if (run.outcome.failure) {
      fail_unless (run.outcome.failure == DropCause::bit_rate);
      fail_unless (run.outcome.found == text (DropCause::bit_rate).found);
      dropped++;
      continue;
    }
    if (run.outcome.thinning == FrameTranscoder::Thinning::none)
      continue;
    thinned++;
    assert_scan (run,
        test::mcu_count (picture.width, picture.height, picture.sampling),
        picture.sampling == test::sampling_420);
    fail_unless (run.frame.scan_size <= limit.total * 103 / 100);
  }
  fail_unless (thinned > 150, "%u", thinned);
  fail_unless (dropped < 150, "%u", dropped);
}
GST_END_TEST;

// Damage is reported as without a limit, and a limit's effect is not called
// damage.
GST_START_TEST (test_limit_and_damage)
{
  auto jpeg = test::textured_picture (256, 90);
  jpeg.resize (jpeg.size () * 2 / 3);
  jpeg.insert (jpeg.end (), {0xff, marker::eoi});
  Settings settings = {.check_scan = true};
  FrameTranscoder transcoder;
  Run without (transcoder, jpeg, settings);
  fail_unless (without.outcome.failure == DropCause::cut_short);
  fail_unless (without.outcome.is_damaged ());
  auto limit = limit_of (jpeg.size () / 2);
  Run with (transcoder, jpeg, {}, TableMode::automatic, &limit);
  fail_unless (with.outcome.failure == DropCause::cut_short);
  fail_unless (with.outcome.found == without.outcome.found);
  assert_equals_int (with.outcome.whole, without.outcome.whole);

  limit = limit_of (2000);
  limit.min_quality = 80;
  jpeg = test::textured_picture (256, 90);
  Run too_large (transcoder, jpeg, {}, TableMode::automatic, &limit);
  fail_unless (too_large.outcome.failure == DropCause::bit_rate);
  fail_if (too_large.outcome.is_damaged ());
}
GST_END_TEST;

// Scaled tables are sent in band, each with its own number if packets may be
// lost.
GST_START_TEST (test_limit_and_table_numbers)
{
  auto tables = formula_tables (90);
  tables.luma.values[1] = 40;
  auto own = test::textured_picture (256, 90);
  // DQT of luma is the first segment.
  own[2 + 5 + 1] = 40;
  FrameTranscoder transcoder;
  auto send = [&] (const Settings &settings, unsigned percent) {
    auto limit = limit_of (own.size () * percent / 100);
    Run run (transcoder, own, settings, TableMode::automatic, &limit);
    fail_if (run.outcome.failure.has_value ());
    return run;
  };
  auto half = send ({.resilience = ErrorResilience::markers}, 50);
  fail_unless (half.outcome.thinning == FrameTranscoder::Thinning::tables);
  fail_if (half.frame.tables == tables);
  assert_equals_int (half.frame.q, TableNumbers::first);
  auto fifth = send ({.resilience = ErrorResilience::markers}, 20);
  fail_if (fifth.frame.tables == half.frame.tables);
  assert_equals_int (fifth.frame.q, TableNumbers::first + 1);
  assert_equals_int (send ({}, 50).frame.q, 255);
}
GST_END_TEST;

static Suite *
frame_transcoder_suite ()
{
  auto suite = suite_create ("frame_transcoder");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_untouched);
  tcase_add_test (tc, test_markers_put_in);
  tcase_add_test (tc, test_own_intervals);
  tcase_add_test (tc, test_choice_of_interval);
  tcase_add_test (tc, test_own_tables);
  tcase_add_test (tc, test_tables_of_earlier_pictures);
  tcase_add_test (tc, test_own_tables_that_are_wrong);
  tcase_add_test (tc, test_damage);
  tcase_add_test (tc, test_table_numbers);
  tcase_add_test (tc, test_q);
  tcase_add_test (tc, test_interval_ends);
  tcase_add_test (tc, test_limit);
  tcase_add_test (tc, test_limit_and_headers);
  tcase_add_test (tc, test_limit_with_markers_only);
  tcase_add_test (tc, test_limit_with_other_tables);
  tcase_add_test (tc, test_limit_and_damage);
  tcase_add_test (tc, test_limit_and_table_numbers);

  return suite;
}

GST_CHECK_MAIN (frame_transcoder)
