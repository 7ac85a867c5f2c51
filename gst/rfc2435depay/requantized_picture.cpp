// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "requantized_picture.h"

#include "gray_mcus.h"
#include "jpeg_markers.h"
#include "scan_transcoder.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// Whether the header could also be derived from RFC 2435's own fields.
bool
is_plain (const PictureHeader &header)
{
  auto &jpeg = header.jpeg;
  auto &luma = jpeg.components[0];
  return (jpeg.sof == marker::sof0 || jpeg.sof == marker::sof1) &&
         jpeg.precision == 8 && has_gray_mcus (header) &&
         luma.horizontal_sampling == 2 &&
         (luma.vertical_sampling == 1 || luma.vertical_sampling == 2);
}

std::optional<PictureHeader>
read_header (Bytes bytes)
{
  PictureHeader header;
  ByteReader reader ({&bytes, 1});
  if (header.jpeg.parse (reader, header.tables))
    return std::nullopt;
  return header;
}

bool
is_same_picture (const JpegHeader &a, const JpegHeader &b)
{
  return a.width == b.width && a.height == b.height &&
         a.components[0].vertical_sampling ==
             b.components[0].vertical_sampling &&
         a.orientation == b.orientation;
}

// The tables of Y, U and V; fewer if one is missing or contains 0.
std::vector<QuantizationTable>
find_tables (const PictureHeader &header)
{
  std::vector<QuantizationTable> tables;
  for (unsigned c = 0; c < ScanLayout::components; c++) {
    auto number = header.jpeg.components[c].quantization_table;
    auto &table = header.tables.quantization[number];
    if (table && !table->has_zero ())
      tables.push_back (*table);
  }
  return tables;
}

// When the parts of a picture arrived, MCU by MCU.
std::vector<std::uint32_t>
arrivals (const ShownPicture &shown, const JpegHeader &header)
{
  if (!shown.mcus_arrived.empty ())
    return shown.mcus_arrived;
  std::vector<std::uint32_t> arrived;
  for (auto &interval : shown.intervals)
    arrived.insert (arrived.end (), header.restart_interval, interval.arrived);
  arrived.resize (header.mcu_count (), shown.timestamp);
  return arrived;
}

// Each interval is as old as the oldest of its MCUs.
bool
find_intervals (ShownPicture &picture, const JpegHeader &header,
    const std::vector<std::uint32_t> &arrived)
{
  std::uint32_t interval = header.restart_interval;
  auto mcus = header.mcu_count ();
  if (!picture.find_intervals ((mcus + interval - 1) / interval))
    return false;
  auto age = [&] (std::uint32_t time) {
    return picture.timestamp - time;
  };
  for (std::uint32_t mcu = 0; mcu < mcus; mcu++) {
    auto &oldest = picture.intervals[mcu / interval].arrived;
    if (age (arrived[mcu]) > age (oldest))
      oldest = arrived[mcu];
  }
  return true;
}

} // namespace

std::optional<ShownPicture>
requantize_picture (const ShownPicture &shown, const PictureHeader &header)
{
  auto own = read_header (shown.picture.header ());
  if (!own || !is_plain (*own) || !is_plain (header) ||
      !is_same_picture (own->jpeg, header.jpeg))
    return std::nullopt;

  auto from = find_tables (*own), to = find_tables (header);
  if (from.size () != to.size () || to.size () != ScanLayout::components)
    return std::nullopt;
  Requantizing requantizing ({from[0], from[1]}, {to[0], to[1]});
  requantizing.steps[2] = StepChange (from[2], to[2]);

  auto scan = shown.picture.scan ();
  ScanTranscoder transcoder;
  transcoder.read ({&scan, 1}, 0, ScanLayout::of (own->jpeg));
  if (!transcoder.requantize (
          standard_scan_tables, requantizing, header.jpeg.restart_interval))
    return std::nullopt;

  ByteBlock block;
  block.reserve (header.bytes.size () + transcoder.scan ().size () + 2);
  block.append (header.bytes);
  block.append (transcoder.scan ());
  ShownPicture result = {.timestamp = shown.timestamp};
  result.picture.scan_begin = header.bytes.size ();
  result.picture.scan_end = block.size ();
  block.append (std::array<std::uint8_t, 2>{0xff, marker::eoi});
  result.picture.block = std::make_shared<const ByteBlock> (std::move (block));

  auto arrived = arrivals (shown, own->jpeg);
  if (header.jpeg.restart_interval == 0)
    result.mcus_arrived = std::move (arrived);
  else if (!find_intervals (result, header.jpeg, arrived))
    return std::nullopt;
  return result;
}

} // namespace rfc2435
