// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_limiter.h"

#include <algorithm>
#include <utility>

namespace rfc2435 {
namespace {

// How long all frames must have fit for the ceiling to bite no more.
constexpr std::int64_t quiet_us = 2'000'000;
constexpr std::int64_t news_interval_us = 5'000'000;

} // namespace

std::size_t
RateLimiter::begin_frame (const Settings &settings,
    std::optional<RateShare::Time> timestamp, RateShare::Time interval)
{
  settings_ = settings;
  bytes_ = share_.begin_frame (settings.max_bit_rate, timestamp, interval);
  return bytes_;
}

RateLimiter::Outcome
RateLimiter::limit (
    std::span<const Bytes> pieces, const Frame &frame, std::size_t room)
{
  auto size = frame.scan_size;
  stats_.bytes_in += size;
  has_bitten_ = size > room;
  if (!has_bitten_) {
    stats_.frames_untouched++;
    stats_.bytes_out += size;
    return {};
  }

  using What = FrameThinner::Result::Outcome;
  auto result = thinner_.thin (pieces, frame, room, settings_.min_quality);
  switch (result.outcome) {
  case What::too_large:
    share_.dropped ();
    return {.drop = DropCause::bit_rate};
  case What::damaged:
    share_.dropped ();
    return {.drop = result.read.fault == ScanFault::cut_short
                        ? DropCause::cut_short
                        : DropCause::malformed};
  case What::thinned:
    stats_.frames_thinned++;
    break;
  case What::requantized:
    stats_.frames_requantized++;
    break;
  }
  stats_.quality = result.quality;
  stats_.bytes_out += result.scan.size ();
  return {.is_changed = true, .scan = result.scan, .tables = result.tables};
}

void
RateLimiter::sent (std::size_t bytes)
{
  share_.sent (bytes);
  if (has_bitten_ && bytes_ > 0)
    stats_.largest_overshoot = std::max (stats_.largest_overshoot,
        static_cast<double> (bytes) / static_cast<double> (bytes_) - 1);
}

std::optional<bool>
RateLimiter::news (std::int64_t now)
{
  if (std::exchange (has_bitten_, false))
    last_bite_ = now;
  bool bites = last_bite_ && now - *last_bite_ < quiet_us;
  if (bites == told_ || (last_news_ && now - *last_news_ < news_interval_us))
    return std::nullopt;
  last_news_ = now;
  told_ = bites;
  return bites;
}

} // namespace rfc2435
