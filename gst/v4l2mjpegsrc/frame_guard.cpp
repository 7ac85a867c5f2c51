// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_guard.h"

#include <algorithm>

namespace v4l2mjpeg {

namespace {

constexpr std::uint8_t eoi[] = {0xff, 0xd9};

// Neither marker can be part of the entropy-coded data before it, where 0xff
// is followed by 0 or RSTn (ITU-T T.81 B.1.1.5), so EOI found near the end is
// the end of the picture.
bool
ends_with_eoi (std::span<const std::uint8_t> frame)
{
  if (std::equal (std::begin (eoi), std::end (eoi), frame.end () - 2))
    return true;
  // Some cameras always fill the driver's whole buffer, with zeros.
  while (frame.size () > 2 && frame.back () == 0)
    frame = frame.first (frame.size () - 1);
  auto tail = frame.last (std::min (frame.size (), FrameGuard::tail_size));
  return std::find_end (tail.begin (), tail.end (), std::begin (eoi),
             std::end (eoi)) != tail.end ();
}

} // namespace

unsigned
warm_up_frames (const std::string &model)
{
  // Logitech C920 (three revisions) and C930e: the first frame is damaged,
  // with both its markers in place.
  for (auto known : {"046d:082d", "046d:0892", "046d:08e5", "046d:0843"})
    if (model == known)
      return 1;
  return 0;
}

void
FrameGuard::start (const std::string &model)
{
  *this = {};
  warm_up_left_ = warm_up_frames (model);
}

std::optional<DropCause>
FrameGuard::check (std::span<const std::uint8_t> frame, bool corrupted)
{
  bool warm_up = warm_up_left_ > 0;
  if (warm_up)
    warm_up_left_--;

  if (frame.empty ())
    return DropCause::empty;
  if (corrupted)
    return DropCause::corrupted;
  if (frame.size () < 4 || frame[0] != 0xff || frame[1] != 0xd8)
    return DropCause::not_jpeg;
  if (!eoi_seen_ && without_eoi_ == eoi_patience)
    eoi_expected_ = false;
  if (ends_with_eoi (frame)) {
    eoi_seen_ = true;
    eoi_expected_ = true;
  } else {
    without_eoi_ += without_eoi_ < eoi_patience;
    if (eoi_expected_)
      return DropCause::cut_short;
  }
  if (warm_up)
    return DropCause::warm_up;
  return std::nullopt;
}

} // namespace v4l2mjpeg
