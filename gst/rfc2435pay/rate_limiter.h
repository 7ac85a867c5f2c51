// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame_transcoder.h"
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

// Says what each frame may take for its stream to stay under a bit rate, and
// keeps count of what became of them.
class RateLimiter {
public:
  struct Settings {
    std::uint32_t max_bit_rate = 0; // in bit/s, 0 for none
    unsigned min_quality = 10;

    bool is_on () const { return max_bit_rate != 0; }
  };

  // The bytes that the packets of a frame may have: see RateShare.
  std::size_t begin_frame (const Settings &settings,
      std::optional<RateShare::Time> timestamp, RateShare::Time interval);

  // When that frame has become packets of so many bytes together.
  void sent (const FrameTranscoder::Outcome &outcome, const Frame &frame,
      std::size_t bytes);
  // When it was dropped because it could not be made small enough.
  void dropped ();

  // Whether news () can be anything: with frames that fit, it mostly can't.
  bool may_have_news () const { return has_bitten_ || told_; }
  // Whether the ceiling has begun to bite, or has not done so for a while, or
  // has been taken away; nothing where that was told already, or something was
  // told just now. `now` is monotonic time in microseconds.
  std::optional<bool> news (const Settings &settings, std::int64_t now);

  const RateStats &stats () const { return stats_; }

  // Times begin anew, with a flush or a segment.
  void reset_time () { share_.reset (); }

private:
  RateShare share_;
  std::size_t bytes_ = 0; // the share of the frame at hand
  bool has_bitten_ = false;
  RateStats stats_;

  std::optional<std::int64_t> last_bite_;
  std::optional<std::int64_t> last_news_;
  bool told_ = false;
};

} // namespace rfc2435
