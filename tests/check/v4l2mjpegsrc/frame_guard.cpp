// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_guard.h"

#include "jpeg_builder.h"

#include <gst/check/gstcheck.h>

#include <vector>

using namespace v4l2mjpeg;

namespace {

using Frame = std::vector<std::uint8_t>;

// Markers at both ends, and bytes in between that are neither.
Frame
good_frame (std::size_t size = 10000)
{
  Frame frame (size, 0x55);
  frame[0] = 0xff;
  frame[1] = 0xd8;
  frame[size - 2] = 0xff;
  frame[size - 1] = 0xd9;
  return frame;
}

Frame
cut (Frame frame, std::size_t size)
{
  frame.resize (size);
  return frame;
}

Frame
padded (Frame frame, std::size_t size, std::uint8_t byte)
{
  frame.insert (frame.end (), size, byte);
  return frame;
}

// In a block of exactly its size, so that a sanitizer or valgrind detects reads
// past the end.
std::optional<DropCause>
check (FrameGuard &guard, const Frame &frame, bool corrupted = false)
{
  Frame copy (frame);
  copy.shrink_to_fit ();
  return guard.check (copy, corrupted);
}

std::optional<DropCause>
check (const Frame &frame, bool corrupted = false)
{
  FrameGuard guard;
  guard.start ("1d6b:0102");
  return check (guard, frame, corrupted);
}

} // namespace

GST_START_TEST (test_verdicts)
{
  fail_unless (check (good_frame ()) == std::nullopt);
  fail_unless (check (good_frame (4)) == std::nullopt);
  fail_unless (check (good_frame (), true) == DropCause::corrupted);
  fail_unless (check ({}) == DropCause::empty);
  fail_unless (check ({}, true) == DropCause::empty);
  fail_unless (check (Frame (10000, 0)) == DropCause::not_jpeg);
  for (std::size_t size = 1; size < 4; size++)
    fail_unless (check (cut (good_frame (), size)) == DropCause::not_jpeg);
  fail_unless (check (cut (good_frame (), 4)) == DropCause::cut_short);
  fail_unless (check (cut (good_frame (), 5000)) == DropCause::cut_short);
  fail_unless (check (cut (good_frame (), 9999)) == DropCause::cut_short);
  // The second half of SOI.
  auto frame = good_frame ();
  frame[1] = 0xd9;
  fail_unless (check (frame) == DropCause::not_jpeg);
}
GST_END_TEST;

// A picture of 640x480 like that of a camera. `busy` ones are different and
// longer.
static Frame
real_frame (bool busy)
{
  auto jpeg = test::header (640, 480, test::sampling_420, 50);
  auto mcus = test::mcu_count (640, 480, test::sampling_420);
  test::BitWriter bits;
  for (unsigned mcu = 0; mcu < mcus; mcu++) {
    for (unsigned block = 0; block < 4; block++)
      busy ? bits.put (0b010'1'1010, 8) : bits.put (0b00'1010, 6);
    for (unsigned block = 0; block < 2; block++)
      busy ? bits.put (0b01'1'00, 5) : bits.put (0b00'00, 4);
  }
  jpeg.raw (bits.take ());
  return jpeg.eoi ().bytes;
}

GST_START_TEST (test_padding)
{
  // Any length of zeros or rubbish.
  for (const auto &frame : {good_frame (), real_frame (false)})
    for (std::size_t size : {1, 2, 3, 4, 4096, 100000}) {
      fail_unless (check (padded (frame, size, 0)) == std::nullopt);
      fail_unless (check (padded (frame, size, 0xaa)) == std::nullopt);
      fail_unless (check (padded (frame, size, 0xff)) == std::nullopt);
    }
  fail_unless (check (padded (padded (good_frame (), 100, 0xaa), 5000, 0)) ==
               std::nullopt);
  // Zeros instead of the second half.
  fail_unless (check (padded (cut (good_frame (), 5000), 5000, 0)) ==
               DropCause::cut_short);
  fail_unless (check (padded ({0xff, 0xd8}, 5000, 0)) == DropCause::cut_short);
  // Bytes that libjpeg would call extraneous, between the last MCU and EOI.
  auto frame = real_frame (false);
  frame.insert (frame.end () - 2, 10, 0x55);
  fail_unless (check (padded (frame, 100, 0xaa)) == std::nullopt);
}
GST_END_TEST;

// A driver's buffer still contains what was there before: part of an older,
// longer picture after one that was cut.
GST_START_TEST (test_stale_bytes)
{
  auto stale = real_frame (true);
  auto buffer = padded (stale, 2000, 0);
  for (std::size_t size : {1000, 2000, 3000}) {
    auto half = cut (real_frame (false), size);
    half.insert (half.end (),
        buffer.begin () + static_cast<std::ptrdiff_t> (size), buffer.end ());
    fail_unless (check (half) == DropCause::cut_short);
  }
  // After a complete picture, they do no harm.
  auto whole = real_frame (false);
  whole.insert (whole.end (),
      buffer.begin () + static_cast<std::ptrdiff_t> (whole.size ()),
      buffer.end ());
  fail_unless (check (whole) == std::nullopt);
  // An older picture from its start
  auto half = cut (real_frame (false), 2000);
  half.insert (half.end (), buffer.begin (), buffer.end ());
  fail_unless (check (half) == DropCause::cut_short);
}
GST_END_TEST;

GST_START_TEST (test_warm_up)
{
  FrameGuard guard;
  for (auto model : {"046d:082d", "046d:0892", "046d:08e5", "046d:0843"}) {
    guard.start (model);
    fail_unless (check (guard, good_frame ()) == DropCause::warm_up);
    fail_unless (check (guard, good_frame ()) == std::nullopt);
    // Again for each stream; a frame that is broken anyway is counted as
    // broken.
    guard.start (model);
    fail_unless (check (guard, {}) == DropCause::empty);
    fail_unless (check (guard, good_frame ()) == std::nullopt);
  }
  fail_unless (warm_up_frames ("046d:085c") == 0);
  fail_unless (warm_up_frames ("") == 0);
}
GST_END_TEST;

GST_START_TEST (test_camera_without_eoi)
{
  FrameGuard guard;
  auto frame = cut (good_frame (), 9998);
  guard.start ("");
  for (unsigned i = 0; i < FrameGuard::eoi_patience; i++)
    fail_unless (check (guard, frame) == DropCause::cut_short);
  fail_unless (guard.eoi_expected ());
  fail_unless (check (guard, frame) == std::nullopt);
  fail_if (guard.eoi_expected ());
  // It does write it, after all.
  fail_unless (check (guard, good_frame ()) == std::nullopt);
  fail_unless (guard.eoi_expected ());
  fail_unless (check (guard, frame) == DropCause::cut_short);
}
GST_END_TEST;

// However many frames are cut, one complete frame shows that the camera writes
// EOI.
GST_START_TEST (test_mostly_truncated)
{
  FrameGuard guard;
  guard.start ("");
  fail_unless (check (guard, good_frame ()) == std::nullopt);
  for (unsigned i = 0; i < 2 * FrameGuard::eoi_patience; i++)
    fail_unless (
        check (guard, cut (good_frame (), 9000)) == DropCause::cut_short);
}
GST_END_TEST;

static Suite *
frame_guard_suite ()
{
  auto suite = suite_create ("frame_guard");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_verdicts);
  tcase_add_test (tc, test_padding);
  tcase_add_test (tc, test_stale_bytes);
  tcase_add_test (tc, test_warm_up);
  tcase_add_test (tc, test_camera_without_eoi);
  tcase_add_test (tc, test_mostly_truncated);

  return suite;
}

GST_CHECK_MAIN (frame_guard)
