// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "recoder.h"

#include <chrono>
#include <memory>
#include <vector>

namespace rfc2435 {

// Recodes pictures that RFC 2435 can't carry unchanged, if this is requested
// and possible.
class FrameRecoder {
public:
  enum class Level { never, lossless, automatic };

  struct Settings {
    Level level = Level::automatic;
    bool fill_cut_frames = false;
    std::uint32_t max_pixels = 4096 * 4096;
  };

  struct Outcome {
    RecodeResult result;
    std::chrono::nanoseconds cpu_time{};
  };

  // Whether a picture that would be dropped for this cause can be recoded.
  static bool can_help (DropCause cause);
  static bool is_wanted (DropCause cause, const Settings &settings);
  // The cause to report for a picture that was to be recoded because of
  // `cause`, if that failed with `error`.
  static DropCause drop_cause (DropCause cause, DropCause error);

  // Recodes the picture that `parser` parsed last. The outcome is valid until
  // the next call.
  Outcome recode (std::span<const Bytes> pieces, const FrameParser &parser,
      const Settings &settings);

  // Returns those of `kinds` that were not announced before.
  RecodeKinds announce (RecodeKinds kinds);

  // Forgets everything, and frees memory.
  void reset () { *this = FrameRecoder{}; }

private:
  // Made when first needed.
  std::unique_ptr<Recoder> recoder_;
  std::vector<Bytes> pieces_;
  std::vector<std::uint8_t> tables_;
  RecodeKinds announced_;
};

} // namespace rfc2435
