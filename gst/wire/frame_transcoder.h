// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "restart_intervals.h"
#include "table_numbers.h"

namespace rfc2435 {

// What packets are made for that may be lost.
enum class ErrorResilience {
  none,
  markers, // restart markers in every frame
  chunks,  // and packets that end where restart intervals do
};

// Checks the scans of frames, and writes those anew that need it: without loss,
// and without libjpeg.
class FrameTranscoder {
public:
  struct Settings {
    ErrorResilience resilience = ErrorResilience::none;
    std::uint16_t restart_interval = 0; // in MCUs, 0: chosen
    bool check_scan = false;
  };

  struct Outcome {
    // Why the frame can't be sent, and what was found then.
    std::optional<DropCause> failure;
    std::string found;
    // Up to where the JPEG is whole then.
    std::size_t whole = 0;
    // The scan if it was written anew, valid until the next call.
    std::optional<Bytes> scan;
    bool has_new_markers = false;
  };

  // Whether a frame with the standard Huffman tables is looked at at all.
  static bool is_wanted (const Settings &settings)
  {
    return settings.check_scan || settings.resilience != ErrorResilience::none;
  }

  // For a frame that can be carried as it is. `payload_size` is about what a
  // packet holds of a scan. Where the scan is written anew, `frame` says how it
  // is carried then, with a scan offset of 0.
  Outcome transcode (std::span<const Bytes> pieces, const FrameParser &parser,
      const Settings &settings, std::size_t payload_size, Frame &frame);

  // For one that can't for its Huffman tables alone: `frame` is
  // FrameParser::frame_with_standard_tables (). Nothing if it is not for this
  // to do.
  std::optional<Outcome> replace_tables (std::span<const Bytes> pieces,
      const FrameParser &parser, const Settings &settings,
      std::size_t payload_size, Frame &frame);

  // Gives tables that go along the number that they have in this stream.
  void number_tables (const Settings &settings, Frame &frame);

  // Forgets the tables' numbers.
  void reset () { *this = FrameTranscoder{}; }

private:
  std::uint16_t choose_interval (const Settings &settings,
      const ScanLayout &layout, std::size_t scan_size,
      std::size_t payload_size);
  Outcome failure (const ScanResult &result, const ScanLayout &layout) const;
  Outcome finish (std::uint16_t interval, const Settings &settings,
      const ScanLayout &layout, Frame &frame);

  ScanTranscoder scan_;
  IntervalChooser intervals_;
  TableNumbers numbers_;
};

} // namespace rfc2435
