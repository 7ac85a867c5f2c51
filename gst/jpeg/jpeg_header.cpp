// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg_header.h"

#include "exif_orientation.h"
#include "jpeg_markers.h"

#include <algorithm>
#include <cstring>

namespace rfc2435 {
namespace {

using Failure = std::optional<DropCause>;
constexpr Failure none = std::nullopt;

Failure
parse_dqt (ByteReader &reader, std::size_t length, JpegTables &tables)
{
  while (length > 0) {
    int precision_and_id = reader.u8 ();
    if (precision_and_id == ByteReader::end)
      return DropCause::cut_short;
    bool wide = precision_and_id >> 4 == 1;
    unsigned id = precision_and_id & 15;
    std::size_t size = 1 + (wide ? 128 : 64);
    if (precision_and_id >> 4 > 1 || id > 3 || length < size)
      return DropCause::malformed;

    std::array<std::uint8_t, 128> bytes;
    if (!reader.read (bytes.data (), size - 1))
      return DropCause::cut_short;
    QuantizationTable table;
    for (std::size_t i = 0; i < table.values.size (); i++)
      table.values[i] = wide ? static_cast<std::uint16_t> (
                                   bytes[2 * i] << 8 | bytes[2 * i + 1])
                             : bytes[i];
    tables.quantization[id] = table;
    length -= size;
  }
  return none;
}

Failure
parse_dht (ByteReader &reader, std::size_t length, JpegTables &tables)
{
  while (length > 0) {
    int class_and_id = reader.u8 ();
    HuffmanTable table;
    if (class_and_id == ByteReader::end ||
        !reader.read (table.counts.data (), table.counts.size ()))
      return DropCause::cut_short;

    unsigned id = class_and_id & 15;
    std::size_t symbols = table.symbol_count ();
    std::size_t size = 1 + table.counts.size () + symbols;
    if (class_and_id >> 4 > 1 || id > 3 || symbols > table.symbols.size () ||
        length < size)
      return DropCause::malformed;
    if (!reader.read (table.symbols.data (), symbols))
      return DropCause::cut_short;
    (class_and_id >> 4 ? tables.ac : tables.dc)[id] = table;
    length -= size;
  }
  return none;
}

} // namespace

std::optional<DropCause>
JpegHeader::parse (ByteReader &reader, JpegTables &tables)
{
  *this = JpegHeader{};
  if (reader.remaining () == 0)
    return DropCause::empty;
  // There may be anything before SOI, and between segments: the latter is an
  // error that decoders tolerate.
  int code;
  do
    code = reader.next_marker ().code;
  while (code != marker::soi && code != ByteReader::end);
  if (code == ByteReader::end)
    return DropCause::not_jpeg;
  soi_offset = reader.position () - 2;

  for (;;) {
    code = reader.next_marker ().code;
    if (code == ByteReader::end)
      return DropCause::cut_short;
    if (code == marker::eoi)
      return DropCause::no_picture;
    if (code == marker::soi) {
      // The picture before it ended before its scan.
      *this = JpegHeader{};
      soi_offset = reader.position () - 2;
      continue;
    }
    if (code == marker::tem || marker::is_rst (code))
      continue;

    if (auto failure =
            parse_segment (static_cast<std::uint8_t> (code), reader, tables))
      return failure;
    if (code == marker::sos) {
      scan_offset = reader.position ();
      return none;
    }
  }
}

std::optional<DropCause>
JpegHeader::parse_segment (
    std::uint8_t code, ByteReader &reader, JpegTables &tables)
{
  int length_field = reader.u16 ();
  if (length_field == ByteReader::end)
    return DropCause::cut_short;
  if (length_field < 2)
    return DropCause::malformed;
  std::size_t length = length_field - 2;
  if (length > reader.remaining ())
    return DropCause::cut_short;

  if (marker::is_sof (code))
    return parse_sof (code, reader, length);

  switch (code) {
  case marker::sos:
    return parse_sos (reader, length);
  case marker::dqt:
    return parse_dqt (reader, length, tables);
  case marker::dht:
    return parse_dht (reader, length, tables);
  case marker::dri:
    if (length != 2)
      return DropCause::malformed;
    restart_interval = static_cast<std::uint16_t> (reader.u16 ());
    return none;
  case marker::app0:
    return parse_app0 (reader, length);
  case marker::app1:
    if (orientation == 0)
      orientation = exif_orientation (reader, length);
    reader.skip (length);
    return none;
  case marker::app14:
    return parse_app14 (reader, length);
  default:
    reader.skip (length);
    return none;
  }
}

// T.81 B.2.2
std::optional<DropCause>
JpegHeader::parse_sof (
    std::uint8_t code, ByteReader &reader, std::size_t length)
{
  std::array<std::uint8_t, 6> fixed;
  if (sof != 0 || length < fixed.size ())
    return DropCause::malformed;
  reader.read (fixed.data (), fixed.size ());
  unsigned count = fixed[5];
  if (length != fixed.size () + 3 * count || count == 0)
    return DropCause::malformed;
  if (count > max_components)
    return DropCause::color_space;

  sof = code;
  precision = fixed[0];
  height = static_cast<std::uint16_t> (fixed[1] << 8 | fixed[2]);
  width = static_cast<std::uint16_t> (fixed[3] << 8 | fixed[4]);
  component_count = static_cast<std::uint8_t> (count);
  for (unsigned i = 0; i < count; i++) {
    std::array<std::uint8_t, 3> bytes;
    reader.read (bytes.data (), bytes.size ());
    components[i] = {
        .id = bytes[0],
        .horizontal_sampling = static_cast<std::uint8_t> (bytes[1] >> 4),
        .vertical_sampling = static_cast<std::uint8_t> (bytes[1] & 15),
        .quantization_table = bytes[2],
    };
    if (components[i].horizontal_sampling < 1 ||
        components[i].horizontal_sampling > 4 ||
        components[i].vertical_sampling < 1 ||
        components[i].vertical_sampling > 4 || bytes[2] > 3)
      return DropCause::malformed;
  }
  if (width == 0)
    return DropCause::malformed;
  return none;
}

// T.81 B.2.3
std::optional<DropCause>
JpegHeader::parse_sos (ByteReader &reader, std::size_t length)
{
  if (sof == 0)
    return DropCause::malformed;
  unsigned count = length > 0 ? reader.u8 () : 0;
  if (count < 1 || count > component_count || length != 1 + 2 * count + 3)
    return DropCause::malformed;

  scan_component_count = static_cast<std::uint8_t> (count);
  std::array<bool, max_components> taken{};
  for (unsigned i = 0; i < count; i++) {
    std::array<std::uint8_t, 2> bytes;
    reader.read (bytes.data (), bytes.size ());
    // Some encoders give all components the same id: take them in order.
    unsigned index = 0;
    while (index < component_count &&
           (taken[index] || components[index].id != bytes[0]))
      index++;
    if (index == component_count || bytes[1] >> 4 > 3 || (bytes[1] & 15) > 3)
      return DropCause::malformed;
    taken[index] = true;
    scan_components[i] = {
        .component = static_cast<std::uint8_t> (index),
        .dc_table = static_cast<std::uint8_t> (bytes[1] >> 4),
        .ac_table = static_cast<std::uint8_t> (bytes[1] & 15),
    };
  }
  // Ss, Se, Ah and Al have a meaning only in progressive JPEGs.
  reader.skip (3);
  return none;
}

// APP0 of JFIF, or that of MJPEG in AVI: "AVI1" and the polarity of the field,
// 0 for a whole frame.
std::optional<DropCause>
JpegHeader::parse_app0 (ByteReader &reader, std::size_t length)
{
  std::array<std::uint8_t, 5> bytes{};
  auto n = std::min (length, bytes.size ());
  reader.read (bytes.data (), n);
  if (std::memcmp (bytes.data (), "JFIF", 5) == 0 && length >= 14)
    has_jfif = true;
  else if (std::memcmp (bytes.data (), "AVI1", 4) == 0 && bytes[4] != 0)
    has_fields = true;
  reader.skip (length - n);
  return none;
}

// The last byte of Adobe's APP14 gives the colour transform.
std::optional<DropCause>
JpegHeader::parse_app14 (ByteReader &reader, std::size_t length)
{
  std::array<std::uint8_t, 12> bytes{};
  auto n = std::min (length, bytes.size ());
  reader.read (bytes.data (), n);
  if (n == bytes.size () && std::memcmp (bytes.data (), "Adobe", 5) == 0)
    adobe_transform = bytes[11];
  reader.skip (length - n);
  return none;
}

std::uint32_t
JpegHeader::mcu_count () const
{
  unsigned h = 1, v = 1;
  for (unsigned i = 0; i < component_count; i++) {
    h = std::max<unsigned> (h, components[i].horizontal_sampling);
    v = std::max<unsigned> (v, components[i].vertical_sampling);
  }
  auto columns = (width + 8 * h - 1) / (8 * h);
  auto rows = (height + 8 * v - 1) / (8 * v);
  return columns * rows;
}

} // namespace rfc2435
