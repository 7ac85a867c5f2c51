// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_share.h"

#include <algorithm>

namespace rfc2435 {
namespace {

using Time = RateShare::Time;

constexpr Time second = 1'000'000'000;

// A quiet time must not permit a burst: any share beyond this interval is lost.
constexpr Time max_interval = second;

// Unused shares are saved up to a quarter of a frame, for timestamps with
// jitter. A frame gets little of it, so that none is much larger than its
// share.
constexpr Time kept_part = 4;
constexpr Time spent_part = 25;

// The part of an excess that the next frame compensates.
constexpr Time repaid_part = 4;

std::size_t
bytes_in (Time time, std::uint32_t bit_rate)
{
  // Times are at most a few seconds.
  return static_cast<std::size_t> (
      static_cast<double> (time) * bit_rate / (8.0 * second));
}

// It lies between the middle two of the first four. Without branches, since it
// is computed for each frame.
Time
median (const std::array<Time, 5> &of)
{
  auto one = std::max (std::min (of[0], of[1]), std::min (of[2], of[3]));
  auto other = std::min (std::max (of[0], of[1]), std::max (of[2], of[3]));
  return std::clamp (of[4], std::min (one, other), std::max (one, other));
}

} // namespace

Time
RateShare::median_interval (Time nominal) const
{
  if (count_ >= window)
    return median (intervals_);
  auto count = count_;
  if (count == 0)
    return nominal;
  auto sorted = intervals_;
  auto middle = sorted.begin () + count / 2;
  std::nth_element (sorted.begin (), middle, sorted.begin () + count);
  return *middle;
}

void
RateShare::advance (std::optional<Time> timestamp, Time nominal)
{
  Time passed = 0;
  if (timestamp && last_ && *timestamp >= *last_) {
    passed = std::min (*timestamp - *last_, max_interval);
    intervals_[count_++ % window] = passed;
    interval_ = median_interval (nominal);
  } else {
    // The first frame, one without a timestamp, or time has jumped back.
    interval_ = median_interval (nominal);
    passed = is_first_ ? 0 : interval_;
  }
  if (timestamp)
    last_ = timestamp;
  is_first_ = false;
  ahead_ = std::max (ahead_ - passed, -interval_ / kept_part);
}

std::size_t
RateShare::begin_frame (
    std::uint32_t bit_rate, std::optional<Time> timestamp, Time nominal)
{
  bit_rate_ = bit_rate;
  advance (timestamp, std::clamp (nominal, Time{1}, max_interval));
  auto share = std::min (interval_ + unused_, max_interval);
  auto time = share - std::max (ahead_ / repaid_part, -interval_ / spent_part);
  return bytes_in (std::max (time, Time{0}), bit_rate);
}

void
RateShare::sent (std::size_t bytes)
{
  unused_ = 0;
  if (bit_rate_ != 0)
    ahead_ += static_cast<Time> (
        8.0 * second * static_cast<double> (bytes) / bit_rate_);
}

void
RateShare::dropped ()
{
  unused_ = std::min (unused_ + interval_, max_interval);
}

} // namespace rfc2435
