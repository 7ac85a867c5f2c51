// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Frames of arbitrary bytes, judged by the guard and by a naive implementation
// of the same rules.

#include "check.h"
#include "frame_guard.h"

#include <algorithm>

using v4l2mjpeg::DropCause;
using v4l2mjpeg::FrameGuard;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

using Bytes = std::span<const std::uint8_t>;

enum class Ending { with_eoi, without_eoi, unclear };

// Byte by byte. With EOI at the very end, apart from alignment, the picture is
// complete; without any EOI, it is not; otherwise, only its codes can decide.
Ending
ending_of (Bytes frame)
{
  std::size_t end = frame.size ();
  for (std::size_t i = 0; i < FrameGuard::alignment; i++)
    end -= end > 0 && frame[end - 1] == 0;
  bool found = false;
  for (std::size_t i = 0; i + 1 < frame.size (); i++) {
    bool eoi = frame[i] == 0xff && frame[i + 1] == 0xd9;
    if (eoi && i + 2 == end)
      return Ending::with_eoi;
    found |= eoi;
  }
  return found ? Ending::unclear : Ending::without_eoi;
}

// Must hold whatever the guard knows about earlier frames.
void
check_verdict (Bytes frame, bool corrupted, bool first_is_bad,
    const FrameGuard &guard, std::optional<DropCause> verdict)
{
  bool starts = frame.size () >= 4 && frame[0] == 0xff && frame[1] == 0xd8;
  std::optional<DropCause> expected;

  if (frame.empty ())
    expected = DropCause::empty;
  else if (corrupted)
    expected = DropCause::corrupted;
  else if (!starts)
    expected = DropCause::not_jpeg;
  else if (ending_of (frame) == Ending::without_eoi && guard.eoi_expected ())
    expected = DropCause::cut_short;
  else if (first_is_bad && verdict != DropCause::cut_short)
    expected = DropCause::warm_up;
  if (!expected && verdict == DropCause::cut_short)
    CHECK (ending_of (frame) == Ending::unclear);
  else
    CHECK (verdict == expected);
}

} // namespace

// The first byte chooses the camera. Each frame has its size in 12 bits, a bit
// that says whether the driver found it corrupted, and three that say how often
// it is repeated.
int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  if (n < 1)
    return 0;
  bool first_is_bad = data[0] & 1;
  FrameGuard guard;
  guard.start (first_is_bad ? "046d:082d" : "1234:5678");

  for (Bytes rest = {data + 1, n - 1}; rest.size () >= 2;) {
    std::size_t size = (rest[0] & 15) << 8 | rest[1];
    bool corrupted = rest[0] & 16;
    unsigned times = 1u << (rest[0] >> 5 & 7);
    rest = rest.subspan (2);
    auto frame = rest.first (std::min (size, rest.size ()));
    rest = rest.subspan (frame.size ());
    for (; times > 0; times--) {
      auto verdict = guard.check (frame, corrupted);
      check_verdict (frame, corrupted, first_is_bad, guard, verdict);
      first_is_bad = false;
    }
  }
  return 0;
}
