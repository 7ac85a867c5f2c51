// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "interruptible_wait.h"
#include "pacer.h"

#include <gst/rtp/rtp.h>

#include <cstdint>
#include <span>

namespace rfc2435 {

// Pushes the packets of a frame: as one list, or in bursts spread over part of
// the frame interval.
//
// The base class gets the whole frame at once. It numbers the packets,
// timestamps them and writes header extensions into all of them before it
// pushes the list, which is split again at the source pad. So a change in the
// meantime does not affect part of a frame, and packets that are not sent leave
// a gap in the sequence numbers, which tells receivers that the frame is
// incomplete.
class FrameSender {
public:
  struct Settings {
    double part = 0.5; // of the frame interval; 0: no pacing
    // In packets: a third of what a receiver's default socket buffer holds.
    guint min_burst = 32;

    bool operator== (const Settings &) const = default;
  };

  struct Timing {
    // In running time, or GST_CLOCK_TIME_NONE.
    GstClockTime timestamp = GST_CLOCK_TIME_NONE;
    // The frame interval according to the caps, or GST_CLOCK_TIME_NONE to
    // derive it from the timestamps.
    GstClockTime interval = GST_CLOCK_TIME_NONE;
    // Whether the timestamps are those of the frames' arrival.
    bool by_arrival = false;
  };

  // What was pushed of a frame, and how.
  struct Sent {
    GstFlowReturn flow = GST_FLOW_OK;
    // Accepted by downstream
    std::size_t packets = 0;
    std::uint64_t bytes = 0;
    unsigned bursts = 0;
    // The time that the packets after the first burst were given
    Pacer::Time room = 0;
  };

  explicit FrameSender (GstRTPBasePayload *payload);
  FrameSender (const FrameSender &) = delete;
  FrameSender &operator= (const FrameSender &) = delete;

  // Takes ownership of the packets, of which there is at least one.
  Sent send (std::span<GstBuffer *> packets, const Settings &settings,
      const Timing &timing);

  // GST_CLOCK_TIME_NONE if there is none.
  GstClockTime running_time (GstClockTime pts) const;

  // Begins a new stream.
  void reset ();

  // Ends waiting: the rest of a frame that is being paced is pushed at once,
  // and so are further frames until waiting is allowed again. From any thread.
  void interrupt () { wait_.interrupt (); }
  void allow () { wait_.allow (); }

private:
  class RunningClock;

  static GstPadProbeReturn on_list (
      GstPad *pad, GstPadProbeInfo *info, gpointer sender);

  GstClockTime frame_interval (GstClockTime timestamp, GstClockTime interval);
  bool is_live ();
  void take_into_account (const RunningClock &clock);
  void count_burst (std::span<GstBuffer *> packets);
  GstFlowReturn push_burst (std::size_t count);
  GstFlowReturn push_bursts ();
  GstFlowReturn spread (const RunningClock &clock);

  GstRTPBasePayload *const payload_;
  Pacer pacer_;
  InterruptibleWait wait_;
  GstClockTime last_timestamp_ = GST_CLOCK_TIME_NONE;
  enum class Live { unknown, no, yes } live_ = Live::unknown;
  bool clockless_ = false; // even after a frame was pushed

  // The current frame
  std::span<GstBuffer *> packets_; // still to be pushed
  std::size_t first_burst_ = 0;
  Settings settings_;
  GstClockTime timestamp_ = GST_CLOCK_TIME_NONE; // running time
  GstClockTime interval_ = GST_CLOCK_TIME_NONE;
  bool by_arrival_ = false;
  Pacer::Time begin_ = 0; // running time
  bool pushing_burst_ = false;
  Sent sent_;
};

} // namespace rfc2435
