// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_cause.h"
#include "frame_assembler.h"
#include "jpeg_header.h"

#include <map>

namespace rfc2435 {

struct Dimensions {
  std::uint16_t width = 0;
  std::uint16_t height = 0;

  bool operator== (const Dimensions &) const = default;
};

// What precedes a picture's scan.
struct PictureHeader {
  // From SOI to SOS
  std::vector<std::uint8_t> bytes;
  JpegHeader jpeg;
  JpegTables tables;
};

// Builds the headers of a stream's pictures (RFC 2435 appendix B), and
// remembers the tables that later frames refer to.
class HeaderBuilder {
public:
  struct Settings {
    // For frames whose packets give none: `x-dimensions` in the caps.
    Dimensions dimensions;
    std::uint64_t max_pixels = 1u << 24;
  };

  // Builds the header of this frame: header (), until the next call.
  std::optional<DropCause> build (
      const ReceivedFrame &frame, const Settings &settings);

  const PictureHeader &header () const { return header_; }

  // Forgets all tables, for another sender.
  void reset () { *this = HeaderBuilder{}; }

private:
  // What the header depends on if there are no segments.
  struct Key {
    std::uint8_t type = 0;
    std::uint16_t restart_interval = 0;
    Dimensions dimensions;
    QuantizationTables tables;

    bool operator== (const Key &) const = default;
  };

  const QuantizationTables *find_tables (const ReceivedFrame &frame);
  std::optional<DropCause> build_with_segments (
      const ReceivedFrame &frame, const Settings &settings, Bytes segments);
  void write (const Key &key, const JpegTables &tables);
  std::optional<DropCause> parse ();

  PictureHeader header_;
  std::optional<Key> key_; // of `header_`
  // By Q from 128 to 254 (RFC 2435 section 3.1.8)
  std::map<std::uint8_t, QuantizationTables> tables_by_q_;
  QuantizationTables formula_;
  std::uint8_t formula_q_ = 0;
  // With Q 255: the tables of the last frame that contained any, and whether
  // the frame before had the same.
  std::optional<QuantizationTables> last_tables_;
  bool last_tables_repeat_ = false;
  // From the last frame that had any (ONVIF)
  std::optional<std::vector<std::uint8_t>> last_segments_;
};

} // namespace rfc2435
