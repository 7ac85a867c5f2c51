// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_header.h"

#include "jpeg_builder.h"

#include <gst/check/gstcheck.h>

#include <string>

using namespace rfc2435;
using test::ByteVector;

static ReceivedFrame
frame_of (std::uint8_t type, std::uint8_t q)
{
  ReceivedFrame frame;
  frame.header = {
      .type = type, .q = q, .width_blocks = 40, .height_blocks = 30};
  frame.restart_interval = type >= type_restart_markers ? 7 : 0;
  frame.has_begin = true;
  frame.follows_directly = true;
  return frame;
}

static void
assert_cause (std::optional<DropCause> cause, std::optional<DropCause> expected)
{
  fail_unless (cause == expected, "%s instead of %s",
      cause ? text (*cause).name : "none",
      expected ? text (*expected).name : "none");
}

static QuantizationTables
tables_of (const HeaderBuilder &builder)
{
  auto &tables = builder.header ().tables;
  return {*tables.quantization[0], *tables.quantization[1]};
}

static void
assert_size (const HeaderBuilder &builder, unsigned width, unsigned height)
{
  fail_unless_equals_int (builder.header ().jpeg.width, width);
  fail_unless_equals_int (builder.header ().jpeg.height, height);
}

GST_START_TEST (test_types)
{
  for (std::uint8_t type : {0, 1, 64, 65}) {
    HeaderBuilder builder;
    assert_cause (builder.build (frame_of (type, 50), {}), std::nullopt);
    auto &jpeg = builder.header ().jpeg;
    fail_unless_equals_int (jpeg.sof, marker::sof0);
    assert_size (builder, 320, 240);
    fail_unless_equals_int (jpeg.component_count, 3);
    fail_unless_equals_int (jpeg.components[0].horizontal_sampling, 2);
    fail_unless_equals_int (
        jpeg.components[0].vertical_sampling, type % 64 == 0 ? 1 : 2);
    fail_unless_equals_int (jpeg.restart_interval, type >= 64 ? 7 : 0);
    fail_unless (tables_of (builder) == formula_tables (50));
    // Those of RFC 2435 appendix B
    fail_unless (builder.header ().tables.dc[0] == standard_dc_luma);
    fail_unless (builder.header ().tables.ac[1] == standard_ac_chroma);
  }
}
GST_END_TEST;

// Everything that a header depends on changes, one thing at a time.
GST_START_TEST (test_changes)
{
  HeaderBuilder builder;
  auto frame = frame_of (64, 50);
  std::vector<ByteVector> headers;
  auto build = [&] {
    assert_cause (builder.build (frame, {}), std::nullopt);
    headers.push_back (builder.header ().bytes);
  };
  build ();
  build ();
  fail_unless (headers[0] == headers[1]);
  frame.restart_interval = 8;
  build ();
  fail_unless_equals_int (builder.header ().jpeg.restart_interval, 8);
  frame.header.q = 51;
  build ();
  fail_unless (tables_of (builder) == formula_tables (51));
  frame.header.type = 65;
  build ();
  fail_unless_equals_int (
      builder.header ().jpeg.components[0].vertical_sampling, 2);
  frame.header.height_blocks = 31;
  build ();
  assert_size (builder, 320, 248);
  for (std::size_t i = 2; i < headers.size (); i++)
    fail_unless (headers[i] != headers[i - 1]);
}
GST_END_TEST;

GST_START_TEST (test_dimensions)
{
  HeaderBuilder builder;
  HeaderBuilder::Settings settings = {.dimensions = {4000, 3000}};
  auto frame = frame_of (1, 50);
  assert_cause (builder.build (frame, settings), std::nullopt);
  // The dimensions in packets take precedence.
  assert_size (builder, 320, 240);
  frame.header.width_blocks = 0;
  assert_cause (builder.build (frame, settings), std::nullopt);
  assert_size (builder, 4000, 240);
  frame.header.height_blocks = 0;
  assert_cause (builder.build (frame, settings), std::nullopt);
  assert_size (builder, 4000, 3000);
  assert_cause (builder.build (frame, {}), DropCause::no_dimensions);
  settings.max_pixels = 4000 * 3000 - 1;
  assert_cause (builder.build (frame, settings), DropCause::too_large);
  settings = {.dimensions = {65535, 65535}};
  assert_cause (builder.build (frame, settings), DropCause::too_large);
}
GST_END_TEST;

// RFC 2435 section 3.1.8
GST_START_TEST (test_tables_by_q)
{
  HeaderBuilder builder;
  auto build = [&] (std::uint8_t q, int tables = -1) {
    auto frame = frame_of (1, q);
    if (tables >= 0)
      frame.tables = formula_tables (static_cast<unsigned> (tables));
    return builder.build (frame, {});
  };
  assert_cause (build (0), DropCause::missing_tables);
  assert_cause (build (128), DropCause::missing_tables);
  assert_cause (build (128, 20), std::nullopt);
  assert_cause (build (254, 30), std::nullopt);
  // Length 0
  assert_cause (build (128), std::nullopt);
  fail_unless (tables_of (builder) == formula_tables (20));
  assert_cause (build (129), DropCause::missing_tables);
  assert_cause (build (254), std::nullopt);
  fail_unless (tables_of (builder) == formula_tables (30));
  // Tables that are sent again may have changed.
  assert_cause (build (128, 40), std::nullopt);
  assert_cause (build (128), std::nullopt);
  fail_unless (tables_of (builder) == formula_tables (40));
  builder.reset ();
  assert_cause (build (128), DropCause::missing_tables);
}
GST_END_TEST;

// Lost tables with Q 255 are replaced by those of the last two frames, if these
// had the same ones.
GST_START_TEST (test_changing_tables)
{
  HeaderBuilder builder;
  auto build = [&] (int tables, bool has_begin) {
    auto frame = frame_of (1, 255);
    frame.has_begin = has_begin;
    if (tables >= 0)
      frame.tables = formula_tables (static_cast<unsigned> (tables));
    return builder.build (frame, {});
  };
  constexpr auto missing = DropCause::missing_tables;
  assert_cause (build (-1, false), missing);
  assert_cause (build (50, true), std::nullopt);
  assert_cause (build (-1, false), missing);
  assert_cause (build (50, true), std::nullopt);
  assert_cause (build (-1, false), std::nullopt);
  fail_unless (tables_of (builder) == formula_tables (50));
  // If the first packet has arrived, it should have contained tables.
  assert_cause (build (-1, true), missing);
  assert_cause (build (60, true), std::nullopt);
  assert_cause (build (-1, false), missing);
  assert_cause (build (60, true), std::nullopt);
  assert_cause (build (-1, false), std::nullopt);
  fail_unless (tables_of (builder) == formula_tables (60));
}
GST_END_TEST;

GST_START_TEST (test_wide_tables)
{
  HeaderBuilder builder;
  auto frame = frame_of (1, 255);
  frame.tables = formula_tables (50);
  frame.tables->chroma.values[63] = 256;
  assert_cause (builder.build (frame, {}), std::nullopt);
  fail_unless (tables_of (builder) == *frame.tables);
  fail_unless_equals_int (builder.header ().jpeg.sof, marker::sof1);
}
GST_END_TEST;

static ReceivedFrame
onvif_frame (const test::JpegBuilder &segments)
{
  auto frame = frame_of (64, 0);
  frame.header.width_blocks = frame.header.height_blocks = 0;
  frame.segments = segments.bytes;
  return frame;
}

// ONVIF Streaming Specification, JPEG over RTP
GST_START_TEST (test_segments)
{
  HeaderBuilder builder;
  auto tables = formula_tables (33);
  auto dqt = test::JpegBuilder ().dqt (0, tables.luma).dqt (1, tables.chroma);
  auto all = dqt;
  all.raw ({0xff, 0xff, 0xff}).dri (3).sof0 (6000, 2000, 0x21).raw ({0xff});
  assert_cause (builder.build (onvif_frame (all), {}), std::nullopt);
  assert_size (builder, 6000, 2000);
  // Segments take precedence over the packets' headers.
  fail_unless_equals_int (builder.header ().jpeg.restart_interval, 3);
  fail_unless (tables_of (builder) == tables);

  // Q 0 and no size refer to the previous frame.
  auto next = onvif_frame (test::JpegBuilder ().sof0 (640, 480, 0x22));
  next.restart_interval = 5;
  assert_cause (builder.build (next, {}), std::nullopt);
  assert_size (builder, 640, 480);
  fail_unless (tables_of (builder) == tables);
  fail_unless_equals_int (builder.header ().jpeg.restart_interval, 5);
  assert_cause (builder.build (onvif_frame (dqt), {}), std::nullopt);
  assert_size (builder, 640, 480);

  // Everything, up to the scan
  auto with_sos = all;
  with_sos.bytes.pop_back ();
  with_sos.standard_dht ().sos ().raw ({0xff, 0xff});
  assert_cause (builder.build (onvif_frame (with_sos), {}), std::nullopt);
  assert_size (builder, 6000, 2000);

  assert_cause (builder.build (onvif_frame (all), {.max_pixels = 11'999'999}),
      DropCause::too_large);
  assert_cause (builder.build (onvif_frame (all), {.max_pixels = 12'000'000}),
      std::nullopt);
}
GST_END_TEST;

GST_START_TEST (test_broken_segments)
{
  auto tables = formula_tables (33);
  auto dqt = test::JpegBuilder ().dqt (0, tables.luma).dqt (1, tables.chroma);
  auto cut = dqt;
  cut.bytes.pop_back ();
  auto expect = [] (DropCause cause, const test::JpegBuilder &segments) {
    HeaderBuilder builder;
    assert_cause (builder.build (onvif_frame (segments), {}), cause);
  };
  expect (DropCause::malformed, cut);
  expect (DropCause::malformed, test::JpegBuilder ().raw ({1, 2, 3, 4}));
  expect (DropCause::malformed, test::JpegBuilder ().raw ({0xff, 0xdb, 0, 1}));
  expect (DropCause::malformed, test::JpegBuilder ().raw ({0xff, 0xdb, 0}));
  expect (DropCause::no_dimensions, dqt);
  expect (DropCause::missing_tables,
      test::JpegBuilder ().sof0 (640, 480, test::sampling_420));
  auto half = test::JpegBuilder ().dqt (0, tables.luma);
  expect (DropCause::missing_tables, half.sof0 (640, 480, test::sampling_420));
}
GST_END_TEST;

// Segments that were lost with a frame's first packet are replaced by those of
// the previous frame. If nothing was lost, there are none any more.
GST_START_TEST (test_lost_segments)
{
  HeaderBuilder builder;
  auto tables = formula_tables (33);
  auto segments = test::JpegBuilder ()
                      .dqt (0, tables.luma)
                      .dqt (1, tables.chroma)
                      .sof0 (6000, 2000, 0x21);
  assert_cause (builder.build (onvif_frame (segments), {}), std::nullopt);
  auto lost = frame_of (64, 50);
  lost.follows_directly = false;
  assert_cause (builder.build (lost, {}), std::nullopt);
  assert_size (builder, 6000, 2000);
  assert_cause (builder.build (frame_of (64, 50), {}), std::nullopt);
  assert_size (builder, 320, 240);
  assert_cause (builder.build (lost, {}), std::nullopt);
  assert_size (builder, 320, 240);
}
GST_END_TEST;

static Suite *
picture_header_suite ()
{
  auto suite = suite_create ("picture_header");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_types);
  tcase_add_test (tc, test_changes);
  tcase_add_test (tc, test_dimensions);
  tcase_add_test (tc, test_tables_by_q);
  tcase_add_test (tc, test_changing_tables);
  tcase_add_test (tc, test_wide_tables);
  tcase_add_test (tc, test_segments);
  tcase_add_test (tc, test_broken_segments);
  tcase_add_test (tc, test_lost_segments);

  return suite;
}

GST_CHECK_MAIN (picture_header)
