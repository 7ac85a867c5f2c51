// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rfc2435 {

// How many bytes a frame may have so that its stream stays below a bit rate:
// those that the rate allows in the time until the next frame. This time is
// estimated from previous frames, so it does not matter if caps promise a
// higher frame rate or if the rate drops in bad light. Times are in
// nanoseconds.
class RateShare {
public:
  using Time = std::int64_t;

  // Begins a new stream.
  void reset () { *this = RateShare{}; }

  // The share of a frame with this timestamp, if any. `nominal` is the frame
  // interval used for the first frame, and if there are no timestamps.
  std::size_t begin_frame (
      std::uint32_t bit_rate, std::optional<Time> timestamp, Time nominal);

  // What became of that frame: its size in bytes, or it was dropped, and the
  // next frame gets its share as well.
  void sent (std::size_t bytes);
  void dropped ();

private:
  static constexpr std::size_t window = 5;

  void advance (std::optional<Time> timestamp, Time nominal);
  Time median_interval (Time nominal) const;

  std::uint32_t bit_rate_ = 0;
  bool is_first_ = true;
  std::optional<Time> last_;
  std::array<Time, window> intervals_{}; // the last ones
  std::size_t count_ = 0;
  Time interval_ = 0; // of the current frame
  Time unused_ = 0;   // of frames that were dropped
  // How far sending is ahead of the bit rate: the time that the bytes sent take
  // at that rate, minus the time that has passed.
  Time ahead_ = 0;
};

} // namespace rfc2435
