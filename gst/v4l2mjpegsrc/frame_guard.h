// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_cause.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace v4l2mjpeg {

using rfc2435::DropCause;

// How many frames at the start of a stream are not to be trusted, by USB vendor
// and product ("046d:082d").
unsigned warm_up_frames (const std::string &model);

// Tells pictures from what cameras send besides, from both ends of the frame
// alone.
class FrameGuard {
public:
  // After so many frames without EOI and none with it, the camera is taken for
  // one that never writes it.
  static constexpr unsigned eoi_patience = 30;
  // What may stand behind EOI without being zero: cameras fill their last USB
  // packet with whatever was in their memory.
  static constexpr std::size_t tail_size = 4096;

  // A stream begins, of a camera of this model.
  void start (const std::string &model);
  // Why the frame is to be dropped, if it is. `corrupted`: the driver says so
  // (V4L2_BUF_FLAG_ERROR).
  std::optional<DropCause> check (
      std::span<const std::uint8_t> frame, bool corrupted);
  bool eoi_expected () const { return eoi_expected_; }

private:
  unsigned warm_up_left_ = 0;
  bool eoi_seen_ = false;
  bool eoi_expected_ = true;
  unsigned without_eoi_ = 0;
};

} // namespace v4l2mjpeg
