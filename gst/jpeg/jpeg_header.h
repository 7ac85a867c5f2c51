// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_reader.h"
#include "drop_cause.h"
#include "huffman_table.h"
#include "quantization_table.h"

#include <optional>

namespace rfc2435 {

// The tables that DQT and DHT segments have defined so far. T.81 lets tables
// apply to later pictures of a stream ("abbreviated format"), so these outlive
// a frame. Huffman tables start as the standard ones, which UVC cameras and AVI
// files imply by omitting DHT.
struct JpegTables {
  std::array<std::optional<QuantizationTable>, 4> quantization;
  std::array<HuffmanTable, 4> dc = {
      standard_dc_luma, standard_dc_chroma, HuffmanTable{}, HuffmanTable{}};
  std::array<HuffmanTable, 4> ac = {
      standard_ac_luma, standard_ac_chroma, HuffmanTable{}, HuffmanTable{}};
};

// The contents of the marker segments from SOI to the first SOS (T.81 annex B).
struct JpegHeader {
  static constexpr std::size_t max_components = 4;

  struct Component {
    std::uint8_t id = 0;
    std::uint8_t horizontal_sampling = 0;
    std::uint8_t vertical_sampling = 0;
    std::uint8_t quantization_table = 0;
  };

  struct ScanComponent {
    std::uint8_t component = 0; // index into `components`
    std::uint8_t dc_table = 0;
    std::uint8_t ac_table = 0;
  };

  std::uint8_t sof = 0; // the marker's second byte
  std::uint8_t precision = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint8_t component_count = 0;
  std::array<Component, max_components> components{};

  std::uint8_t scan_component_count = 0;
  std::array<ScanComponent, max_components> scan_components{};

  std::uint16_t restart_interval = 0; // in MCUs, 0 for none
  bool has_jfif = false;
  std::optional<std::uint8_t> adobe_transform;
  // As in Exif: 1 (upright) to 8, or 0 if not specified.
  std::uint8_t orientation = 0;
  // APP0 says that the picture is one of two fields, as in AVI.
  bool has_fields = false;

  std::size_t soi_offset = 0;
  std::size_t scan_offset = 0; // of the entropy-coded data

  // Reads a header, leaving the reader at the scan, and updates the tables as
  // far as it gets.
  std::optional<DropCause> parse (ByteReader &reader, JpegTables &tables);

  // T.81 A.2.3: how many MCUs an interleaved scan has.
  std::uint32_t mcu_count () const;

private:
  std::optional<DropCause> parse_segment (
      std::uint8_t code, ByteReader &reader, JpegTables &tables);
  std::optional<DropCause> parse_sof (
      std::uint8_t code, ByteReader &reader, std::size_t length);
  std::optional<DropCause> parse_sos (ByteReader &reader, std::size_t length);
  std::optional<DropCause> parse_app0 (ByteReader &reader, std::size_t length);
  std::optional<DropCause> parse_app14 (ByteReader &reader, std::size_t length);
};

} // namespace rfc2435
