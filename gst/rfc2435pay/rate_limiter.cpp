// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_limiter.h"

#include "drop_report.h"

#include <algorithm>
#include <utility>

namespace rfc2435 {
namespace {

// After all frames have fit for this long, the limit no longer has an effect.
constexpr std::int64_t quiet_us = 2'000'000;

} // namespace

std::size_t
RateLimiter::begin_frame (const Settings &settings,
    std::optional<RateShare::Time> timestamp, RateShare::Time interval)
{
  bytes_ = share_.begin_frame (settings.max_bit_rate, timestamp, interval);
  return bytes_;
}

void
RateLimiter::sent (const FrameTranscoder::Outcome &outcome, const Frame &frame,
    std::size_t bytes)
{
  using Thinning = FrameTranscoder::Thinning;
  share_.sent (bytes);
  stats_.frames_untouched += outcome.thinning == Thinning::none;
  stats_.frames_thinned += outcome.thinning == Thinning::dead_zone;
  stats_.frames_requantized += outcome.thinning == Thinning::tables;
  stats_.bytes_in += outcome.scan ? outcome.read : frame.scan_size;
  stats_.bytes_out += frame.scan_size;
  if (outcome.thinning == Thinning::none)
    return;
  has_bitten_ = true;
  stats_.quality = outcome.quality;
  if (bytes_ > 0)
    stats_.largest_overshoot = std::max (stats_.largest_overshoot,
        static_cast<double> (bytes) / static_cast<double> (bytes_) - 1);
}

void
RateLimiter::dropped ()
{
  share_.dropped ();
  has_bitten_ = true;
}

std::optional<bool>
RateLimiter::news (const Settings &settings, std::int64_t now)
{
  if (!settings.is_on ()) {
    last_bite_.reset ();
    has_bitten_ = false;
    return std::exchange (told_, false) ? std::optional (false) : std::nullopt;
  }
  if (std::exchange (has_bitten_, false))
    last_bite_ = now;
  bool bites = last_bite_ && now - *last_bite_ < quiet_us;
  if (bites == told_ || (last_news_ && now - *last_news_ < message_interval_us))
    return std::nullopt;
  last_news_ = now;
  told_ = bites;
  return bites;
}

} // namespace rfc2435
