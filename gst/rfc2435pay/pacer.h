// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace rfc2435 {

// Decides over how much time the packets of a frame are spread.
//
// A frame sent as one burst overflows a receiver's socket buffer; spread over
// part of the frame interval, it does not. But a stream that neither its source
// nor its sink synchronizes to the clock must not be held back, and no stream
// must become late. So each frame is examined after its first packets were
// sent: its lateness (the clock's time minus its timestamp) is compared with
// the least lateness of the last 64 to 128 frames. If a frame is later than
// that by more than the usual jitter, it gets that much less time, and all of
// it is sent before the next frame is due.
//
// All times are in nanoseconds, on one clock.
class Pacer {
public:
  using Time = std::int64_t;

  // The least lateness of a span is remembered for one to two spans.
  static constexpr unsigned span_frames = 64;

  struct FrameTimes {
    Time timestamp;
    Time now;      // after its first packets were sent
    Time interval; // from one frame to the next
    // Whether the source is live, or the sink waited for the clock.
    bool held;
  };

  // Begins a new stream: after a flush, a new segment, a gap.
  void reset () { *this = Pacer{}; }

  // Takes a frame into account, and returns how long its remaining packets may
  // take: up to `window`, a part of the interval.
  Time room (const FrameTimes &frame, Time window);

  // Whether nothing synchronized the stream to the clock at the last frame.
  bool is_free_running () const { return free_running_; }

private:
  Time least_lateness () const;
  void end_span ();

  static constexpr Time never = std::numeric_limits<Time>::max ();

  bool free_running_ = false;
  unsigned unheld_frames_ = 0; // in a row
  // The least lateness in the previous span, and so far in this one.
  Time least_before_ = never;
  Time least_now_ = never;
  // In this span
  unsigned frames_ = 0;
  Time wanted_ = 0;
  Time given_ = 0;
  // Whether pacing is off during this span.
  bool abstains_ = false;
};

// The time from one burst to the next with which `left` packets are sent within
// `room`: long enough to wake up rarely and give receivers time, but not so
// long that a small frame takes all the room.
Pacer::Time burst_spacing (
    std::size_t left, std::size_t min_burst, Pacer::Time room);

// How many of `left` packets the next burst contains, if there is one every
// `spacing` from now on and all are to be sent within `room`; at least
// `min_burst`.
std::size_t burst_size (std::size_t left, std::size_t min_burst,
    Pacer::Time room, Pacer::Time spacing);

} // namespace rfc2435
