// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame_transcoder.h"
#include "rate_share.h"

namespace rfc2435 {

// What limiting the bit rate did to the frames.
struct RateStats {
  std::uint64_t frames_untouched = 0;
  std::uint64_t frames_thinned = 0;     // by the dead zone alone
  std::uint64_t frames_requantized = 0; // to coarser tables
  // Bytes of scans before and after.
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  // The IJG quality nearest to the tables of the last frame.
  unsigned quality = 0;
  // The most by which the packets of a frame exceeded its share.
  double largest_overshoot = 0;
};

// Determines how large each frame may be so that its stream stays below a bit
// rate, and counts what became of the frames.
class RateLimiter {
public:
  struct Settings {
    std::uint32_t max_bit_rate = 0; // in bit/s, 0 for none
    unsigned min_quality = 10;

    bool is_on () const { return max_bit_rate != 0; }
  };

  // The maximum size of all packets of a frame: see RateShare.
  std::size_t begin_frame (const Settings &settings,
      std::optional<RateShare::Time> timestamp, RateShare::Time interval);

  // To be called when that frame has become packets of this total size.
  void sent (const FrameTranscoder::Outcome &outcome, const Frame &frame,
      std::size_t bytes);
  // To be called when it was dropped because it can't be made small enough.
  void dropped ();

  // Whether news () can return anything: as long as frames fit, it mostly
  // can't.
  bool may_have_news () const { return has_bitten_ || told_; }
  // Whether the limit has begun to have an effect (true), or has had none for a
  // while or was removed (false). Nothing if that was returned before, or if
  // something else was returned a moment ago. `now` is monotonic time in
  // microseconds.
  std::optional<bool> news (const Settings &settings, std::int64_t now);

  const RateStats &stats () const { return stats_; }

  // Times start again, after a flush or with a new segment.
  void reset_time () { share_.reset (); }

private:
  RateShare share_;
  std::size_t bytes_ = 0; // the share of the current frame
  bool has_bitten_ = false;
  RateStats stats_;

  std::optional<std::int64_t> last_bite_;
  std::optional<std::int64_t> last_news_;
  bool told_ = false;
};

} // namespace rfc2435
