// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_end.h"

#include "jpeg_builder.h"
#include "pieces.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

static void
assert_behind_eoi (const ByteVector &bytes, TrailingData wanted)
{
  test::for_each_cut (bytes, [&] (const ByteReader &reader) {
    auto found = data_behind_eoi (reader);
    fail_unless_equals_int (found.size, wanted.size);
    fail_unless_equals_int (found.has_picture, wanted.has_picture);
  });
}

static void
assert_behind_picture (const ByteVector &bytes, TrailingData wanted)
{
  test::for_each_cut (bytes, [&] (const ByteReader &reader) {
    auto found = data_behind_picture (reader);
    fail_unless_equals_int (found.size, wanted.size);
    fail_unless_equals_int (found.has_picture, wanted.has_picture);
  });
}

GST_START_TEST (test_behind_eoi)
{
  // Nothing, or padding
  assert_behind_eoi ({}, {});
  assert_behind_eoi (ByteVector (70, 0), {});
  assert_behind_eoi (ByteVector (70, 0xff), {});
  assert_behind_eoi ({0, 0, 0, 0xff, 0xff}, {});

  assert_behind_eoi ({1}, {.size = 1});
  assert_behind_eoi ({'\r', '\n'}, {.size = 2});
  assert_behind_eoi ({0, 0, 0, 7, 0, 0}, {.size = 3});
  // The tail of an older picture, and another picture
  assert_behind_eoi ({1, 2, 0xff, 0, 0xff, 0xd9}, {.size = 6});
  assert_behind_eoi ({0xff, 0xd8, 1}, {.size = 3, .has_picture = true});
  assert_behind_eoi (
      {0, 0xff, 0xff, 0xd8, 1}, {.size = 4, .has_picture = true});
  assert_behind_eoi (
      {1, 0xff, 0xd9, 0, 0xff, 0xd8}, {.size = 6, .has_picture = true});
  assert_behind_eoi ({0xff, 0, 0xd8}, {.size = 3});
}
GST_END_TEST;

GST_START_TEST (test_behind_picture)
{
  // No end, no more data
  assert_behind_picture ({}, {});
  assert_behind_picture ({1, 2, 3, 0xff}, {});
  assert_behind_picture ({1, 2, 0xff, 0xd9}, {});
  assert_behind_picture ({1, 0xff, 0xd9, 0, 0}, {});
  assert_behind_picture ({1, 0xff, 0xd9, 5, 0}, {.size = 2});
  // Without EOI
  assert_behind_picture (
      {1, 2, 0xff, 0xd8, 0xff}, {.size = 3, .has_picture = true});

  // Restart markers, and bytes in segments that look like markers, are skipped.
  assert_behind_picture (
      {1, 0xff, 0xd0, 2, 0xff, 0xd1, 0xff, 0xd9, 5}, {.size = 1});
  auto scans = test::JpegBuilder ()
                   .raw ({1, 0xff, 0, 2})
                   .segment (marker::dht, {0xff, 0xd9, 0xff, 0xd8})
                   .sos ({{2, 0}})
                   .raw ({3, 4})
                   .segment (marker::dnl, {0, 8})
                   .eoi ();
  assert_behind_picture (scans.bytes, {});
  assert_behind_picture (scans.soi ().bytes, {.size = 2, .has_picture = true});
  // A segment that breaks off, and none at all
  assert_behind_picture ({0xff, 0xc4, 0, 9, 0xff, 0xd9, 1}, {});
  assert_behind_picture ({0xff, 0xc4, 0, 0, 0xff, 0xd9, 1}, {.size = 1});
  assert_behind_picture ({0xff, 0xc4, 0}, {});
}
GST_END_TEST;

GST_START_TEST (test_interlaced)
{
  JpegHeader header;
  TrailingData another = {.size = 9, .has_picture = true};

  fail_if (is_interlaced (header, another));
  header.has_fields = true;
  fail_unless (is_interlaced (header, another));
  fail_if (is_interlaced (header, {.size = 9}));
}
GST_END_TEST;

static Suite *
picture_end_suite ()
{
  auto suite = suite_create ("picture_end");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_behind_eoi);
  tcase_add_test (tc, test_behind_picture);
  tcase_add_test (tc, test_interlaced);

  return suite;
}

GST_CHECK_MAIN (picture_end)
