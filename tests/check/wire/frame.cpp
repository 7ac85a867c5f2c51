// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame.h"

#include "jpeg_builder.h"
#include "main_header.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;
using test::JpegBuilder;

static std::optional<DropCause>
parse (FrameParser &parser, const ByteVector &bytes, Frame &frame,
    TableMode mode = TableMode::automatic)
{
  Bytes piece (bytes);
  return parser.parse ({&piece, 1}, mode, frame);
}

static Frame
parse_well (const ByteVector &bytes, TableMode mode = TableMode::automatic)
{
  FrameParser parser;
  Frame frame;
  auto cause = parse (parser, bytes, frame, mode);
  fail_if (cause.has_value (), "%s", text (*cause).name);
  return frame;
}

static void
assert_cause (const ByteVector &bytes, DropCause cause, const char *explanation)
{
  FrameParser parser;
  Frame frame;
  auto got = parse (parser, bytes, frame);
  fail_unless (got.has_value ());
  fail_unless_equals_string (text (*got).name, text (cause).name);
  auto explained = parser.explain (*got);
  fail_unless_equals_string (explained.c_str (), explanation);
}

// An ordinary picture made of parts that a test replaces.
struct Parts {
  unsigned width = 64, height = 48;
  std::uint8_t sof = marker::sof0;
  std::uint8_t precision = 8;
  std::uint8_t y = 0x22, u = 0x11, v = 0x11;
  std::uint8_t ids[3] = {1, 2, 3};
  std::uint8_t u_table = 1, v_table = 1;
  std::uint8_t y_huffman = 0x00, uv_huffman = 0x11;
  JpegBuilder extra; // segments after SOI

  ByteVector build () const
  {
    auto tables = formula_tables (50);
    JpegBuilder jpeg;
    jpeg.soi ().dqt (0, tables.luma).dqt (1, tables.chroma);
    jpeg.raw (extra.bytes);
    jpeg.sof (sof, width, height,
        {{ids[0], y, 0}, {ids[1], u, u_table}, {ids[2], v, v_table}},
        precision);
    jpeg.sos (
        {{ids[0], y_huffman}, {ids[1], uv_huffman}, {ids[2], uv_huffman}});
    jpeg.raw (test::flat_scan (
        test::mcu_count (width, height, y), test::luma_blocks (y)));
    return jpeg.eoi ().bytes;
  }
};

GST_START_TEST (test_types)
{
  auto frame = parse_well (test::picture (64, 48, test::sampling_422, 50));
  fail_unless_equals_int (frame.type, 0);
  fail_unless_equals_int (frame.q, 50);
  fail_unless_equals_int (frame.width, 64);
  fail_unless_equals_int (frame.height, 48);
  fail_if (frame.has_tables ());
  fail_if (frame.has_restart_header ());
  // 24 MCUs of 20 bits.
  fail_unless_equals_int (frame.scan_size, 60);

  auto bytes = test::picture (64, 48, test::sampling_420, 99);
  frame = parse_well (bytes);
  fail_unless_equals_int (frame.type, 1);
  fail_unless_equals_int (frame.q, 99);
  fail_unless_equals_int (frame.scan_size, 48);
  fail_unless_equals_int (frame.scan_offset, bytes.size () - 2 - 48);

  Parts sof1;
  sof1.sof = marker::sof1;
  fail_unless_equals_int (parse_well (sof1.build ()).type, 1);
}
GST_END_TEST;

GST_START_TEST (test_restart_interval)
{
  // 12 MCUs
  auto with_interval = [] (unsigned interval) {
    JpegBuilder jpeg;
    jpeg.soi ()
        .dqt (0, formula_tables (50).luma)
        .dqt (1, formula_tables (50).chroma)
        .sof0 (64, 48, test::sampling_420)
        .dri (interval)
        .sos ()
        .raw (test::flat_scan (12, 4, interval))
        .eoi ();
    return parse_well (jpeg.bytes);
  };

  auto frame = with_interval (4);
  fail_unless_equals_int (frame.type, 65);
  fail_unless_equals_int (frame.restart_interval, 4);
  fail_unless (frame.has_restart_header ());
  fail_unless_equals_int (frame.scan_size, 48 + 2 * 2);

  fail_unless_equals_int (with_interval (11).type, 65);
  // There is no marker, so none has to be announced.
  for (unsigned interval : {0, 12, 13, 65535}) {
    frame = with_interval (interval);
    fail_unless_equals_int (frame.type, 1);
    fail_unless_equals_int (frame.restart_interval, 0);
  }
}
GST_END_TEST;

GST_START_TEST (test_tables)
{
  auto bytes = test::picture (64, 48, test::sampling_420, 50);

  // Always in band
  auto frame = parse_well (bytes, TableMode::in_band);
  fail_unless_equals_int (frame.q, 255);
  fail_unless (frame.tables == formula_tables (50));

  // Not from the formula
  auto tables = formula_tables (50);
  tables.luma.values[20] = 7;
  auto picture = [&tables] (bool wide) {
    return JpegBuilder ()
        .soi ()
        .dqt (3, tables.luma, wide)
        .dqt (1, tables.chroma, wide)
        .sof (marker::sof1, 16, 16, {{1, 0x22, 3}, {2, 0x11, 1}, {3, 0x11, 1}})
        .sos ()
        .raw (test::flat_scan (1, 4))
        .eoi ()
        .bytes;
  };
  frame = parse_well (picture (false));
  fail_unless_equals_int (frame.q, 255);
  fail_unless (frame.tables == tables);

  // Written with 16 bits that are not needed
  frame = parse_well (picture (true));
  fail_unless (frame.tables == tables);
  fail_unless (frame.tables.luma.is_8bit ());
  tables = formula_tables (77);
  fail_unless_equals_int (parse_well (picture (true)).q, 77);

  // Values that do need them, in either table
  const char *wide =
      "16-bit quantization tables, which no known receiver reads";
  tables.chroma.values[63] = 256;
  assert_cause (picture (true), DropCause::table_precision, wide);
  tables = formula_tables (77);
  tables.luma.values[0] = 256;
  assert_cause (picture (true), DropCause::table_precision, wide);

  // Nothing can be divided by 0.
  tables = formula_tables (77);
  tables.luma.values[9] = 0;
  assert_cause (
      picture (false), DropCause::malformed, "a quantization step of 0");
  tables = formula_tables (77);
  tables.chroma.values[63] = 0;
  assert_cause (
      picture (true), DropCause::malformed, "a quantization step of 0");

  // One table for all
  Parts shared;
  shared.u_table = shared.v_table = 0;
  frame = parse_well (shared.build ());
  fail_unless_equals_int (frame.q, 255);
  fail_unless (frame.tables.luma == frame.tables.chroma);

  // U and V with a table each, equal or not
  Parts three;
  three.v_table = 2;
  three.extra.dqt (2, formula_tables (50).chroma);
  fail_unless_equals_int (parse_well (three.build ()).q, 50);
  three.extra.dqt (2, formula_tables (51).chroma);
  assert_cause (three.build (), DropCause::chroma_tables,
      "different quantization tables for U and V");

  Parts missing;
  missing.u_table = missing.v_table = 3;
  assert_cause (missing.build (), DropCause::missing_tables,
      "a quantization table that no picture defined");
}
GST_END_TEST;

GST_START_TEST (test_tables_of_earlier_pictures)
{
  FrameParser parser;
  Frame frame;
  auto abbreviated = JpegBuilder ()
                         .soi ()
                         .sof0 (16, 16, test::sampling_420)
                         .sos ()
                         .raw (test::flat_scan (1, 4))
                         .eoi ()
                         .bytes;

  fail_unless (parse (parser, abbreviated, frame) == DropCause::missing_tables);
  fail_if (parse (parser, test::picture (16, 16, test::sampling_420, 33), frame)
               .has_value ());
  fail_if (parse (parser, abbreviated, frame).has_value ());
  fail_unless_equals_int (frame.q, 33);

  // Tables alone
  auto tables = JpegBuilder ()
                    .soi ()
                    .dqt (0, formula_tables (44).luma)
                    .dqt (1, formula_tables (44).chroma)
                    .eoi ()
                    .bytes;
  fail_unless (parse (parser, tables, frame) == DropCause::no_picture);
  fail_if (parse (parser, abbreviated, frame).has_value ());
  fail_unless_equals_int (frame.q, 44);

  // A truncated header does not count.
  auto broken = JpegBuilder ().soi ().dqt (0, formula_tables (5).luma).bytes;
  fail_unless (parse (parser, broken, frame) == DropCause::cut_short);
  fail_if (parse (parser, abbreviated, frame).has_value ());
  fail_unless_equals_int (frame.q, 44);

  parser.reset ();
  fail_unless (parse (parser, abbreviated, frame) == DropCause::missing_tables);
}
GST_END_TEST;

// What a parser finds doesn't depend on whether it has just seen such a header.
GST_START_TEST (test_repeated_headers)
{
  auto picture = test::picture (64, 48, test::sampling_420, 50);
  auto other_scan = test::header (64, 48, test::sampling_420, 50)
                        .raw (test::flat_scan (24, 4))
                        .eoi ()
                        .bytes;
  auto cut = picture;
  cut.resize (cut.size () - 8);
  auto other_table = picture;
  other_table[2 + 4 + 1]++; // a value of the first DQT segment
  auto other_size = test::picture (64, 32, test::sampling_420, 50);
  auto cut_header = picture;
  cut_header.resize (100);
  const ByteVector *sequence[] = {&picture, &picture, &other_scan, &cut,
      &picture, &other_table, &other_table, &picture, &other_size, &picture,
      &cut_header, &picture, &cut, &picture};

  for (auto mode : {TableMode::automatic, TableMode::in_band}) {
    FrameParser parser;
    for (auto bytes : sequence) {
      FrameParser fresh;
      Frame got, wanted;
      auto cause = parse (fresh, *bytes, wanted, mode);
      fail_unless (parse (parser, *bytes, got, mode) == cause);
      fail_unless (cause.has_value () || got == wanted);
    }
  }

  FrameParser parser;
  Frame frame;
  for (unsigned i = 0; i < 2; i++) {
    fail_if (parse (parser, picture, frame).has_value ());
    fail_unless_equals_int (frame.q, 50);
    fail_if (parse (parser, picture, frame, TableMode::in_band).has_value ());
    fail_unless_equals_int (frame.q, 255);
  }
  // In pieces, which the header may span
  for (std::size_t cut_at = 0; cut_at < picture.size (); cut_at++) {
    Bytes whole (picture);
    Bytes pieces[] = {whole.first (cut_at), whole.subspan (cut_at)};
    Frame in_pieces;
    fail_if (parser.parse (pieces, TableMode::in_band, in_pieces).has_value ());
    fail_unless (in_pieces == frame);
  }
}
GST_END_TEST;

GST_START_TEST (test_huffman_tables)
{
  // Under other ids, in any order
  Parts moved;
  moved.sof = marker::sof1;
  moved.y_huffman = 0x32;
  moved.uv_huffman = 0x23;
  moved.extra.dht (0x13, standard_ac_chroma)
      .dht (0x03, standard_dc_luma)
      .dht (0x12, standard_ac_luma)
      .dht (0x02, standard_dc_chroma);
  fail_unless_equals_int (parse_well (moved.build ()).type, 1);

  // Not standard, but not used either
  auto custom = standard_ac_luma;
  std::swap (custom.symbols[3], custom.symbols[4]);
  Parts unused;
  unused.extra.dht (0x13, custom);
  fail_unless_equals_int (parse_well (unused.build ()).type, 1);

  for (std::uint8_t id : {0x00, 0x01, 0x10, 0x11}) {
    Parts parts;
    parts.extra.dht (id, custom);
    assert_cause (
        parts.build (), DropCause::huffman_tables, "custom Huffman tables");
  }
}
GST_END_TEST;

GST_START_TEST (test_not_carriable)
{
  Parts p;
  p.sof = marker::sof2;
  assert_cause (p.build (), DropCause::coding_process, "progressive (SOF2)");
  p.sof = marker::sof9;
  assert_cause (
      p.build (), DropCause::coding_process, "arithmetic coding (SOF9)");
  p.sof = 0xc5;
  assert_cause (p.build (), DropCause::coding_process, "coding process (SOF5)");

  p = {};
  p.sof = marker::sof1;
  p.precision = 12;
  assert_cause (p.build (), DropCause::sample_precision, "12 bits per sample");
  p.sof = marker::sof2;
  assert_cause (p.build (), DropCause::sample_precision, "12 bits per sample");
  p.sof = marker::sof3;
  p.precision = 8;
  assert_cause (p.build (), DropCause::coding_process, "lossless (SOF3)");

  p = {};
  p.y = 0x11;
  assert_cause (
      p.build (), DropCause::sampling, "sampling factors 1x1,1x1,1x1");
  p.y = 0x12;
  assert_cause (
      p.build (), DropCause::sampling, "sampling factors 1x2,1x1,1x1");
  p.y = 0x22;
  p.u = p.v = 0x12;
  assert_cause (
      p.build (), DropCause::sampling, "sampling factors 2x2,1x2,1x2");

  p = {};
  p.height = 0;
  assert_cause (p.build (), DropCause::no_height,
      "a height of 0 (given by a DNL segment after the scan)");

  auto gray = JpegBuilder ()
                  .soi ()
                  .dqt (0, formula_tables (50).luma)
                  .sof (marker::sof0, 16, 16, {{1, 0x11, 0}})
                  .sos ({{1, 0}})
                  .raw ({0, 0})
                  .eoi ();
  assert_cause (gray.bytes, DropCause::color_space, "gray (one component)");
  auto cmyk = JpegBuilder ()
                  .soi ()
                  .sof (marker::sof0, 16, 16,
                      {{1, 0x22, 0}, {2, 0x11, 0}, {3, 0x11, 0}, {4, 0x22, 0}})
                  .sos ({{1, 0}, {2, 0}, {3, 0}, {4, 0}})
                  .raw ({0, 0})
                  .eoi ();
  assert_cause (cmyk.bytes, DropCause::color_space, "4 components");

  auto sequence = JpegBuilder ()
                      .soi ()
                      .sof0 (16, 16, test::sampling_420)
                      .sos ({{1, 0}})
                      .raw ({0, 0})
                      .eoi ();
  assert_cause (sequence.bytes, DropCause::several_scans, "several scans");

  auto order = JpegBuilder ()
                   .soi ()
                   .sof0 (16, 16, test::sampling_420)
                   .sos ({{1, 0}, {3, 0x11}, {2, 0x11}})
                   .raw ({0, 0})
                   .eoi ();
  assert_cause (order.bytes, DropCause::component_order,
      "components in an order other than Y, U, V");
}
GST_END_TEST;

GST_START_TEST (test_color_space)
{
  const ByteVector jfif = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
  const ByteVector adobe_rgb = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
  const char *rgb = "RGB instead of YCbCr";
  auto set_ids = [] (Parts &p, std::uint8_t a, std::uint8_t b, std::uint8_t c) {
    p.ids[0] = a;
    p.ids[1] = b;
    p.ids[2] = c;
  };

  Parts p;
  set_ids (p, 'R', 'G', 'B');
  assert_cause (p.build (), DropCause::color_space, rgb);
  // JFIF is YCbCr by definition.
  p.extra.segment (marker::app0, jfif);
  fail_unless_equals_int (parse_well (p.build ()).type, 1);

  p = {};
  p.extra.segment (marker::app14, adobe_rgb);
  assert_cause (p.build (), DropCause::color_space, rgb);

  for (auto ids : {std::array{0, 1, 2}, {1, 34, 35}, {0, 0, 0}, {255, 7, 1}}) {
    Parts q;
    set_ids (q, static_cast<std::uint8_t> (ids[0]),
        static_cast<std::uint8_t> (ids[1]), static_cast<std::uint8_t> (ids[2]));
    fail_unless_equals_int (parse_well (q.build ()).type, 1);
  }
}
GST_END_TEST;

GST_START_TEST (test_end_of_scan)
{
  auto whole = test::picture (64, 48);
  auto plain = parse_well (whole);

  // Padding, with and without EOI
  for (auto &tail : {ByteVector (3000, 0), ByteVector (3001, 0xff),
           ByteVector (7, 0), ByteVector (40, 0xa5)}) {
    auto padded = whole;
    padded.insert (padded.end (), tail.begin (), tail.end ());
    fail_unless_equals_int (parse_well (padded).scan_size, plain.scan_size);
    padded.erase (
        padded.end () - tail.size () - 2, padded.end () - tail.size ());
    fail_unless_equals_int (parse_well (padded).scan_size, plain.scan_size);
  }

  // Cut anywhere in the scan
  const char *cut_short = "an incomplete scan";
  for (std::size_t size = plain.scan_offset;
       size < plain.scan_offset + plain.scan_size; size++)
    assert_cause (ByteVector (whole.begin (), whole.begin () + size),
        DropCause::cut_short, cut_short);

  // Nothing before EOI
  whole.erase (whole.begin () + plain.scan_offset, whole.end () - 2);
  assert_cause (whole, DropCause::cut_short, cut_short);
}
GST_END_TEST;

// With EOI, but with less than any picture of this size takes.
GST_START_TEST (test_shortest_scan)
{
  for (auto sampling : {test::sampling_420, test::sampling_422}) {
    auto scan = test::flat_scan (
        test::mcu_count (640, 480, sampling), test::luma_blocks (sampling));
    auto jpeg = test::header (640, 480, sampling, 50);
    auto whole = jpeg;
    fail_unless_equals_int (
        parse_well (whole.raw (scan).eoi ().bytes).scan_size, scan.size ());
    scan.pop_back ();
    assert_cause (jpeg.raw (scan).eoi ().bytes, DropCause::cut_short,
        "an incomplete scan");
  }
}
GST_END_TEST;

// The scan ends at the first marker that is not RSTn, whatever follows.
GST_START_TEST (test_trailing_data)
{
  auto whole = test::picture (64, 48);
  auto other = test::picture (320, 240);
  auto plain = parse_well (whole);
  auto without_eoi = ByteVector (whole.begin (), whole.end () - 2);
  auto segment = test::JpegBuilder ().segment (marker::dnl, {0, 48}).bytes;
  auto assert_trailing = [&] (std::initializer_list<const ByteVector *> parts,
                             TrailingData wanted) {
    ByteVector bytes;
    for (auto part : parts)
      bytes.insert (bytes.end (), part->begin (), part->end ());
    FrameParser parser;
    Frame frame;
    // The second time, its header is known.
    for (unsigned i = 0; i < 2; i++) {
      fail_if (parse (parser, bytes, frame).has_value ());
      fail_unless (frame == plain);
      auto &trailing = parser.trailing_data ();
      fail_unless_equals_int (trailing.size, wanted.size);
      fail_unless_equals_int (trailing.has_picture, wanted.has_picture);
    }
    fail_if (parse (parser, whole, frame).has_value ());
    fail_unless_equals_int (parser.trailing_data ().size, 0);
  };

  // The tail of an older picture, another picture, the same twice
  ByteVector tail (other.end () - 100, other.end ());
  assert_trailing ({&whole, &tail}, {.size = 100});
  assert_trailing (
      {&whole, &other}, {.size = other.size (), .has_picture = true});
  assert_trailing (
      {&whole, &whole}, {.size = whole.size (), .has_picture = true});
  assert_trailing (
      {&without_eoi, &other}, {.size = other.size (), .has_picture = true});
  // Padding does not count, nor do segments of the picture's own.
  ByteVector zeros (1000, 0), garbage (40, 0xa5), eoi = {0xff, 0xd9};
  assert_trailing ({&whole, &zeros}, {});
  assert_trailing ({&without_eoi, &zeros}, {});
  assert_trailing ({&whole, &zeros, &tail}, {.size = 100});
  assert_trailing ({&without_eoi, &garbage}, {.size = 40});
  assert_trailing ({&without_eoi, &segment, &eoi}, {});
  assert_trailing ({&without_eoi, &segment, &eoi, &tail}, {.size = 100});

  // Also after pictures that can't be carried
  Parts progressive;
  progressive.sof = marker::sof2;
  auto bytes = progressive.build ();
  bytes.insert (bytes.end (), other.begin (), other.end ());
  FrameParser parser;
  Frame frame;
  fail_unless (parse (parser, bytes, frame) == DropCause::coding_process);
  fail_unless_equals_int (parser.trailing_data ().size, other.size ());

  // A truncated picture, with another after it
  without_eoi.pop_back ();
  without_eoi.insert (without_eoi.end (), other.begin (), other.end ());
  fail_unless (parse (parser, without_eoi, frame) == DropCause::cut_short);
  fail_unless_equals_int (parser.trailing_data ().size, other.size ());
}
GST_END_TEST;

// No payload may contain markers other than the restart markers that the header
// announces.
GST_START_TEST (test_markers_in_scan)
{
  auto with_scan = [] (unsigned interval, const ByteVector &scan) {
    return JpegBuilder ()
        .soi ()
        .dqt (0, formula_tables (50).luma)
        .dqt (1, formula_tables (50).chroma)
        .sof0 (64, 48, test::sampling_420)
        .dri (interval)
        .sos ()
        .raw (scan)
        .eoi ()
        .bytes;
  };
  auto assert_malformed = [&] (unsigned interval, const ByteVector &scan,
                              const char *fault) {
    assert_cause (with_scan (interval, scan), DropCause::malformed, fault);
  };
  auto marked = test::flat_scan (12, 4, 4);
  auto plain = test::flat_scan (12, 4);

  assert_malformed (0, marked, "2 restart markers instead of 0");
  assert_malformed (12, marked, "2 restart markers instead of 0");
  assert_malformed (3, marked, "2 restart markers instead of 3");
  assert_malformed (4, plain, "0 restart markers instead of 2");
  auto swapped = marked;
  for (auto &byte : swapped) {
    if (byte == marker::rst0 || byte == marker::rst0 + 1)
      byte ^= 1;
  }
  assert_malformed (4, swapped, "restart markers out of order");
  // One after the last interval ends nothing.
  auto closed = marked;
  closed.insert (closed.end (), {0xff, marker::rst0 + 2});
  fail_unless (
      parse_well (with_scan (4, closed)) == parse_well (with_scan (4, marked)));

  // Without EOI, the codes tell whether the picture is whole: not with bytes
  // that belong to no MCU.
  auto without_eoi = with_scan (4, marked);
  without_eoi.resize (without_eoi.size () - 2);
  parse_well (without_eoi);
  without_eoi.insert (without_eoi.end () - marked.size () + 16, 0x55);
  assert_cause (without_eoi, DropCause::cut_short, "an incomplete scan");

  for (std::uint8_t code : {0x01, 0x5c, 0xc4, 0xdd, 0xe0}) {
    auto broken = plain;
    broken[20] = 0xff;
    broken[21] = code;
    assert_malformed (0, broken, "a marker inside the scan");
  }
}
GST_END_TEST;

GST_START_TEST (test_interlaced)
{
  Parts field;
  field.extra.segment (marker::app0, {'A', 'V', 'I', '1', 1});
  auto bytes = field.build ();

  fail_unless_equals_int (parse_well (bytes).type, 1);
  field = {};
  field.extra.segment (marker::app0, {'A', 'V', 'I', '1', 2});
  auto second = field.build ();
  bytes.insert (bytes.end (), second.begin (), second.end ());
  const char *fields = "two fields of an interlaced picture";
  assert_cause (bytes, DropCause::interlaced, fields);

  // Without EOI between them, and if RFC 2435 could not carry them anyway
  field = {};
  field.extra.segment (marker::app0, {'A', 'V', 'I', '1', 1});
  bytes = field.build ();
  bytes.resize (bytes.size () - 2);
  bytes.insert (bytes.end (), second.begin (), second.end ());
  assert_cause (bytes, DropCause::interlaced, fields);
  field.extra.dht (0x10, standard_ac_chroma);
  bytes = field.build ();
  assert_cause (bytes, DropCause::huffman_tables, "custom Huffman tables");
  bytes.insert (bytes.end (), second.begin (), second.end ());
  assert_cause (bytes, DropCause::interlaced, fields);
}
GST_END_TEST;

GST_START_TEST (test_scan_size)
{
  auto jpeg = test::header (16, 16, test::sampling_420, 50);
  jpeg.raw (ByteVector (MainHeader::max_fragment_offset - 2, 0)).eoi ();
  fail_unless_equals_int (
      parse_well (jpeg.bytes).data_size (), MainHeader::max_fragment_offset);

  jpeg = test::header (16, 16, test::sampling_420, 50);
  jpeg.raw (ByteVector (MainHeader::max_fragment_offset - 1, 0)).eoi ();
  assert_cause (
      jpeg.bytes, DropCause::scan_size, "a scan larger than 16777213 bytes");
}
GST_END_TEST;

static Suite *
frame_suite ()
{
  auto suite = suite_create ("frame");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_types);
  tcase_add_test (tc, test_restart_interval);
  tcase_add_test (tc, test_tables);
  tcase_add_test (tc, test_tables_of_earlier_pictures);
  tcase_add_test (tc, test_repeated_headers);
  tcase_add_test (tc, test_huffman_tables);
  tcase_add_test (tc, test_not_carriable);
  tcase_add_test (tc, test_color_space);
  tcase_add_test (tc, test_end_of_scan);
  tcase_add_test (tc, test_shortest_scan);
  tcase_add_test (tc, test_trailing_data);
  tcase_add_test (tc, test_markers_in_scan);
  tcase_add_test (tc, test_interlaced);
  tcase_add_test (tc, test_scan_size);

  return suite;
}

GST_CHECK_MAIN (frame)
