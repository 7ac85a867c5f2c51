// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_cause.h"
#include "scan_transcoder.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace v4l2mjpeg {

using rfc2435::DropCause;

// How many frames at the start of a stream can't be trusted, by USB vendor and
// product ("046d:082d").
unsigned warm_up_frames (const std::string &model);

// Distinguishes pictures from other things that cameras send. If a frame begins
// with SOI and ends with EOI, nothing else is examined. After EOI, a camera may
// fill the driver's buffer with anything, even with part of an older, longer
// picture, whose EOI must not be mistaken for that of a truncated picture. So
// if more bytes follow than alignment requires, the scan is followed to its
// end.
class FrameGuard {
public:
  // After this many frames without EOI and none with it, the camera is assumed
  // never to write it.
  static constexpr unsigned eoi_patience = 10;
  // This many zeros after EOI may be alignment.
  static constexpr std::size_t alignment = 3;
  // Some cameras leave up to this many bytes between the last MCU and EOI
  // (libjpeg's "extraneous bytes before marker 0xd9").
  static constexpr std::size_t slack = 64;

  // Begins a stream of a camera of this model.
  void start (const std::string &model);
  // The cause for which the frame is to be dropped, if any. `corrupted` is what
  // the driver says (V4L2_BUF_FLAG_ERROR).
  std::optional<DropCause> check (
      std::span<const std::uint8_t> frame, bool corrupted);
  bool eoi_expected () const { return eoi_expected_; }

private:
  bool is_whole (rfc2435::Bytes frame);
  bool scan_ends_with_eoi (rfc2435::Bytes frame);

  rfc2435::ScanTranscoder scan_;
  unsigned warm_up_left_ = 0;
  bool eoi_seen_ = false;
  bool eoi_expected_ = true;
  unsigned without_eoi_ = 0;
};

} // namespace v4l2mjpeg
