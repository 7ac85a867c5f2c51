// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_guard.h"

#include "jpeg_header.h"
#include "jpeg_markers.h"
#include "scan_end.h"

#include <algorithm>

namespace v4l2mjpeg {

namespace {

using rfc2435::ByteReader;
using rfc2435::Bytes;
using rfc2435::JpegHeader;
using rfc2435::JpegTables;

constexpr std::uint8_t eoi[] = {0xff, 0xd9};
constexpr std::uint8_t sof0 = 0xc0, sof1 = 0xc1;

bool
ends_with_eoi (Bytes frame)
{
  return frame.size () >= 2 && frame[frame.size () - 2] == 0xff &&
         frame.back () == 0xd9;
}

// One scan in 4:2:0 or 4:2:2, whose codes ScanTranscoder can read.
bool
can_be_followed (const JpegHeader &header)
{
  auto has_sampling = [&] (unsigned component, unsigned h, unsigned v) {
    const auto &c = header.components[component];
    return header.scan_components[component].component == component &&
           c.horizontal_sampling == h && c.vertical_sampling == v;
  };
  return header.precision == 8 && header.component_count == 3 &&
         header.mcu_count () > 0 &&
         (has_sampling (0, 2, 1) || has_sampling (0, 2, 2)) &&
         has_sampling (1, 1, 1) && has_sampling (2, 1, 1);
}

} // namespace

// True if the first marker after the scan is EOI, and comes where the last MCU
// ends.
bool
FrameGuard::scan_ends_with_eoi (Bytes frame)
{
  JpegHeader header;
  JpegTables tables;
  std::span<const Bytes> pieces (&frame, 1);
  ByteReader reader (pieces);
  // Pictures other than baseline in one scan have other markers after the first
  // scan.
  if (header.parse (reader, tables) ||
      (header.sof != sof0 && header.sof != sof1) ||
      header.scan_component_count != header.component_count)
    return std::search (frame.begin (), frame.end (), std::begin (eoi),
               std::end (eoi)) != frame.end ();
  auto end = rfc2435::find_scan_end (reader);
  bool has_eoi = end.marker == rfc2435::marker::eoi;
  if (!has_eoi || !can_be_followed (header))
    return has_eoi;
  scan_.read (pieces, header.scan_offset, rfc2435::ScanLayout::of (header));
  auto checked = scan_.check (rfc2435::ScanTables::of (header, tables));
  return checked && checked.end <= end.offset &&
         end.offset - checked.end <= slack;
}

bool
FrameGuard::is_whole (Bytes frame)
{
  auto unpadded = frame;
  for (std::size_t i = 0; i < alignment && unpadded.back () == 0; i++)
    unpadded = unpadded.first (unpadded.size () - 1);
  return ends_with_eoi (unpadded) || scan_ends_with_eoi (frame);
}

unsigned
warm_up_frames (const std::string &model)
{
  // Logitech C920 (three revisions) and C930e: the first frame is damaged, but
  // has both markers.
  for (auto known : {"046d:082d", "046d:0892", "046d:08e5", "046d:0843"})
    if (model == known)
      return 1;
  return 0;
}

void
FrameGuard::start (const std::string &model)
{
  eoi_seen_ = false;
  eoi_expected_ = true;
  without_eoi_ = 0;
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
  if (is_whole (frame)) {
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
