// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "exif_orientation.h"

#include "exif_builder.h"
#include "pieces.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using ByteVector = std::vector<std::uint8_t>;

static void
assert_orientation (const ByteVector &payload, std::uint8_t wanted)
{
  // Bytes after the segment don't belong to it.
  auto bytes = payload;
  bytes.insert (bytes.end (), 40, 3);
  test::for_each_cut (bytes, [&] (const ByteReader &reader) {
    fail_unless_equals_int (exif_orientation (reader, payload.size ()), wanted);
  });
}

GST_START_TEST (test_orientations)
{
  for (std::uint8_t i = 1; i <= 8; i++) {
    assert_orientation (test::exif (i, true), i);
    assert_orientation (test::exif (i, false), i);
  }
  for (std::uint8_t i : {0, 9, 255})
    assert_orientation (test::exif (i, true), 0);
}
GST_END_TEST;

GST_START_TEST (test_broken)
{
  const auto whole = test::exif (6, true);
  // Cut anywhere
  for (std::size_t size = 0; size < whole.size (); size++)
    fail_unless_equals_int (
        exif_orientation (
            ByteReader (std::array{Bytes (whole).first (size)}), size),
        // The entry is enough, without the next directory's offset after it.
        size >= whole.size () - 4 ? 6 : 0);

  auto with = [&] (std::size_t at, std::uint8_t value) {
    auto bytes = whole;
    bytes[at] = value;
    return bytes;
  };
  assert_orientation (with (0, 'e'), 0);  // another name
  assert_orientation (with (6, 'M'), 0);  // no byte order
  assert_orientation (with (8, 43), 0);   // no TIFF
  assert_orientation (with (10, 7), 0);   // a directory within the header
  assert_orientation (with (10, 200), 0); // and beyond the end
  assert_orientation (with (13, 255), 0);
  assert_orientation (with (14, 0), 0); // no entries
  assert_orientation (with (28, 0), 0); // another tag
  assert_orientation (with (30, 4), 0); // another type
  assert_orientation (with (32, 2), 0); // two of them
}
GST_END_TEST;

static Suite *
exif_orientation_suite ()
{
  auto suite = suite_create ("exif_orientation");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_orientations);
  tcase_add_test (tc, test_broken);

  return suite;
}

GST_CHECK_MAIN (exif_orientation)
