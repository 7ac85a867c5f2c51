// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rfc2435 {

// How many bytes a frame may take for its stream to stay under a bit rate: what
// the rate gives in the time until the next one. How long that is, the frames
// before tell; so neither caps that promise too much nor a frame rate that
// changes in bad light matter. Times are in nanoseconds.
class RateShare {
public:
  using Time = std::int64_t;

  // Begins a new stream.
  void reset () { *this = RateShare{}; }

  // Of a frame with this timestamp, or none; `nominal` is the frame interval
  // that holds for the first one, and where there are no timestamps.
  std::size_t begin_frame (
      std::uint32_t bit_rate, std::optional<Time> timestamp, Time nominal);

  // What became of that frame, in bytes. The next one takes the share of one
  // that wasn't sent as well.
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
  Time interval_ = 0; // of the frame at hand
  Time unused_ = 0;   // of frames that were dropped
  // How much longer than the time that has passed what was sent takes at the
  // bit rate; less than 0 if it takes less.
  Time ahead_ = 0;
};

} // namespace rfc2435
