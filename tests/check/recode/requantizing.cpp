// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// ScanTranscoder::requantize (), whose coefficients are read by libjpeg.

#include "dead_zone.h"
#include "effort.h"
#include "frame.h"
#include "scan_transcoder.h"

#include "corpus.h"
#include "decoded.h"
#include "random_scan.h"

#include <gst/check/gstcheck.h>

#include <cmath>

using namespace rfc2435;
using test::ByteVector;

namespace {

struct Source {
  ByteVector jpeg;
  JpegHeader header;
  JpegTables tables;

  explicit Source (ByteVector bytes) : jpeg (std::move (bytes))
  {
    Bytes whole (jpeg);
    ByteReader reader ({&whole, 1});
    fail_if (header.parse (reader, tables).has_value ());
  }

  QuantizationTables quantization () const
  {
    auto table = [&] (unsigned i) {
      return *tables.quantization[header.components[i].quantization_table];
    };
    return {table (0), table (1)};
  }
};

constexpr std::uint8_t zigzag[64] = {0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25,
    18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
    45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

void
assert_coefficients (const decoded::Coefficients &before,
    const decoded::Coefficients &after, const QuantizationTables &from,
    const QuantizationTables &to, unsigned strength)
{
  for (unsigned c = 0; c < 3; c++) {
    auto &old_table = c == 0 ? from.luma : from.chroma;
    auto &new_table = c == 0 ? to.luma : to.chroma;
    auto &zone =
        c == 0 ? DeadZone::luma (strength) : DeadZone::chroma (strength);
    assert_equals_int (before.components[c].blocks.size (),
        after.components[c].blocks.size ());
    for (std::size_t b = 0; b < before.components[c].blocks.size (); b++) {
      auto &old_block = before.components[c].blocks[b];
      auto &new_block = after.components[c].blocks[b];
      unsigned run = 0;
      for (unsigned k = 0; k < 64; k++) {
        auto level = old_block[zigzag[k]];
        auto got = new_block[zigzag[k]];
        double exact =
            double (level) * old_table.values[k] / new_table.values[k];
        if (k == 0) {
          fail_unless (
              std::abs (got - std::clamp (exact, -1024., 1023.)) <= 0.5 + 1e-6);
          continue;
        }
        // Factors are rounded to 16 bits.
        auto scaled = static_cast<std::uint64_t> (
            std::llround (std::abs (exact) * DeadZone::one));
        auto error = static_cast<std::uint64_t> (std::abs (level)) / 2 + 1;
        auto quantize = [&] (std::uint64_t value) {
          return static_cast<int> (
              std::min (zone.quantize (value, run), 1023u));
        };
        fail_unless (
            std::abs (got) == quantize (scaled - std::min (scaled, error)) ||
                std::abs (got) == quantize (scaled + error),
            "component %u, block %zu, coefficient %u: %d became %d", c, b, k,
            level, got);
        fail_unless (std::abs (got) <= std::abs (exact) + 0.55);
        fail_unless (got * level >= 0);
        run = got == 0 ? run + 1 : 0;
      }
    }
  }
}

ByteVector
with_scan (const Source &source, const QuantizationTables &tables, Bytes scan,
    unsigned restart_interval)
{
  test::JpegBuilder jpeg;
  auto &c = source.header.components[0];
  jpeg.soi ()
      .dqt (0, tables.luma)
      .dqt (1, tables.chroma)
      .sof0 (source.header.width, source.header.height,
          static_cast<std::uint8_t> (
              c.horizontal_sampling << 4 | c.vertical_sampling))
      .standard_dht ();
  if (restart_interval != 0)
    jpeg.dri (restart_interval);
  return jpeg.sos ().raw ({scan.begin (), scan.end ()}).eoi ().bytes;
}

void
requantize (ScanTranscoder &transcoder, const Source &source,
    const QuantizationTables &to, unsigned strength, unsigned restart_interval)
{
  Bytes whole (source.jpeg);
  auto tables = ScanTables::of (source.header, source.tables);
  transcoder.read (
      {&whole, 1}, source.header.scan_offset, ScanLayout::of (source.header));
  Requantizing requantizing (source.quantization (), to);
  requantizing.strength = strength;
  auto result = transcoder.requantize (
      tables, requantizing, static_cast<std::uint16_t> (restart_interval));
  fail_unless (bool (result), "MCU %u", result.mcu);
  assert_equals_int (result.end, source.jpeg.size () - 2);

  auto from = source.quantization ();
  auto after = decoded::coefficients (
      Bytes (with_scan (source, to, transcoder.scan (), restart_interval)));
  assert_coefficients (
      decoded::coefficients (whole), after, from, to, strength);
}

} // namespace

// With the same tables and hardly any dead zone, scans don't change.
GST_START_TEST (test_same_tables)
{
  ScanTranscoder transcoder, plain;
  test::Random random (1);
  for (unsigned n = 0; n < test::tries (200); n++) {
    auto picture = test::random_picture (random, n % 2 == 0);
    Source source (picture.jpeg ());
    Bytes whole (source.jpeg);
    auto tables = ScanTables::of (source.header, source.tables);
    auto layout = ScanLayout::of (source.header);
    auto interval = static_cast<std::uint16_t> (
        n % 3 ? picture.restart_interval : test::random_below (random, 20));
    plain.read ({&whole, 1}, source.header.scan_offset, layout);
    fail_unless (bool (plain.transcode (tables, interval)));
    transcoder.read ({&whole, 1}, source.header.scan_offset, layout);
    Requantizing requantizing (source.quantization (), formula_tables (50));
    fail_unless (bool (transcoder.requantize (tables, requantizing, interval)));
    fail_unless (std::ranges::equal (transcoder.scan (), plain.scan ()));
  }
}
GST_END_TEST;

// One pass that also changes Huffman tables and restart intervals does the same
// as two passes.
GST_START_TEST (test_one_pass)
{
  ScanTranscoder at_once, first, then;
  test::Random random (4);
  for (unsigned n = 0; n < test::tries (100); n++) {
    auto picture = test::random_picture (random, n % 4 == 0);
    Source source (picture.jpeg ());
    Bytes whole (source.jpeg);
    auto tables = ScanTables::of (source.header, source.tables);
    auto layout = ScanLayout::of (source.header);
    Requantizing requantizing (source.quantization (),
        formula_tables (1 + test::random_below (random, 99)));
    requantizing.strength = test::random_below (random, DeadZone::strengths);
    auto interval =
        static_cast<std::uint16_t> (test::random_below (random, 20));

    at_once.read ({&whole, 1}, source.header.scan_offset, layout);
    fail_unless (bool (at_once.requantize (tables, requantizing, interval)));
    first.read ({&whole, 1}, source.header.scan_offset, layout);
    fail_unless (bool (first.requantize (tables, requantizing, 0)));
    auto scan = first.scan ();
    layout.restart_interval = 0;
    then.read ({&scan, 1}, 0, layout);
    fail_unless (bool (then.transcode (standard_scan_tables, interval)));
    fail_unless (std::ranges::equal (at_once.scan (), then.scan ()));
  }
}
GST_END_TEST;

GST_START_TEST (test_random)
{
  ScanTranscoder transcoder;
  test::Random random (2);
  for (unsigned n = 0; n < test::tries (250); n++) {
    auto picture = test::random_picture (random, n % 4 == 0);
    Source source (picture.jpeg ());
    QuantizationTables to;
    for (auto *table : {&to.luma, &to.chroma})
      for (auto &value : table->values)
        value = static_cast<std::uint16_t> (
            1 + test::random_below (random, n % 2 ? 255 : 40));
    requantize (transcoder, source, to,
        test::random_below (random, DeadZone::strengths),
        n % 3 ? picture.restart_interval : test::random_below (random, 20));
  }
}
GST_END_TEST;

GST_START_TEST (test_pictures)
{
  ScanTranscoder transcoder;
  for (auto c : corpus::classes ()) {
    c.spec.width = 167;
    c.spec.height = 93;
    auto jpeg = corpus::make (c.spec);
    Bytes whole (jpeg);
    FrameParser parser;
    Frame frame;
    auto cause = parser.parse ({&whole, 1}, TableMode::automatic, frame);
    if (cause && *cause != DropCause::huffman_tables)
      continue;
    Source source (jpeg);
    for (unsigned q : {85, 50, 10})
      for (unsigned strength : {0u, 40u})
        requantize (transcoder, source, formula_tables (q), strength,
            c.spec.restart_interval);
  }
}
GST_END_TEST;

// A scan that ends too early, or is invalid, is reported as by check ().
GST_START_TEST (test_damaged)
{
  ScanTranscoder transcoder;
  test::Random random (3);
  for (unsigned n = 0; n < test::tries (200); n++) {
    auto picture = test::random_picture (random, n % 2 == 0);
    Source source (picture.jpeg ());
    if (n % 4 < 2)
      source.jpeg.resize (
          source.header.scan_offset +
          test::random_below (
              random, static_cast<unsigned> (
                          source.jpeg.size () - source.header.scan_offset)));
    else
      for (unsigned i = 0; i < 4; i++)
        source.jpeg[source.header.scan_offset +
                    test::random_below (random,
                        static_cast<unsigned> (source.jpeg.size () - 2 -
                                               source.header.scan_offset))] =
            static_cast<std::uint8_t> (random ());
    Bytes whole (source.jpeg);
    auto tables = ScanTables::of (source.header, source.tables);
    transcoder.read (
        {&whole, 1}, source.header.scan_offset, ScanLayout::of (source.header));
    auto checked = transcoder.check (tables);
    auto result = transcoder.requantize (
        tables, Requantizing (source.quantization (), formula_tables (20)), 0);
    fail_unless (result.fault == checked.fault);
    assert_equals_int (result.mcu, checked.mcu);
    assert_equals_int (result.end, checked.end);
  }
}
GST_END_TEST;

static Suite *
requantizing_suite ()
{
  auto suite = suite_create ("requantizing");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_set_timeout (tc, 100);
  tcase_add_test (tc, test_same_tables);
  tcase_add_test (tc, test_one_pass);
  tcase_add_test (tc, test_random);
  tcase_add_test (tc, test_pictures);
  tcase_add_test (tc, test_damaged);

  return suite;
}

GST_CHECK_MAIN (requantizing)
