// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
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

// Consecutive MCUs, with their own bits.
struct McuRun {
  UnstuffedScan bits;
  std::uint32_t count = 0;
  McuPosition end;
};

McuRun
read_front (Bytes bytes, const ScanLayout &layout)
{
  McuRun front;
  McuIndex index{.first = layout.mcu_count};
  front.bits.read ({&bytes, 1}, 0, false);
  front.count = walk_mcus (
      front.bits, layout, 0, CheckOperation (standard_scan_decoder ()), &index)
                    .result.mcu;
  front.end = index.end;
  return front;
}

// The bytes that have arrived from the beginning of the scan up to a gap.
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
  // Half of a marker, or 0xff without its stuffed byte
  while (!bytes.empty () && bytes.back () == 0xff)
    bytes = bytes.first (bytes.size () - 1);
  return bytes;
}

// The bytes that have arrived after the last gap, if the end of the scan is
// known.
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

// The MCUs from `first` on, from a scan that has all of them.
std::optional<IndexedScan>
read_rest (Bytes bytes, const ScanLayout &layout, std::uint32_t first)
{
  IndexedScan scan;
  McuIndex index{.first = first};
  index.positions.reserve (layout.mcu_count - first + 1);
  scan.bits.read ({&bytes, 1}, 0, false);
  auto walked = walk_mcus (
      scan.bits, layout, 0, CheckOperation (standard_scan_decoder ()), &index);
  if (walked.result.mcu != layout.mcu_count)
    return std::nullopt;
  scan.mcus = std::move (index.positions);
  scan.mcus.push_back (index.end);
  return scan;
}

// How much the levels of the MCUs at the end of the picture differ from those
// at the same place of another picture: the most frequent difference, if levels
// are then within the range of baseline.
std::optional<DcLevels>
level_offset (const IndexedScan &run, const IndexedScan &guide)
{
  auto first = guide.count () - run.count ();
  DcLevels offset{};
  std::vector<std::int16_t> differences (run.mcus.size ());
  for (unsigned c = 0; c < offset.size (); c++) {
    int low = 0, high = 0;
    for (std::size_t i = 0; i < run.mcus.size (); i++) {
      int level = run.mcus[i].dc[c];
      low = i == 0 ? level : std::min (low, level);
      high = i == 0 ? level : std::max (high, level);
      differences[i] =
          static_cast<std::int16_t> (guide.mcus[first + i].dc[c] - level);
    }
    auto middle = differences.begin () +
                  static_cast<std::ptrdiff_t> (differences.size () / 2);
    std::nth_element (differences.begin (), middle, differences.end ());
    if (high - low > max_dc_level - min_dc_level)
      return std::nullopt;
    offset[c] =
        std::clamp<int> (*middle, min_dc_level - low, max_dc_level - high);
  }
  return offset;
}

// MCUs copied from a scan, so that the rest of it need not be kept.
struct Excerpt {
  std::vector<std::uint8_t> bytes;
  McuPosition begin, end;
};

Excerpt
take_out (const IndexedScan &scan, std::uint32_t count)
{
  Excerpt excerpt{.begin = scan.mcus[0], .end = scan.mcus[count]};
  auto first = excerpt.begin.bit / 8;
  excerpt.bytes.assign (scan.bits.data () + first,
      scan.bits.data () + excerpt.end.bit / 8 + UnstuffedScan::padding);
  excerpt.begin.bit -= first * 8;
  excerpt.end.bit -= first * 8;
  return excerpt;
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

  std::optional<IndexedScan> back;
  if (auto bytes = suffix (frame.scan, frame.size); bytes && previous)
    back = resynchronize (*bytes, layout);
  auto front = read_front (prefix (frame.scan), layout);
  if (back && back->count () + front.count > count)
    back.reset ();
  // Scans take much memory, and are kept no longer than needed.
  auto expected_size = frame.scan.received ();
  frame.scan = {};

  std::optional<IndexedScan> before;
  if (previous)
    before = read_rest (previous->picture.scan (), layout, front.count);
  DcLevels offset{};
  if (back) {
    auto found = before ? level_offset (*back, *before) : std::nullopt;
    if (found)
      offset = *found;
    else
      back.reset ();
  }
  auto back_begin = count - (back ? back->count () : 0);
  std::optional<Excerpt> filling;
  if (fill && before) {
    filling = take_out (*before, back_begin - front.count);
    expected_size += filling->bytes.size ();
  }
  before.reset ();

  McuSplicer splicer (layout, expected_size);
  splicer.put (front.bits.data (), {}, front.end);
  if (filling)
    splicer.put (filling->bytes.data (), filling->begin, filling->end);
  else
    splicer.put_gray (back_begin - front.count);
  if (back)
    splicer.put (
        back->bits.data (), back->mcus.front (), back->mcus.back (), offset);
  auto scan = splicer.finish ();
  if (!scan)
    return std::nullopt;
  front.bits = {};
  back.reset ();

  HealedPicture healed;
  auto &arrived = healed.shown.mcus_arrived;
  if (filling && !previous->mcus_arrived.empty ())
    arrived = previous->mcus_arrived;
  else
    arrived.assign (count, filling ? previous->timestamp : frame.timestamp);
  for (std::uint32_t i = 0; i < count; i++) {
    if (i < front.count || i >= back_begin)
      arrived[i] = frame.timestamp;
    healed.oldest_age =
        std::max (healed.oldest_age, frame.timestamp - arrived[i]);
  }
  healed.concealed = back_begin - front.count;

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
