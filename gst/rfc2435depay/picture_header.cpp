// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_header.h"

#include "jpeg_markers.h"
#include "table_segments.h"

namespace rfc2435 {
namespace {

constexpr std::uint8_t q_changing = 255;

using Output = std::vector<std::uint8_t>;

void
put16 (Output &out, unsigned value)
{
  out.push_back (static_cast<std::uint8_t> (value >> 8));
  out.push_back (static_cast<std::uint8_t> (value));
}

void
put_marker (Output &out, std::uint8_t code)
{
  out.push_back (0xff);
  out.push_back (code);
}

void
put_dri (Output &out, unsigned interval)
{
  put_marker (out, marker::dri);
  put16 (out, 4);
  put16 (out, interval);
}

// T.81 B.2.2. Baseline allows only 8-bit tables.
void
put_sof (
    Output &out, std::uint8_t type, const Dimensions &dimensions, bool wide)
{
  put_marker (out, wide ? marker::sof1 : marker::sof0);
  put16 (out, 8 + 3 * 3);
  out.push_back (8);
  put16 (out, dimensions.height);
  put16 (out, dimensions.width);
  std::uint8_t luma = type % type_restart_markers == 0 ? 0x21 : 0x22;
  out.insert (out.end (), {3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1});
}

void
put_sos (Output &out)
{
  put_marker (out, marker::sos);
  put16 (out, 6 + 2 * 3);
  out.insert (out.end (), {3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0});
}

bool
is_wide (const QuantizationTables &tables)
{
  return !tables.luma.is_8bit () || !tables.chroma.is_8bit ();
}

// Which of the segments that every header needs are present.
struct FoundSegments {
  bool sof = false, dri = false, sos = false;
};

// Appends the segments up to their padding, which is left out.
std::optional<FoundSegments>
append_segments (Output &out, Bytes segments)
{
  FoundSegments found;
  while (!segments.empty () && !found.sos) {
    if (segments[0] != 0xff)
      return std::nullopt;
    // A fill byte, or padding
    if (segments.size () == 1 || segments[1] == 0xff) {
      segments = segments.subspan (1);
      continue;
    }
    if (segments.size () < 4)
      return std::nullopt;
    auto code = segments[1];
    std::size_t size = 2u + (segments[2] << 8 | segments[3]);
    if (size < 4 || size > segments.size ())
      return std::nullopt;
    found.sof |= marker::is_sof (code);
    found.dri |= code == marker::dri;
    found.sos |= code == marker::sos;
    out.insert (out.end (), segments.begin (),
        segments.begin () + static_cast<std::ptrdiff_t> (size));
    segments = segments.subspan (size);
  }
  return found;
}

} // namespace

// The tables that the packets refer to, if they are known for certain.
const QuantizationTables *
HeaderBuilder::find_tables (const ReceivedFrame &frame)
{
  auto q = frame.header.q;
  if (q <= max_formula_q) {
    if (q != formula_q_)
      formula_ = formula_tables (q);
    formula_q_ = q;
    return &formula_;
  }

  if (q != q_changing) {
    if (frame.tables)
      tables_by_q_[q] = *frame.tables;
    auto known = tables_by_q_.find (q);
    return known == tables_by_q_.end () ? nullptr : &known->second;
  }

  if (frame.tables) {
    last_tables_repeat_ = last_tables_ == frame.tables;
    last_tables_ = frame.tables;
    return &*last_tables_;
  }
  // The tables were lost with the first packet. If they did not change before,
  // they are assumed to be the same again; Length 0 has no meaning with this Q.
  return last_tables_repeat_ && !frame.has_begin ? &*last_tables_ : nullptr;
}

std::optional<DropCause>
HeaderBuilder::build (const ReceivedFrame &frame, const Settings &settings)
{
  if (frame.segments) {
    last_segments_ = frame.segments;
    return build_with_segments (frame, settings, *frame.segments);
  }
  // Segments may have been lost with the frame's first packets.
  if (last_segments_) {
    if (!frame.follows_directly)
      return build_with_segments (frame, settings, *last_segments_);
    last_segments_.reset ();
  }

  Key key = {
      .type = frame.header.type,
      .restart_interval = frame.restart_interval,
      .dimensions = {static_cast<std::uint16_t> (frame.header.width_blocks * 8),
          static_cast<std::uint16_t> (frame.header.height_blocks * 8)},
  };
  if (key.dimensions.width == 0)
    key.dimensions.width = settings.dimensions.width;
  if (key.dimensions.height == 0)
    key.dimensions.height = settings.dimensions.height;
  if (key.dimensions.width == 0 || key.dimensions.height == 0)
    return DropCause::no_dimensions;
  if (std::uint64_t{key.dimensions.width} * key.dimensions.height >
      settings.max_pixels)
    return DropCause::too_large;

  auto tables = frame.header.q == 0 ? nullptr : find_tables (frame);
  if (!tables)
    return DropCause::missing_tables;
  key.tables = *tables;
  if (key_ == key)
    return std::nullopt;

  JpegTables jpeg_tables;
  jpeg_tables.quantization[0] = key.tables.luma;
  jpeg_tables.quantization[1] = key.tables.chroma;
  write (key, jpeg_tables);
  key_ = key;
  return parse ();
}

void
HeaderBuilder::write (const Key &key, const JpegTables &tables)
{
  auto &out = header_.bytes;
  out.clear ();
  put_marker (out, marker::soi);
  auto segments = table_segments (tables);
  out.insert (out.end (), segments.begin (), segments.end ());
  if (key.restart_interval != 0)
    put_dri (out, key.restart_interval);
  put_sof (out, key.type, key.dimensions, is_wide (key.tables));
  put_sos (out);
}

// ONVIF Streaming Specification, JPEG over RTP, logical decoding: the segments
// take precedence over the headers of RFC 2435.
std::optional<DropCause>
HeaderBuilder::build_with_segments (
    const ReceivedFrame &frame, const Settings &settings, Bytes segments)
{
  // Q 0 and a size of 0 refer to the previous frame.
  JpegTables tables = frame.header.q == 0 ? header_.tables : JpegTables{};
  if (frame.header.q != 0) {
    tables.dc = header_.tables.dc;
    tables.ac = header_.tables.ac;
    if (auto known = find_tables (frame)) {
      tables.quantization[0] = known->luma;
      tables.quantization[1] = known->chroma;
    }
  }
  Dimensions dimensions = {
      static_cast<std::uint16_t> (frame.header.width_blocks * 8),
      static_cast<std::uint16_t> (frame.header.height_blocks * 8)};
  if (dimensions.width == 0 && dimensions.height == 0)
    dimensions = header_.jpeg.width != 0
                     ? Dimensions{header_.jpeg.width, header_.jpeg.height}
                     : settings.dimensions;

  key_.reset ();
  auto &out = header_.bytes;
  out.clear ();
  put_marker (out, marker::soi);
  auto defaults = table_segments (tables);
  out.insert (out.end (), defaults.begin (), defaults.end ());
  auto begin = out.size ();
  auto found = append_segments (out, segments);
  if (!found)
    return DropCause::malformed;

  // SOS must be the last segment.
  Output missing;
  if (!found->dri && frame.restart_interval != 0)
    put_dri (missing, frame.restart_interval);
  if (!found->sof) {
    if (dimensions.width == 0 || dimensions.height == 0)
      return DropCause::no_dimensions;
    put_sof (missing, frame.header.type, dimensions, false);
  }
  if (found->sos)
    out.insert (out.begin () + static_cast<std::ptrdiff_t> (begin),
        missing.begin (), missing.end ());
  else
    out.insert (out.end (), missing.begin (), missing.end ());
  if (!found->sos)
    put_sos (out);

  if (auto fault = parse ())
    return fault;
  auto &jpeg = header_.jpeg;
  if (std::uint64_t{jpeg.width} * jpeg.height > settings.max_pixels)
    return DropCause::too_large;
  if (jpeg.width == 0 || jpeg.height == 0)
    return DropCause::no_dimensions;
  for (unsigned i = 0; i < jpeg.component_count; i++) {
    if (!header_.tables.quantization[jpeg.components[i].quantization_table])
      return DropCause::missing_tables;
  }
  return std::nullopt;
}

std::optional<DropCause>
HeaderBuilder::parse ()
{
  Bytes bytes = header_.bytes;
  ByteReader reader ({&bytes, 1});
  header_.jpeg = JpegHeader{};
  header_.tables = JpegTables{};
  if (header_.jpeg.parse (reader, header_.tables) || reader.remaining () != 0)
    return DropCause::malformed;
  return std::nullopt;
}

} // namespace rfc2435
