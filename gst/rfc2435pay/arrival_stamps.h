// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <algorithm>

namespace rfc2435 {

// Times for frames that come without, as those of HTTP cameras do. All times
// are running times.
class ArrivalStamps {
public:
  // What arrives later than this after the time it would have by the frame rate
  // is stamped with its arrival: the source has paused.
  static constexpr GstClockTime max_lag = GST_SECOND;
  // Sums of longer intervals would overflow.
  static constexpr GstClockTime max_interval = 24 * 3600 * GST_SECOND;

  // The time of the next frame: one `interval` after the one before or, where
  // the caps tell none (GST_CLOCK_TIME_NONE), when it arrives. `now` is
  // GST_CLOCK_TIME_NONE while the pipeline does not run yet.
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

  // Goes on behind a frame that had a time of its own.
  void set_last (GstClockTime time) { last_ = time; }
  void reset () { last_ = GST_CLOCK_TIME_NONE; }

private:
  GstClockTime last_ = GST_CLOCK_TIME_NONE;
};

} // namespace rfc2435
