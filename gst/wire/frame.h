// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_header.h"
#include "main_header.h"
#include "picture_end.h"
#include "scan_transcoder.h"

#include <string>
#include <vector>

namespace rfc2435 {

struct ScanEnd;

// How RFC 2435 carries one picture.
struct Frame {
  std::uint8_t type = 0; // 0 or 1, plus 64 with restart markers
  std::uint8_t q = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint16_t restart_interval = 0; // only for types 64 and 65
  QuantizationTables tables;
  // Where the entropy-coded data lies in the JPEG.
  std::size_t scan_offset = 0;
  std::size_t scan_size = 0;

  // The size of what all payloads of the frame contain together, apart from
  // their headers: the scan, and EOI. RFC 2435 section 3.1.9 lets senders omit
  // EOI, but some receivers don't add it to every scan.
  std::size_t data_size () const { return scan_size + 2; }

  bool operator== (const Frame &) const = default;

  bool has_tables () const { return q >= 128; }
  bool is_420 () const { return type % 2 != 0; }
  bool has_restart_header () const
  {
    return type >= MainHeader::with_restart_markers;
  }
};

// When the quantization tables are sent in a frame's first packet.
enum class TableMode {
  automatic, // unless Q describes them
  in_band,   // always
};

// The Q for these tables: that of the formula if it yields them, otherwise one
// that requires them to be sent.
std::uint8_t q_of (const QuantizationTables &tables, TableMode mode);

// Determines how RFC 2435 carries a JPEG, or why it can't.
class FrameParser {
public:
  // `pieces` together are one picture. The bytes are read, not copied.
  std::optional<DropCause> parse (
      std::span<const Bytes> pieces, TableMode mode, Frame &frame);

  // What was found in the picture parsed last that was dropped for `cause`.
  std::string explain (DropCause cause) const;

  // From the picture parsed last.
  const JpegHeader &header () const { return header_; }
  const JpegTables &tables () const { return tables_; }
  // How the picture would be carried, if its Huffman tables are the only reason
  // for which it was dropped. The scan's size is not known.
  std::optional<Frame> frame_with_standard_tables () const;
  // The data after the picture, which is left out.
  const TrailingData &trailing_data () const { return trailing_data_; }

  // Forgets the tables of earlier pictures.
  void reset () { *this = FrameParser{}; }

private:
  bool is_same_header (std::span<const Bytes> pieces, TableMode mode) const;
  std::optional<DropCause> parse_header (
      std::span<const Bytes> pieces, ByteReader &reader, TableMode mode);
  std::optional<DropCause> check_carriable () const;
  std::optional<DropCause> choose_tables (TableMode mode);
  std::optional<DropCause> find_scan (
      std::span<const Bytes> pieces, ByteReader &reader, Frame &frame);
  std::optional<DropCause> check_restart_markers (
      const ScanEnd &end, const Frame &frame);
  std::optional<DropCause> find_end_without_eoi (
      std::span<const Bytes> pieces, ScanEnd &end);
  DropCause malformed (std::string fault);

  JpegTables tables_;
  JpegHeader header_;
  // Cameras repeat their header, which need not be parsed again then. Empty if
  // the last one can't be reused.
  std::vector<std::uint8_t> header_bytes_;
  TableMode mode_{};
  // As described by the header.
  Frame frame_;
  bool has_own_huffman_tables_ = false;
  ScanTranscoder scan_;
  TrailingData trailing_data_;
  // What is malformed, unless it is a segment of the header.
  std::string fault_;
};

} // namespace rfc2435
