// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// ScanTranscoder and the recoder with libjpeg write the same bytes.

#include "effort.h"
#include "frame.h"
#include "recoder.h"
#include "scan_transcoder.h"

#include "corpus.h"
#include "random_scan.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

struct Source {
  JpegHeader header;
  JpegTables tables;

  explicit Source (Bytes jpeg)
  {
    ByteReader reader ({&jpeg, 1});
    fail_if (header.parse (reader, tables).has_value ());
  }
};

// The scan of a JPEG that RFC 2435 can carry.
static Bytes
scan_of (Bytes jpeg)
{
  FrameParser parser;
  Frame frame;
  fail_if (parser.parse ({&jpeg, 1}, TableMode::automatic, frame).has_value ());
  return jpeg.subspan (frame.scan_offset, frame.scan_size);
}

static void
assert_same (Bytes a, Bytes b, const char *name)
{
  auto [at, other] = std::ranges::mismatch (a, b);
  fail_unless (at == a.end () && other == b.end (),
      "%s: %zu and %zu bytes, not the same from %zu on", name, a.size (),
      b.size (), static_cast<std::size_t> (at - a.begin ()));
}

static void
compare (ScanTranscoder &transcoder, Recoder &recoder, Bytes jpeg,
    std::uint16_t restart_interval, const char *name)
{
  Source source (jpeg);
  auto layout = ScanLayout::of (source.header);
  auto tables = ScanTables::of (source.header, source.tables);
  auto expected = recoder.recode (jpeg, {.restart_interval = restart_interval});
  fail_unless (bool (expected), "%s: %s", name, expected.message);

  transcoder.read ({&jpeg, 1}, source.header.scan_offset, layout);
  auto checked = transcoder.check (tables);
  fail_unless (bool (checked), "%s: MCU %u", name, checked.mcu);
  assert_equals_int (checked.end, jpeg.size () - 2);

  auto result = transcoder.transcode (tables, restart_interval);
  fail_unless (bool (result), "%s: MCU %u", name, result.mcu);
  assert_equals_int (result.mcu, layout.mcu_count);
  assert_equals_int (result.end, jpeg.size () - 2);
  fail_if (result.has_extraneous_bytes);
  assert_same (transcoder.scan (), scan_of (expected.jpeg), name);
}

GST_START_TEST (test_corpus)
{
  static constexpr std::pair<unsigned, unsigned> sizes[] = {
      {192, 96}, {167, 93}, {1, 1}, {17, 9}, {97, 200}};
  ScanTranscoder transcoder;
  Recoder recoder;
  unsigned count = 0;

  for (auto c : corpus::classes ())
    for (auto [width, height] : sizes)
      for (int quality : {60, 85, 95, 100}) {
        c.spec.width = width;
        c.spec.height = height;
        c.spec.quality = quality;
        auto jpeg = corpus::make (c.spec);
        FrameParser parser;
        Frame frame;
        Bytes bytes (jpeg);
        auto cause = parser.parse ({&bytes, 1}, TableMode::automatic, frame);
        if (cause && *cause != DropCause::huffman_tables)
          continue;
        for (unsigned interval : {c.spec.restart_interval, 0u, 1u, 4u, 17u})
          compare (transcoder, recoder, jpeg,
              static_cast<std::uint16_t> (interval), c.name.c_str ());
        count++;
      }
  fail_unless (count >= 5 * 20);
}
GST_END_TEST;

GST_START_TEST (test_random)
{
  ScanTranscoder transcoder;
  Recoder recoder;
  test::Random random (2435);

  for (unsigned n = 0; n < test::tries (10000); n++) {
    auto picture = test::random_picture (random, n % 4 == 0);
    auto jpeg = picture.jpeg ();
    auto interval = n % 3 == 0   ? picture.restart_interval
                    : n % 3 == 1 ? 0
                                 : 1 + test::random_below (random, 20);
    compare (transcoder, recoder, jpeg, static_cast<std::uint16_t> (interval),
        "random");
  }
}
GST_END_TEST;

static Suite *
transcoding_suite ()
{
  auto suite = suite_create ("transcoding");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_set_timeout (tc, 100);
  tcase_add_test (tc, test_corpus);
  tcase_add_test (tc, test_random);

  return suite;
}

GST_CHECK_MAIN (transcoding)
