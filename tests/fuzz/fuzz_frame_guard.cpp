// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Frames of any bytes, one after the other, judged by the guard and by a plain
// reading of what it promises.

#include "check.h"
#include "frame_guard.h"

#include <algorithm>

using v4l2mjpeg::DropCause;
using v4l2mjpeg::FrameGuard;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

using Bytes = std::span<const std::uint8_t>;

// Byte by byte, from the front.
bool
has_eoi_at_end (Bytes frame)
{
  std::size_t end = 0; // behind the last byte that is not zero
  for (std::size_t i = 0; i < frame.size (); i++) {
    if (frame[i] != 0)
      end = i + 1;
  }
  bool found = false;
  for (std::size_t i = 0; i + 1 < end; i++) {
    bool in_tail = end - i <= FrameGuard::tail_size;
    found |= in_tail && frame[i] == 0xff && frame[i + 1] == 0xd9;
  }
  return found;
}

// Whatever the guard knows of the frames before.
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
  else if (!has_eoi_at_end (frame) && guard.eoi_expected ())
    expected = DropCause::cut_short;
  else if (first_is_bad)
    expected = DropCause::warm_up;
  CHECK (verdict == expected);
}

} // namespace

// The first byte chooses the camera; each frame has its size in 12 bits, a bit
// whether the driver found it corrupted, and three that say how often it comes.
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
