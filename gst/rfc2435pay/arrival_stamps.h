// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <algorithm>

namespace rfc2435 {

// Timestamps for frames that have none, such as those of HTTP cameras. All
// times are running times.
class ArrivalStamps {
public:
  // A frame that arrives more than this after its time by the frame rate gets
  // the time of its arrival: the source has paused.
  static constexpr GstClockTime max_lag = GST_SECOND;
  // Sums of longer intervals would overflow.
  static constexpr GstClockTime max_interval = 24 * 3600 * GST_SECOND;

  // The time of the next frame: one `interval` after the previous one or, if
  // the caps have none (GST_CLOCK_TIME_NONE), its arrival. `now` is
  // GST_CLOCK_TIME_NONE until the pipeline runs.
  GstClockTime next (GstClockTime interval, GstClockTime now)
  {
    bool running = GST_CLOCK_TIME_IS_VALID (now);
    if (!GST_CLOCK_TIME_IS_VALID (last_))
      last_ = running ? now : 0;
    else if (GST_CLOCK_TIME_IS_VALID (interval))
      last_ += std::min (interval, max_interval);
    else if (running)
      last_ = std::max (last_, now);

    if (running && now > last_ && now - last_ > max_lag)
      last_ = now;
    return last_;
  }

  // Whether a frame before this one was given a time that is not earlier.
  bool have_passed (GstClockTime time) const
  {
    return GST_CLOCK_TIME_IS_VALID (last_) && time <= last_;
  }

  // Continues after a frame that had a timestamp.
  void set_last (GstClockTime time) { last_ = time; }
  void reset () { last_ = GST_CLOCK_TIME_NONE; }

private:
  GstClockTime last_ = GST_CLOCK_TIME_NONE;
};

} // namespace rfc2435
