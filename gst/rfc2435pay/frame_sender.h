// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interruptible_sleep.h"
#include "pacer.h"

#include <gst/rtp/rtp.h>

#include <span>

namespace rfc2435 {

// Pushes the packets of a frame: as one list, or in bursts spread over a part
// of the frame interval.
class FrameSender {
public:
  struct Settings {
    double part = 0.5; // of the frame interval; 0: no pacing
    // Packets. A third of what a receiver's default socket buffer holds.
    guint min_burst = 32;
  };

  explicit FrameSender (GstRTPBasePayload *payload) : payload_ (payload) {}

  // Takes the packets, at least one. `interval` is the stream's frame interval,
  // or GST_CLOCK_TIME_NONE to go by the timestamps.
  GstFlowReturn send (std::span<GstBuffer *> packets, const Settings &settings,
      GstClockTime interval);

  // Begins a new stream.
  void reset ();

  // Drops what is left of a frame that is being paced, and of those to come
  // until allowed again. From any thread.
  void interrupt () { sleep_.interrupt (); }
  void allow () { sleep_.allow (); }

private:
  GstClockTime running_time (GstClockTime pts) const;
  GstClockTime frame_interval (GstClockTime pts, GstClockTime interval);
  bool is_live ();
  GstFlowReturn push (std::span<GstBuffer *> packets);
  GstFlowReturn push_over (std::span<GstBuffer *> packets, guint min_burst,
      Pacer::Time room, GstFlowReturn flow);

  GstRTPBasePayload *const payload_;
  Pacer pacer_;
  InterruptibleSleep sleep_;
  GstClockTime last_pts_ = GST_CLOCK_TIME_NONE;
  enum class Live { unknown, no, yes } live_ = Live::unknown;
};

} // namespace rfc2435
