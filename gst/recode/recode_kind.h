// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace rfc2435 {

// Why RFC 2435 can't carry a JPEG unchanged. A frame may have several reasons.
enum class RecodeKind : std::uint8_t {
  // Recoded losslessly
  huffman_tables,   // baseline with other Huffman tables than Annex K's
  progressive,      // SOF2, SOF10
  arithmetic,       // SOF9, SOF10
  several_scans,    // sequential, but not one interleaved scan
  sampling_factors, // 4:2:2 or 4:2:0 in unusual factors: other MCUs
  gray,             // one component
  chroma_tables,    // U and V are quantized with different tables
  wide_tables,      // quantization steps over 255
  component_order,  // a scan's order is not the frame's

  // Recoded with loss in chroma only
  sampling_444,
  sampling_440,
  sampling_411,
  sampling_410,
  sampling_other,
  turned_422, // 4:2:2 whose axes are swapped

  // Decoded and re-encoded
  luma_subsampled, // Y has fewer samples than U or V
  rgb,
  cmyk,        // and YCCK
  edge_blocks, // a turn would move the incomplete blocks of an edge inside

  // Completed with gray (RecodeOptions::fill_missing)
  cut, // or damaged
};

inline constexpr unsigned recode_kind_count =
    static_cast<unsigned> (RecodeKind::cut) + 1;

// What the frame is, without an article: "progressive JPEG".
const char *describe (RecodeKind kind);
// How to make a source write JPEGs that need no recoding: a sentence.
const char *remedy (RecodeKind kind);

class RecodeKinds {
public:
  bool operator== (const RecodeKinds &) const = default;

  bool has (RecodeKind kind) const { return bits_ & bit (kind); }
  bool any () const { return bits_ != 0; }
  void add (RecodeKind kind) { bits_ |= bit (kind); }
  void remove (RecodeKind kind) { bits_ &= ~bit (kind); }
  // The kinds that are not in `seen`.
  RecodeKinds except (RecodeKinds seen) const
  {
    RecodeKinds rest;
    rest.bits_ = bits_ & ~seen.bits_;
    return rest;
  }
  void add (RecodeKinds kinds) { bits_ |= kinds.bits_; }

private:
  static constexpr std::uint32_t bit (RecodeKind kind)
  {
    return std::uint32_t{1} << static_cast<unsigned> (kind);
  }

  std::uint32_t bits_ = 0;
};

// Those of `kinds`, of a result that isn't lossless, that cost quality.
RecodeKinds lossy_kinds (RecodeKinds kinds);

} // namespace rfc2435
