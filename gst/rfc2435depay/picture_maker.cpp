// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_maker.h"

#include "jpeg_markers.h"
#include "plain_healer.h"
#include "requantized_picture.h"
#include "scan_eoi.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// RFC 2435 lets senders omit EOI (section 3.1.9).
void
complete_eoi (ByteBlock &block, std::size_t scan_begin, Picture &picture)
{
  if (auto scan = before_eoi (block.bytes ().subspan (scan_begin))) {
    picture.scan_end = scan_begin + scan->size ();
    return;
  }
  picture.scan_end = block.size ();
  auto end = block.extend (2);
  end[0] = 0xff;
  end[1] = marker::eoi;
}

// The header is placed right before the scan, where there is room for it.
Picture
whole_picture (ScanFragments &fragments, Bytes header)
{
  Picture picture;
  fragments.sort ();
  auto block = fragments.take_block ();
  picture.scan_begin = ScanFragments::header_room;
  if (header.size () > ScanFragments::header_room) {
    ByteBlock larger;
    larger.append (header);
    larger.append (block.bytes ().subspan (ScanFragments::header_room));
    block.swap (larger);
    picture.scan_begin = header.size ();
  }
  picture.begin = picture.scan_begin - header.size ();
  std::memcpy (block.data () + picture.begin, header.data (), header.size ());
  complete_eoi (block, picture.scan_begin, picture);
  picture.block = std::make_shared<const ByteBlock> (std::move (block));
  return picture;
}

} // namespace

std::optional<DropCause>
PictureMaker::make (
    ReceivedFrame &frame, const Settings &settings, Result &result)
{
  if (frame.is_first)
    reset ();
  if (auto fault = headers_.build (frame, settings.header))
    return fault;

  auto &header = headers_.header ();
  result = Result{
      .dimensions = {header.jpeg.width, header.jpeg.height},
      .total = header.jpeg.mcu_count (),
  };
  if (!frame.is_whole ())
    return heal (frame, settings, result);

  result.picture = whole_picture (frame.scan, header.bytes);
  shown_ = ShownPicture{
      .picture = result.picture,
      .timestamp = frame.timestamp,
  };
  return std::nullopt;
}

std::optional<DropCause>
PictureMaker::heal (
    ReceivedFrame &frame, const Settings &settings, Result &result)
{
  auto &header = headers_.header ();
  if (!shown_ && !frame.has_begin)
    return DropCause::begun_before;
  if (settings.conceal == Conceal::none)
    return DropCause::packets_lost;

  // Parts of the last picture can only be used with the same header.
  auto previous = shown_ ? &*shown_ : nullptr;
  std::optional<ShownPicture> requantized;
  if (previous &&
      !std::ranges::equal (previous->picture.header (), header.bytes)) {
    requantized = requantize_picture (*previous, header);
    previous = requantized ? &*requantized : nullptr;
  }

  bool fill = settings.conceal == Conceal::previous;
  auto healed = header.jpeg.restart_interval != 0
                    ? heal_intervals (frame, header, fill ? previous : nullptr)
                    : heal_mcus (frame, header, previous, fill);
  if (!healed)
    return DropCause::packets_lost;
  if (std::uint64_t{healed->concealed} * 100 >
      std::uint64_t{settings.max_concealed} * result.total)
    return DropCause::max_concealed;
  result.picture = healed->shown.picture;
  result.concealed = healed->concealed;
  result.oldest_age = healed->oldest_age;
  shown_ = std::move (healed->shown);
  return std::nullopt;
}

} // namespace rfc2435
