// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace v4l2mjpeg {

// When to look for a lost camera again, and when to give up. Time is passed in,
// so that tests need not wait.
class ReconnectPolicy {
public:
  using Clock = std::chrono::steady_clock;
  using Duration = std::chrono::nanoseconds;

  // An absent camera is looked for at this rate: that only reads sysfs.
  static constexpr Duration look_interval = std::chrono::milliseconds (100);
  // A camera that is present but fails to start is retried at growing
  // intervals.
  static constexpr Duration first_retry = std::chrono::milliseconds (100);
  static constexpr Duration last_retry = std::chrono::seconds (5);
  // A camera that has worked, but now seems unable to, may just be starting up,
  // or being unplugged.
  static constexpr Duration wrong_patience = std::chrono::seconds (10);

  // How long to go without a frame; 0 means forever.
  explicit ReconnectPolicy (Duration limit = Duration{0}) : limit_ (limit) {}

  // The camera is gone. If it is lost already, the first loss counts.
  void lost (Clock::time_point now);
  // A frame has arrived. Returns the time without one.
  Duration recovered (Clock::time_point now);
  bool is_lost () const { return lost_since_.has_value (); }
  Duration lost_for (Clock::time_point now) const;

  // How long to wait after the camera was not found, or was found and failed.
  // Nothing if the limit has passed.
  std::optional<Duration> absent (Clock::time_point now);
  std::optional<Duration> failed (Clock::time_point now);
  // The same for a camera that no longer supports what it did before.
  std::optional<Duration> wrong (Clock::time_point now);

  // How long a camera that was just started may take until its first frame:
  // longer after each failure.
  Duration first_frame_allowance (Duration frame_timeout) const;

private:
  std::optional<Duration> retry (Clock::time_point now);
  std::optional<Duration> within_limit (
      Clock::time_point now, Duration delay) const;

  Duration limit_;
  std::optional<Clock::time_point> lost_since_;
  std::optional<Clock::time_point> wrong_since_;
  unsigned failures_ = 0;
};

// "3 s", "1.5 s", "300 ms", "10 ns"
std::string describe (ReconnectPolicy::Duration duration);

} // namespace v4l2mjpeg
