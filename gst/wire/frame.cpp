// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame.h"

#include "jpeg_markers.h"
#include "scan_end.h"

#include <algorithm>
#include <utility>

namespace rfc2435 {
namespace {

// Types of RFC 2435 section 4.1
constexpr std::uint8_t type_422 = 0;
constexpr std::uint8_t type_420 = 1;

// Cameras' headers have about 600 bytes.
constexpr std::size_t max_kept_header = 2048;

// The Q of tables that may change from frame to frame (section 3.1.8).
constexpr std::uint8_t q_in_band = 255;

// libjpeg's rule to distinguish RGB from YCbCr in files with three components.
bool
is_rgb (const JpegHeader &header)
{
  if (header.has_jfif)
    return false;
  if (header.adobe_transform)
    return *header.adobe_transform == 0;
  auto &c = header.components;
  return c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B';
}

bool
has_sampling (const JpegHeader::Component &component, unsigned h, unsigned v)
{
  return component.horizontal_sampling == h && component.vertical_sampling == v;
}

// The type of RFC 2435 for this sampling, if any.
std::optional<std::uint8_t>
sampling_type (const JpegHeader &header)
{
  auto &c = header.components;
  if (!has_sampling (c[1], 1, 1) || !has_sampling (c[2], 1, 1))
    return std::nullopt;
  if (has_sampling (c[0], 2, 1))
    return type_422;
  if (has_sampling (c[0], 2, 2))
    return type_420;
  return std::nullopt;
}

// The minimum number of bits of the scan: each block has the shortest code for
// a DC difference (2 bits in T.81 tables K.3 and K.4) and the one for end of
// block (4 bits in K.5, 2 in K.6).
std::uint64_t
min_scan_bits (const JpegHeader &header)
{
  auto &luma = header.components[0];
  unsigned luma_blocks = luma.horizontal_sampling * luma.vertical_sampling;
  return std::uint64_t{header.mcu_count ()} * (luma_blocks * 6 + 2 * 4);
}

} // namespace

std::uint8_t
q_of (const QuantizationTables &tables, TableMode mode)
{
  auto q = mode == TableMode::automatic ? formula_q (tables) : 0;
  return q != 0 ? static_cast<std::uint8_t> (q) : q_in_band;
}

std::optional<DropCause>
FrameParser::parse (std::span<const Bytes> pieces, TableMode mode, Frame &frame)
{
  ByteReader reader (pieces);
  trailing_data_ = {};
  fault_.clear ();
  if (is_same_header (pieces, mode)) {
    reader.skip (header_.scan_offset);
  } else if (auto failure = parse_header (pieces, reader, mode)) {
    if (header_.scan_offset != 0)
      trailing_data_ = data_behind_picture (reader);
    return is_interlaced (header_, trailing_data_) ? DropCause::interlaced
                                                   : failure;
  }

  frame = frame_;
  return find_scan (pieces, reader, frame);
}

bool
FrameParser::is_same_header (
    std::span<const Bytes> pieces, TableMode mode) const
{
  return !header_bytes_.empty () && mode == mode_ && !pieces.empty () &&
         pieces[0].size () >= header_bytes_.size () &&
         std::equal (
             header_bytes_.begin (), header_bytes_.end (), pieces[0].begin ());
}

std::optional<DropCause>
FrameParser::parse_header (
    std::span<const Bytes> pieces, ByteReader &reader, TableMode mode)
{
  header_bytes_.clear ();
  JpegTables tables = tables_;
  auto failure = header_.parse (reader, tables);
  // The tables of a broken header can't be trusted.
  if (!failure || failure == DropCause::no_picture)
    tables_ = tables;
  if (!failure)
    failure = check_carriable ();
  has_own_huffman_tables_ = false;
  if (failure && failure != DropCause::huffman_tables)
    return failure;

  frame_ = Frame{
      .type = *sampling_type (header_),
      .width = header_.width,
      .height = header_.height,
  };
  // An interval as long as the picture, or longer, results in no markers.
  if (header_.restart_interval != 0 &&
      header_.restart_interval < header_.mcu_count ()) {
    frame_.type += MainHeader::with_restart_markers;
    frame_.restart_interval = header_.restart_interval;
  }
  auto unknown = choose_tables (mode);
  if (failure) {
    has_own_huffman_tables_ = !unknown;
    return failure;
  }
  if (unknown)
    return unknown;

  if (header_.scan_offset <= max_kept_header &&
      header_.scan_offset <= pieces[0].size ()) {
    auto bytes = pieces[0].first (header_.scan_offset);
    header_bytes_.assign (bytes.begin (), bytes.end ());
    mode_ = mode;
  }
  return std::nullopt;
}

// RFC 2435 sections 3.1.3 and 4.1, and appendix B: the decoder uses the
// standard Huffman tables and expects one interleaved scan of Y, U and V.
std::optional<DropCause>
FrameParser::check_carriable () const
{
  if (header_.precision != 8)
    return DropCause::sample_precision;
  if (header_.sof != marker::sof0 && header_.sof != marker::sof1)
    return DropCause::coding_process;
  if (header_.component_count != 3 || is_rgb (header_))
    return DropCause::color_space;
  if (!sampling_type (header_))
    return DropCause::sampling;
  if (header_.height == 0)
    return DropCause::no_height;
  if (header_.scan_component_count != header_.component_count)
    return DropCause::several_scans;
  // RFC 2435 allows 16-bit tables (section 3.1.8), but no known receiver reads
  // them.
  for (unsigned i = 0; i < header_.component_count; i++) {
    auto id = header_.components[i].quantization_table;
    if (auto &table = tables_.quantization[id]; table && !table->is_8bit ())
      return DropCause::table_precision;
  }

  for (unsigned i = 0; i < header_.component_count; i++)
    if (header_.scan_components[i].component != i)
      return DropCause::component_order;
  for (unsigned i = 0; i < header_.component_count; i++) {
    auto &scan = header_.scan_components[i];
    if (tables_.dc[scan.dc_table] !=
            (i == 0 ? standard_dc_luma : standard_dc_chroma) ||
        tables_.ac[scan.ac_table] !=
            (i == 0 ? standard_ac_luma : standard_ac_chroma))
      return DropCause::huffman_tables;
  }
  return std::nullopt;
}

std::optional<DropCause>
FrameParser::choose_tables (TableMode mode)
{
  auto &c = header_.components;
  auto &luma = tables_.quantization[c[0].quantization_table];
  auto &u = tables_.quantization[c[1].quantization_table];
  auto &v = tables_.quantization[c[2].quantization_table];
  if (!luma || !u || !v)
    return DropCause::missing_tables;
  if (luma->has_zero () || u->has_zero () || v->has_zero ())
    return malformed ("a quantization step of 0");
  if (*u != *v)
    return DropCause::chroma_tables;

  frame_.tables = {.luma = *luma, .chroma = *u};
  frame_.q = q_of (frame_.tables, mode);
  return std::nullopt;
}

std::optional<DropCause>
FrameParser::find_scan (
    std::span<const Bytes> pieces, ByteReader &reader, Frame &frame)
{
  auto end = find_scan_end (reader);
  if (end.marker == marker::eoi)
    trailing_data_ = data_behind_eoi (reader);
  else if (auto failure = find_end_without_eoi (pieces, end))
    return failure;
  if (is_interlaced (header_, trailing_data_))
    return DropCause::interlaced;

  frame.scan_offset = header_.scan_offset;
  frame.scan_size = end.offset - header_.scan_offset;
  // A picture can be truncated although it has EOI. This check costs nothing,
  // and spares receivers huge pictures with hardly any data.
  if (frame.scan_size * std::uint64_t{8} < min_scan_bits (header_))
    return DropCause::cut_short;
  if (frame.data_size () > MainHeader::max_fragment_offset)
    return DropCause::scan_size;
  return check_restart_markers (end, frame);
}

// The picture may be truncated, which only its codes show.
std::optional<DropCause>
FrameParser::find_end_without_eoi (std::span<const Bytes> pieces, ScanEnd &end)
{
  ByteReader rest (pieces);
  scan_.read (pieces, header_.scan_offset, ScanLayout::of (header_));
  auto checked = scan_.check (standard_scan_tables);
  if (!checked || checked.has_extraneous_bytes || checked.end > end.offset) {
    if (end.marker != ByteReader::end && end.marker != marker::soi)
      return malformed ("a marker inside the scan");
    rest.skip (header_.scan_offset);
    trailing_data_ = data_behind_picture (rest);
    return DropCause::cut_short;
  }

  end.offset = checked.end;
  rest.skip (checked.end);
  trailing_data_ = end.marker == ByteReader::end ? data_behind_eoi (rest)
                                                 : data_behind_picture (rest);
  return std::nullopt;
}

// T.81 E.1.4: one between any two intervals, numbered modulo 8. Receivers rely
// on them where data was lost.
std::optional<DropCause>
FrameParser::check_restart_markers (const ScanEnd &end, const Frame &frame)
{
  auto interval = frame.restart_interval;
  auto due = interval == 0 ? 0 : (header_.mcu_count () - 1) / interval;
  if (end.restart_markers != due)
    return malformed (std::to_string (end.restart_markers) +
                      " restart markers instead of " + std::to_string (due));
  if (!end.in_order)
    return malformed ("restart markers out of order");
  return std::nullopt;
}

std::optional<Frame>
FrameParser::frame_with_standard_tables () const
{
  if (!has_own_huffman_tables_)
    return std::nullopt;
  auto frame = frame_;
  frame.scan_offset = header_.scan_offset;
  return frame;
}

DropCause
FrameParser::malformed (std::string fault)
{
  fault_ = std::move (fault);
  return DropCause::malformed;
}

} // namespace rfc2435
