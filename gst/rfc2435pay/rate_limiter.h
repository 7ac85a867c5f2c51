// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "frame_thinner.h"
#include "rate_share.h"

namespace rfc2435 {

// What a ceiling for the bit rate has made of the frames.
struct RateStats {
  std::uint64_t frames_untouched = 0;
  std::uint64_t frames_thinned = 0;     // by the dead zone alone
  std::uint64_t frames_requantized = 0; // to coarser tables
  // Bytes of scans that came in, and of those that were left of them.
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  // The IJG quality that the tables of the last frame are nearest to.
  unsigned quality = 0;
  // The most by which the packets of a frame have exceeded its share.
  double largest_overshoot = 0;
};

// Keeps a stream under a bit rate: frames that fit pass as they are, larger
// ones are made smaller, and those that can't be are dropped.
class RateLimiter {
public:
  struct Settings {
    std::uint32_t max_bit_rate = 0; // in bit/s, 0 for none
    unsigned min_quality = 10;

    bool is_on () const { return max_bit_rate != 0; }
  };

  struct Outcome {
    std::optional<DropCause> drop{};
    bool is_changed = false;
    // If so, valid until the next call
    Bytes scan{};
    QuantizationTables tables{};
  };

  // The bytes that the packets of a frame may have: see RateShare.
  std::size_t begin_frame (const Settings &settings,
      std::optional<RateShare::Time> timestamp, RateShare::Time interval);

  // Has that frame's scan fit into `room` bytes.
  Outcome limit (
      std::span<const Bytes> pieces, const Frame &frame, std::size_t room);

  // When its packets have been made, of so many bytes together.
  void sent (std::size_t bytes);

  // Whether the ceiling has begun to bite, or has not done so for a while;
  // nothing where that was told already, or something was told just now. `now`
  // is monotonic time in microseconds.
  std::optional<bool> news (std::int64_t now);

  const RateStats &stats () const { return stats_; }

  // Times begin anew, with a flush or a segment.
  void reset_time () { share_.reset (); }
  // Forgets everything and gives memory back.
  void reset () { *this = RateLimiter{}; }

private:
  Settings settings_;
  RateShare share_;
  std::size_t bytes_ = 0; // the share of the frame at hand
  bool has_bitten_ = false;
  FrameThinner thinner_;
  RateStats stats_;

  std::optional<std::int64_t> last_bite_;
  std::optional<std::int64_t> last_news_;
  bool told_ = false;
};

} // namespace rfc2435
