// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_maker.h"

#include "jpeg_markers.h"
#include "scan.h"

namespace rfc2435 {
namespace {

// RFC 2435 lets senders leave EOI out (section 3.1.9).
void
complete_eoi (ByteBlock &block, std::size_t scan_begin, Picture &picture)
{
  auto scan = block.bytes ().subspan (scan_begin);
  if (auto eoi = find_final_eoi ({&scan, 1})) {
    picture.scan_end = scan_begin + *eoi;
    return;
  }
  picture.scan_end = block.size ();
  auto end = block.extend (2);
  end[0] = 0xff;
  end[1] = marker::eoi;
}

// The header goes right before the scan, where there is room for it.
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

std::optional<FrameFault>
PictureMaker::make (
    ReceivedFrame &frame, const Settings &settings, Result &result)
{
  if (frame.is_first)
    reset ();
  if (auto fault = headers_.build (frame, settings.header))
    return fault;
  if (!frame.is_whole ())
    return FrameFault::cut_scan;

  auto &header = headers_.header ();
  result = Result{
      .picture = whole_picture (frame.scan, header.bytes),
      .dimensions = {header.jpeg.width, header.jpeg.height},
      .total = header.jpeg.mcu_count (),
  };
  return std::nullopt;
}

} // namespace rfc2435
