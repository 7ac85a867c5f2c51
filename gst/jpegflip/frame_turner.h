// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_end.h"
#include "recoder.h"

#include <chrono>
#include <vector>

namespace rfc2435 {

// The turn that makes the picture upright according to its Exif data; none if
// that has no orientation.
Turn exif_turn (std::span<const Bytes> pieces);

// Turns the pictures of a stream.
class FrameTurner {
public:
  struct Settings {
    bool lossless = false; // fail with DropCause::needs_loss rather than lose
    std::uint32_t max_pixels = 4096 * 4096;
  };

  struct Outcome {
    RecodeResult result;
    JpegHeader header; // as far as it could be read
    TrailingData trailing;
    std::chrono::nanoseconds cpu_time{};
  };

  // The joined `pieces` are one picture. The outcome is valid until the next
  // call.
  Outcome turn (
      std::span<const Bytes> pieces, Turn turn, const Settings &settings);

  // Returns those of `kinds` that were not announced before.
  RecodeKinds announce (RecodeKinds kinds);

  // Forgets the tables of earlier pictures.
  void forget_tables ();
  // Forgets everything, and frees memory.
  void reset () { *this = FrameTurner{}; }

private:
  // Made when first needed.
  std::unique_ptr<Recoder> recoder_;
  std::vector<Bytes> pieces_;
  JpegTables tables_;
  std::vector<std::uint8_t> table_segments_;
  RecodeKinds announced_;
};

} // namespace rfc2435
