// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg_header.h"

#include "exif_builder.h"
#include "jpeg_builder.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;
using test::JpegBuilder;

struct Parsed {
  std::optional<DropCause> cause;
  JpegHeader header;
  JpegTables tables;
};

static Parsed
parse (const ByteVector &bytes)
{
  Parsed parsed;
  Bytes piece (bytes);
  ByteReader reader ({&piece, 1});

  parsed.cause = parsed.header.parse (reader, parsed.tables);
  return parsed;
}

static JpegHeader
parse_well (const JpegBuilder &jpeg)
{
  auto parsed = parse (jpeg.bytes);
  fail_if (parsed.cause.has_value (), "%s", text (*parsed.cause).name);
  return parsed.header;
}

static void
assert_cause (const JpegBuilder &jpeg, DropCause cause)
{
  auto parsed = parse (jpeg.bytes);
  fail_unless (parsed.cause.has_value ());
  fail_unless_equals_string (text (*parsed.cause).name, text (cause).name);
}

static JpegBuilder
soi ()
{
  return JpegBuilder ().soi ();
}

GST_START_TEST (test_fields)
{
  auto tables = formula_tables (80);
  auto jpeg = soi ()
                  .dqt (2, tables.luma)
                  .dqt (3, tables.chroma)
                  .dri (0x0203)
                  .sof (marker::sof1, 1920, 1080,
                      {{7, 0x21, 2}, {9, 0x11, 3}, {8, 0x11, 3}})
                  .sos ({{7, 0x23}, {9, 0x10}, {8, 0x01}});
  auto size = jpeg.bytes.size ();
  auto parsed = parse (jpeg.raw ({1, 2, 3}).bytes);
  auto &h = parsed.header;

  fail_if (parsed.cause.has_value ());
  fail_unless_equals_int (h.sof, marker::sof1);
  fail_unless_equals_int (h.precision, 8);
  fail_unless_equals_int (h.width, 1920);
  fail_unless_equals_int (h.height, 1080);
  fail_unless_equals_int (h.component_count, 3);
  fail_unless_equals_int (h.components[0].horizontal_sampling, 2);
  fail_unless_equals_int (h.components[0].vertical_sampling, 1);
  fail_unless_equals_int (h.components[0].quantization_table, 2);
  fail_unless_equals_int (h.components[2].id, 8);
  fail_unless_equals_int (h.scan_component_count, 3);
  fail_unless_equals_int (h.scan_components[0].component, 0);
  fail_unless_equals_int (h.scan_components[0].dc_table, 2);
  fail_unless_equals_int (h.scan_components[0].ac_table, 3);
  fail_unless_equals_int (h.scan_components[1].component, 1);
  fail_unless_equals_int (h.scan_components[1].dc_table, 1);
  fail_unless_equals_int (h.restart_interval, 0x0203);
  fail_unless_equals_int (h.scan_offset, size);
  fail_unless (*parsed.tables.quantization[2] == tables.luma);
  fail_unless (*parsed.tables.quantization[3] == tables.chroma);
  fail_if (parsed.tables.quantization[0].has_value ());
}
GST_END_TEST;

GST_START_TEST (test_several_tables_in_a_segment)
{
  auto tables = formula_tables (30);
  ByteVector dqt = {0x00};
  for (auto value : tables.luma.values)
    dqt.push_back (static_cast<std::uint8_t> (value));
  dqt.push_back (0x13); // 16 bits, id 3
  for (auto value : tables.chroma.values) {
    dqt.push_back (0x01);
    dqt.push_back (static_cast<std::uint8_t> (value));
  }
  ByteVector dht = {0x02};
  auto &dc = standard_dc_chroma, &ac = standard_ac_chroma;
  dht.insert (dht.end (), dc.counts.begin (), dc.counts.end ());
  dht.insert (dht.end (), dc.symbols.begin (), dc.symbols.begin () + 12);
  dht.push_back (0x13);
  dht.insert (dht.end (), ac.counts.begin (), ac.counts.end ());
  dht.insert (dht.end (), ac.symbols.begin (), ac.symbols.begin () + 162);

  auto parsed = parse (soi ()
                           .segment (marker::dqt, dqt)
                           .segment (marker::dht, dht)
                           .sof0 (16, 16, 0x22)
                           .sos ()
                           .bytes);
  fail_if (parsed.cause.has_value ());
  fail_unless (*parsed.tables.quantization[0] == tables.luma);
  for (unsigned i = 0; i < 64; i++)
    fail_unless_equals_int (parsed.tables.quantization[3]->values[i],
        0x100 + tables.chroma.values[i]);
  fail_unless (parsed.tables.dc[2] == dc);
  fail_unless (parsed.tables.ac[3] == ac);
  // The tables implied if none are defined.
  fail_unless (parsed.tables.dc[0] == standard_dc_luma);
  fail_unless (parsed.tables.ac[1] == standard_ac_chroma);
}
GST_END_TEST;

GST_START_TEST (test_later_definitions_win)
{
  auto coarse = formula_tables (10).luma, fine = formula_tables (90).luma;
  auto parsed = parse (soi ()
                           .dqt (0, coarse)
                           .dri (5)
                           .dqt (0, fine)
                           .sof0 (16, 16, 0x22)
                           .dri (0)
                           .dri (9)
                           .sos ()
                           .bytes);
  fail_unless (*parsed.tables.quantization[0] == fine);
  fail_unless_equals_int (parsed.header.restart_interval, 9);
}
GST_END_TEST;

GST_START_TEST (test_what_is_passed_over)
{
  // A thumbnail that contains markers, a comment, fill bytes, stray bytes.
  auto thumbnail = test::picture (16, 16);
  auto jpeg = JpegBuilder ()
                  .raw ({0, 1, 0xff, 0xff, 2, 0xff})
                  .soi ()
                  .segment (0xe1, thumbnail)
                  .raw ({0xff, 0xff, 0xff})
                  .segment (0xfe, {0xff, 0xd9})
                  .raw ({1, 2, 0xff, 0, 3})
                  .segment (0xe4, ByteVector (65533, 0xff))
                  .marker (marker::tem)
                  .marker (marker::rst0)
                  .sof0 (64, 32, 0x22)
                  .raw ({0xff, 0xff})
                  .sos ();
  auto h = parse_well (jpeg);
  fail_unless_equals_int (h.width, 64);
  fail_unless_equals_int (h.soi_offset, 6);
  fail_unless_equals_int (h.scan_offset, jpeg.bytes.size ());

  // A picture that broke off before its scan, then the next.
  h = parse_well (soi ().sof0 (16, 16, 0x21).soi ().sof0 (32, 16, 0x22).sos ());
  fail_unless_equals_int (h.width, 32);
  fail_unless_equals_int (h.soi_offset, 2 + 2 + 17);
}
GST_END_TEST;

GST_START_TEST (test_app_segments)
{
  auto with = [] (std::uint8_t code, const ByteVector &payload) {
    return parse_well (
        soi ().segment (code, payload).sof0 (16, 16, 0x22).sos ());
  };
  ByteVector jfif = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
  ByteVector adobe = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 2};

  auto h = with (marker::app0, jfif);
  fail_unless (h.has_jfif);
  fail_if (h.adobe_transform.has_value ());
  fail_if (h.has_fields);

  h = with (marker::app14, adobe);
  fail_if (h.has_jfif);
  fail_unless_equals_int (*h.adobe_transform, 2);
  adobe.pop_back ();
  fail_if (with (marker::app14, adobe).adobe_transform.has_value ());

  fail_if (with (marker::app0, {'A', 'V', 'I', '1', 0}).has_fields);
  fail_unless (with (marker::app0, {'A', 'V', 'I', '1', 1}).has_fields);
  fail_unless (with (marker::app0, {'A', 'V', 'I', '1', 2, 0, 0}).has_fields);
  fail_if (with (marker::app0, {}).has_jfif);

  fail_unless_equals_int (
      with (marker::app1, test::exif (6, true)).orientation, 6);
  fail_unless_equals_int (with (marker::app1, {}).orientation, 0);
  fail_unless_equals_int (h.orientation, 0);
  // The first segment with an orientation counts.
  auto several = soi ()
                     .segment (marker::app1, {'h', 't', 't', 'p'})
                     .segment (marker::app1, test::exif (3, false))
                     .segment (marker::app1, test::exif (8, false));
  fail_unless_equals_int (
      parse_well (several.sof0 (16, 16, 0x22).sos ()).orientation, 3);
}
GST_END_TEST;

GST_START_TEST (test_same_ids)
{
  auto h = parse_well (soi ()
                           .sof (marker::sof0, 16, 16,
                               {{0, 0x22, 0}, {0, 0x11, 1}, {0, 0x11, 1}})
                           .sos ({{0, 0x00}, {0, 0x11}, {0, 0x11}}));
  fail_unless_equals_int (h.scan_components[0].component, 0);
  fail_unless_equals_int (h.scan_components[1].component, 1);
  fail_unless_equals_int (h.scan_components[2].component, 2);
}
GST_END_TEST;

GST_START_TEST (test_causes)
{
  auto sof = [] {
    return soi ().sof0 (16, 16, 0x22);
  };

  assert_cause (JpegBuilder (), DropCause::empty);
  assert_cause (JpegBuilder ().raw ({0xff}), DropCause::not_jpeg);
  assert_cause (JpegBuilder ().raw ({0xd8, 0xff}), DropCause::not_jpeg);
  assert_cause (soi (), DropCause::cut_short);
  assert_cause (soi ().raw ({0xff, 0xff}), DropCause::cut_short);
  assert_cause (soi ().eoi (), DropCause::no_picture);
  assert_cause (sof ().eoi (), DropCause::no_picture);

  // Lengths
  assert_cause (soi ().raw ({0xff, 0xdb, 0}), DropCause::cut_short);
  assert_cause (soi ().raw ({0xff, 0xe0, 0, 1, 0, 0}), DropCause::malformed);
  assert_cause (sof ().raw ({0xff, 0xda, 0xff, 0xff, 3}), DropCause::cut_short);
  assert_cause (sof ().segment (marker::sos, {}), DropCause::malformed);
  assert_cause (
      sof ().segment (marker::sos, {3, 1, 0, 2, 0x11, 3, 0x11, 0, 63}),
      DropCause::malformed);
  assert_cause (soi ().segment (marker::dri, {0}), DropCause::malformed);
  assert_cause (soi ().segment (marker::dri, {0, 4, 0}), DropCause::malformed);

  // DQT
  assert_cause (
      soi ().segment (marker::dqt, ByteVector (64)), DropCause::malformed);
  ByteVector bad_id (65), bad_precision (129);
  bad_id[0] = 4;
  bad_precision[0] = 0x20;
  assert_cause (soi ().segment (marker::dqt, bad_id), DropCause::malformed);
  assert_cause (
      soi ().segment (marker::dqt, bad_precision), DropCause::malformed);

  // DHT
  ByteVector many (1 + 16 + 300, 0);
  many[1] = 255;
  many[2] = 2;
  assert_cause (soi ().segment (marker::dht, many), DropCause::malformed);
  ByteVector bad_class (17);
  bad_class[0] = 0x20;
  assert_cause (
      sof ().segment (marker::dht, bad_class).sos (), DropCause::malformed);
  ByteVector short_symbols (17);
  short_symbols[16] = 9;
  assert_cause (
      soi ().segment (marker::dht, short_symbols).raw (ByteVector (99)),
      DropCause::malformed);

  // SOF
  assert_cause (sof ().sof0 (16, 16, 0x22), DropCause::malformed);
  assert_cause (soi ().sof0 (0, 16, 0x22), DropCause::malformed);
  assert_cause (soi ().sof0 (16, 16, 0x02), DropCause::malformed);
  assert_cause (soi ().sof0 (16, 16, 0x25), DropCause::malformed);
  assert_cause (
      soi ().sof (marker::sof0, 16, 16, {{1, 0x11, 4}}), DropCause::malformed);
  assert_cause (soi ().sof (marker::sof0, 16, 16, {}), DropCause::malformed);
  assert_cause (soi ().sof (marker::sof0, 16, 16,
                    {{1, 0x11, 0}, {2, 0x11, 0}, {3, 0x11, 0}, {4, 0x11, 0},
                        {5, 0x11, 0}}),
      DropCause::color_space);

  // SOS
  assert_cause (soi ().sos (), DropCause::malformed);
  assert_cause (sof ().sos ({}), DropCause::malformed);
  assert_cause (sof ().sos ({{1, 0}, {2, 0}, {4, 0}}), DropCause::malformed);
  assert_cause (sof ().sos ({{1, 0}, {2, 0}, {2, 0}}), DropCause::malformed);
  assert_cause (sof ().sos ({{1, 0x40}, {2, 0}, {3, 0}}), DropCause::malformed);
  assert_cause (sof ().sos ({{1, 0x04}, {2, 0}, {3, 0}}), DropCause::malformed);
}
GST_END_TEST;

// A segment may claim more bytes than there are.
GST_START_TEST (test_sos_length)
{
  const struct {
    unsigned length;
    DropCause cause, with_more;
  } cases[] = {
      {0, DropCause::malformed, DropCause::malformed},
      {1, DropCause::malformed, DropCause::malformed},
      {2, DropCause::malformed, DropCause::malformed},
      {11, DropCause::malformed, DropCause::malformed},
      {13, DropCause::malformed, DropCause::malformed},
      {400, DropCause::cut_short, DropCause::malformed},
      {65535, DropCause::cut_short, DropCause::malformed},
  };
  for (auto &c : cases) {
    auto jpeg = soi ().sof0 (16, 16, 0x22);
    auto at = jpeg.bytes.size () + 2;
    jpeg.sos ().raw (ByteVector (20, 0)).eoi ();
    jpeg.bytes[at] = static_cast<std::uint8_t> (c.length >> 8);
    jpeg.bytes[at + 1] = static_cast<std::uint8_t> (c.length);
    assert_cause (jpeg, c.cause);
    assert_cause (jpeg.raw (ByteVector (70000, 0)), c.with_more);
  }
}
GST_END_TEST;

// A truncated header is reported as such, and nothing is read past the end.
GST_START_TEST (test_cut_anywhere)
{
  auto whole = test::header (64, 64, 0x22, 50).bytes;
  for (std::size_t size = 2; size < whole.size (); size++) {
    ByteVector cut (whole.begin (), whole.begin () + size);
    auto parsed = parse (cut);
    fail_unless (parsed.cause == DropCause::cut_short, "at %zu", size);
  }
  fail_if (parse (whole).cause.has_value ());
}
GST_END_TEST;

GST_START_TEST (test_mcu_count)
{
  struct {
    unsigned width, height;
    std::uint8_t sampling;
    unsigned mcus;
  } cases[] = {
      {16, 16, 0x22, 1},
      {17, 16, 0x22, 2},
      {1, 1, 0x21, 1},
      {1920, 1080, 0x22, 120 * 68},
      {1920, 1080, 0x21, 120 * 135},
      {65535, 65535, 0x22, 4096u * 4096u},
  };
  for (auto &c : cases)
    fail_unless_equals_int (
        parse_well (soi ().sof0 (c.width, c.height, c.sampling).sos ())
            .mcu_count (),
        c.mcus);
}
GST_END_TEST;

static Suite *
jpeg_header_suite ()
{
  auto suite = suite_create ("jpeg_header");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_fields);
  tcase_add_test (tc, test_several_tables_in_a_segment);
  tcase_add_test (tc, test_later_definitions_win);
  tcase_add_test (tc, test_what_is_passed_over);
  tcase_add_test (tc, test_app_segments);
  tcase_add_test (tc, test_same_ids);
  tcase_add_test (tc, test_causes);
  tcase_add_test (tc, test_sos_length);
  tcase_add_test (tc, test_cut_anywhere);
  tcase_add_test (tc, test_mcu_count);

  return suite;
}

GST_CHECK_MAIN (jpeg_header)
