// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_header.h"

namespace rfc2435 {

// How an interleaved scan of Y, U and V in 4:2:0 or 4:2:2 is laid out: MCUs of
// `luma_blocks` blocks of Y, then one of U and one of V (T.81 A.2.3).
struct ScanLayout {
  static constexpr unsigned components = 3;
  static constexpr unsigned max_blocks = 6; // per MCU

  std::uint32_t mcu_count = 0;
  std::uint16_t restart_interval = 0; // in MCUs, 0 for none
  std::uint8_t luma_blocks = 4;       // 2 (4:2:2) or 4 (4:2:0)

  // `header` is that of a picture that RFC 2435 can carry, except perhaps for
  // its Huffman tables: U and V have one block each.
  static ScanLayout of (const JpegHeader &header)
  {
    auto &luma = header.components[0];
    return {
        .mcu_count = header.mcu_count (),
        .restart_interval = header.restart_interval,
        .luma_blocks = static_cast<std::uint8_t> (
            luma.horizontal_sampling * luma.vertical_sampling),
    };
  }
};

// The Huffman tables of each component.
struct ScanTables {
  struct Component {
    const HuffmanTable *dc;
    const HuffmanTable *ac;
  };
  std::array<Component, ScanLayout::components> components;

  static ScanTables of (const JpegHeader &header, const JpegTables &tables)
  {
    ScanTables result{};
    for (unsigned i = 0; i < result.components.size (); i++) {
      auto &scan = header.scan_components[i];
      result.components[i] = {
          &tables.dc[scan.dc_table], &tables.ac[scan.ac_table]};
    }
    return result;
  }
};

// The tables of T.81 annex K.3, the only ones that RFC 2435 can carry.
inline constexpr ScanTables standard_scan_tables = {{{
    {&standard_dc_luma, &standard_ac_luma},
    {&standard_dc_chroma, &standard_ac_chroma},
    {&standard_dc_chroma, &standard_ac_chroma},
}}};

} // namespace rfc2435
