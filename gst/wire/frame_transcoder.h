// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "restart_intervals.h"
#include "scan_thinner.h"
#include "table_numbers.h"

namespace rfc2435 {

// How to limit the damage when packets are lost.
enum class ErrorResilience {
  none,
  markers, // restart markers in every frame
  chunks,  // and packets that end where restart intervals do
};

// Checks the scans of frames, and rewrites those that need it, without libjpeg,
// and losslessly unless a frame must become smaller.
class FrameTranscoder {
public:
  struct Settings {
    ErrorResilience resilience = ErrorResilience::none;
    std::uint16_t restart_interval = 0; // in MCUs; 0: automatic
    bool check_scan = false;
  };

  // Limits for the packets of a frame.
  struct Limit {
    std::size_t total = 0;       // bytes of all packets
    std::size_t max_payload = 0; // of one packet
    std::size_t rtp_header = 0;  // before its payload
    unsigned min_quality = 1;    // of the tables
    TableMode tables = TableMode::automatic;
  };

  enum class Thinning {
    none,      // it fits
    dead_zone, // levels were removed
    tables,    // and requantized with larger steps
  };

  struct Outcome {
    // Why the frame can't be sent, and what was found.
    std::optional<DropCause> failure;
    std::string found;
    // If the JPEG is damaged: the size of its intact part.
    std::size_t whole = 0;
    bool is_damaged () const
    {
      return failure == DropCause::cut_short || failure == DropCause::malformed;
    }
    // The scan, if it was rewritten; valid until the next call.
    std::optional<Bytes> scan;
    bool has_new_markers = false;
    std::size_t read = 0; // bytes of the scan that it was written from
    // What was done to make it fit, and the IJG quality nearest to the
    // resulting tables.
    Thinning thinning = Thinning::none;
    unsigned quality = 0;
  };

  // Whether the scan of a frame with the standard Huffman tables has to be
  // read.
  static bool is_wanted (
      const Settings &settings, const Limit *limit, const Frame &frame)
  {
    return settings.check_scan ||
           settings.resilience != ErrorResilience::none ||
           (limit && frame.scan_size > room (settings, *limit, frame));
  }

  // For a frame that can be carried unchanged. `payload_size` is roughly the
  // part of a scan that fits into a packet. If the scan is rewritten, `frame`
  // describes how the new one is carried, with a scan offset of 0.
  Outcome transcode (std::span<const Bytes> pieces, const FrameParser &parser,
      const Settings &settings, std::size_t payload_size, const Limit *limit,
      Frame &frame);

  // For a frame that can't, only because of its Huffman tables: `frame` is
  // FrameParser::frame_with_standard_tables (). Nothing if this class can't
  // handle it.
  std::optional<Outcome> replace_tables (std::span<const Bytes> pieces,
      const FrameParser &parser, const Settings &settings,
      std::size_t payload_size, const Limit *limit, Frame &frame);

  // Forgets the numbers of tables.
  void reset () { *this = FrameTranscoder{}; }

private:
  // How a scan is to be written.
  struct Plan {
    ScanLayout layout; // as it is read
    std::uint16_t interval = 0;
    bool is_kept = false; // the scan, unless it is too large
    std::size_t size = 0; // as it is read
    std::size_t room = 0;
  };

  static std::size_t room (
      const Settings &settings, const Limit &limit, const Frame &frame);
  static std::size_t room (
      const Limit &limit, const Frame &sent, std::size_t filled);
  Plan plan (const ScanLayout &layout, std::size_t size,
      const Settings &settings, std::size_t payload_size, const Limit *limit,
      const Frame &frame);
  std::uint16_t choose_interval (const Settings &settings,
      const ScanLayout &layout, std::size_t scan_size,
      std::size_t payload_size);
  void number_tables (const Settings &settings, Frame &frame);
  ScanResult write (const ScanTables &tables, const Plan &plan,
      const Limit *limit, const Frame &frame);
  Outcome failure (const ScanResult &result, const ScanLayout &layout) const;
  Outcome finish (const Plan &plan, const Settings &settings,
      const Limit *limit, Frame &frame);

  ScanTranscoder scan_;
  ScanThinner thinner_;
  bool is_thinned_ = false;
  IntervalChooser intervals_;
  TableNumbers numbers_;
};

} // namespace rfc2435
