// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plain_healer.h"

#include "gray_mcus.h"
#include "jpeg_markers.h"
#include "scan_eoi.h"
#include "scan_operations.h"
#include "scan_resync.h"
#include "scan_walk.h"

#include <algorithm>

namespace rfc2435 {
namespace {

IndexedScan
read_scan (Bytes bytes, const ScanLayout &layout)
{
  IndexedScan scan;
  McuIndex index;
  scan.bits.read ({&bytes, 1}, 0, false);
  auto walked = walk_mcus (
      scan.bits, layout, 0, CheckOperation (standard_scan_decoder ()), &index);
  scan.mcus = std::move (index.positions);
  scan.mcus.resize (walked.result.mcu);
  scan.mcus.push_back (index.end);
  return scan;
}

// What has arrived from the begin of the scan on.
Bytes
prefix (const ScanFragments &scan)
{
  std::uint32_t end = 0;
  for (auto &fragment : scan.fragments ()) {
    if (fragment.offset != end)
      break;
    end = fragment.end ();
  }
  auto bytes = scan.received_bytes ().first (end);
  // Half of a marker, or of a stuffed byte
  while (!bytes.empty () && bytes.back () == 0xff)
    bytes = bytes.first (bytes.size () - 1);
  return bytes;
}

// What has arrived up to the end of the scan, if that is known.
std::optional<Bytes>
suffix (const ScanFragments &scan, std::optional<std::uint32_t> size)
{
  auto &fragments = scan.fragments ();
  if (fragments.empty ())
    return std::nullopt;
  auto first = fragments.size () - 1;
  while (first > 0 && fragments[first - 1].end () == fragments[first].offset)
    first--;
  if (fragments[first].offset == 0)
    return std::nullopt;
  auto bytes = scan.received_bytes ().subspan (fragments[first].position);
  auto without_eoi = before_eoi (bytes);
  if (without_eoi)
    return without_eoi;
  return size && *size == scan.end () ? std::optional (bytes) : std::nullopt;
}

// How much the levels of the MCUs at the end of the picture differ from those
// at the same place of another one: the difference that most of them agree on,
// if levels are then what baseline allows.
std::optional<DcLevels>
level_offset (
    const IndexedScan &run, const IndexedScan &guide, std::uint32_t mcu_count)
{
  if (guide.count () != mcu_count)
    return std::nullopt;
  auto first = mcu_count - run.count ();
  DcLevels offset{};
  std::vector<int> differences (run.mcus.size ());
  for (unsigned c = 0; c < offset.size (); c++) {
    int low = 0, high = 0;
    for (std::size_t i = 0; i < run.mcus.size (); i++) {
      int level = run.mcus[i].dc[c];
      low = i == 0 ? level : std::min (low, level);
      high = i == 0 ? level : std::max (high, level);
      differences[i] = guide.mcus[first + i].dc[c] - level;
    }
    auto middle = differences.begin () +
                  static_cast<std::ptrdiff_t> (differences.size () / 2);
    std::nth_element (differences.begin (), middle, differences.end ());
    if (high - low > max_dc_level - min_dc_level)
      return std::nullopt;
    offset[c] = std::clamp (*middle, min_dc_level - low, max_dc_level - high);
  }
  return offset;
}

} // namespace

std::optional<HealedPicture>
heal_mcus (ReceivedFrame &frame, const PictureHeader &header,
    ShownPicture *previous, bool fill)
{
  if (!has_gray_mcus (header))
    return std::nullopt;
  frame.scan.sort ();
  auto layout = ScanLayout::of (header.jpeg);
  auto count = layout.mcu_count;
  auto front = read_scan (prefix (frame.scan), layout);

  std::optional<IndexedScan> before;
  if (previous) {
    before = read_scan (previous->picture.scan (), layout);
    if (before->count () != count)
      before.reset ();
  }
  std::optional<IndexedScan> back;
  DcLevels offset{};
  if (auto bytes = suffix (frame.scan, frame.size); bytes && before) {
    back = resynchronize (*bytes, layout);
    std::optional<DcLevels> found;
    if (back && back->count () + front.count () <= count)
      found = level_offset (*back, *before, count);
    if (found)
      offset = *found;
    else
      back.reset ();
  }

  HealedPicture healed;
  auto back_begin = count - (back ? back->count () : 0);
  McuSplicer splicer (layout);
  splicer.put (front, 0, front.count ());
  bool is_filled = fill && before;
  if (is_filled)
    splicer.put (*before, front.count (), back_begin);
  else
    splicer.put_gray (back_begin - front.count ());
  if (back)
    splicer.put (*back, 0, back->count (), offset);
  auto scan = splicer.finish ();
  if (!scan)
    return std::nullopt;

  auto &arrived = healed.shown.mcus_arrived;
  if (is_filled && !previous->mcus_arrived.empty ())
    arrived = previous->mcus_arrived;
  else
    arrived.assign (count, is_filled ? previous->timestamp : frame.timestamp);
  for (std::uint32_t i = 0; i < count; i++) {
    if (i < front.count () || i >= back_begin)
      arrived[i] = frame.timestamp;
    healed.oldest_age =
        std::max (healed.oldest_age, frame.timestamp - arrived[i]);
  }
  healed.concealed = back_begin - front.count ();

  ByteBlock block;
  block.reserve (header.bytes.size () + scan->size () + 2);
  block.append (header.bytes);
  block.append (*scan);
  auto &picture = healed.shown.picture;
  picture.scan_begin = header.bytes.size ();
  picture.scan_end = block.size ();
  block.append (std::array<std::uint8_t, 2>{0xff, marker::eoi});
  picture.block = std::make_shared<const ByteBlock> (std::move (block));
  healed.shown.timestamp = frame.timestamp;
  return healed;
}

} // namespace rfc2435
