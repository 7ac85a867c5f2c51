// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "reconnect_policy.h"

#include <algorithm>

namespace v4l2mjpeg {

void
ReconnectPolicy::lost (Clock::time_point now)
{
  if (!lost_since_)
    lost_since_ = now;
}

ReconnectPolicy::Duration
ReconnectPolicy::recovered (Clock::time_point now)
{
  auto gap = lost_for (now);
  lost_since_.reset ();
  wrong_since_.reset ();
  failures_ = 0;
  return gap;
}

ReconnectPolicy::Duration
ReconnectPolicy::lost_for (Clock::time_point now) const
{
  if (!lost_since_)
    return Duration{0};
  return std::chrono::duration_cast<Duration> (now - *lost_since_);
}

std::optional<ReconnectPolicy::Duration>
ReconnectPolicy::absent (Clock::time_point now)
{
  failures_ = 0;
  wrong_since_.reset ();
  return within_limit (now, look_interval);
}

std::optional<ReconnectPolicy::Duration>
ReconnectPolicy::failed (Clock::time_point now)
{
  wrong_since_.reset ();
  return retry (now);
}

std::optional<ReconnectPolicy::Duration>
ReconnectPolicy::wrong (Clock::time_point now)
{
  if (!wrong_since_)
    wrong_since_ = now;
  if (now - *wrong_since_ >= wrong_patience)
    return {};
  return retry (now);
}

std::optional<ReconnectPolicy::Duration>
ReconnectPolicy::retry (Clock::time_point now)
{
  // After six doublings, the delay exceeds the longest.
  auto delay =
      std::min (first_retry * (1 << std::min (failures_, 6u)), last_retry);
  failures_++;
  return within_limit (now, delay);
}

ReconnectPolicy::Duration
ReconnectPolicy::first_frame_allowance (Duration frame_timeout) const
{
  return frame_timeout * (1 << std::min (failures_, 3u));
}

// The last wait ends at the limit, so that the limit is kept.
std::optional<ReconnectPolicy::Duration>
ReconnectPolicy::within_limit (Clock::time_point now, Duration delay) const
{
  if (limit_ == Duration{0})
    return delay;
  auto left = limit_ - lost_for (now);
  if (left <= Duration{0})
    return {};
  return std::min (delay, left);
}

std::string
describe (ReconnectPolicy::Duration duration)
{
  auto count = duration.count ();
  if (count < 1000000)
    return std::to_string (count) + " ns";
  if (count < 1000000000)
    return std::to_string (count / 1000000) + " ms";
  auto text = std::to_string (count / 1000000000);
  if (auto tenths = count / 100000000 % 10; tenths != 0)
    text += '.' + std::to_string (tenths);
  return text + " s";
}

} // namespace v4l2mjpeg
