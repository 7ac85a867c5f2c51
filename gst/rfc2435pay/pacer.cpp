// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pacer.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// With pacing, a sink that synchronizes to the clock has little left to wait
// for, and may not wait at every frame.
constexpr unsigned max_unheld_frames = 8;

// Shorter sleeps cost more than they are worth.
constexpr Pacer::Time min_spacing = 1'000'000;
constexpr Pacer::Time max_spacing = 4'000'000;

// By how much a frame may be later than the least late one before this is
// deducted from its time, as a part of the interval: jitter with a standard
// deviation of an eighth stays within.
constexpr Pacer::Time
allowed_jitter (Pacer::Time interval)
{
  return interval * 3 / 8;
}

} // namespace

Pacer::Time
Pacer::least_lateness () const
{
  return std::min (least_before_, least_now_);
}

// The least lateness must not be forgotten if pacing itself has made all frames
// late, as it does if an encoder in the same thread needs the time. After a
// span in which frames got little time, this is possible; a span without pacing
// then shows whether it is so.
void
Pacer::end_span ()
{
  bool starved = given_ > 0 && given_ < wanted_ / 2;
  least_before_ = starved ? least_lateness () : least_now_;
  least_now_ = never;
  abstains_ = starved;
  frames_ = 0;
  wanted_ = given_ = 0;
}

Pacer::Time
Pacer::room (const FrameTimes &frame, Time window)
{
  auto lateness = frame.now - frame.timestamp;
  auto least = least_lateness ();
  bool gained =
      least != never && least - lateness > allowed_jitter (frame.interval);

  // It is much earlier than recent frames, or was simply not held.
  unheld_frames_ = frame.held ? 0 : unheld_frames_ + 1;
  free_running_ = gained || unheld_frames_ > max_unheld_frames;
  least_now_ = std::min (least_now_, lateness);

  Time room = 0;
  if (!free_running_ && !abstains_) {
    auto time =
        std::min (frame.interval, window + allowed_jitter (frame.interval));
    room = std::clamp<Time> (time - (lateness - least_lateness ()), 0, window);
  }
  wanted_ += window;
  given_ += room;
  if (++frames_ == span_frames)
    end_span ();
  return room;
}

Pacer::Time
burst_spacing (std::size_t left, std::size_t min_burst, Pacer::Time room)
{
  auto bursts = static_cast<Pacer::Time> ((left + min_burst - 1) / min_burst);
  return std::clamp (
      room / std::max<Pacer::Time> (bursts, 1), min_spacing, max_spacing);
}

std::size_t
burst_size (std::size_t left, std::size_t min_burst, Pacer::Time room,
    Pacer::Time spacing)
{
  if (room < spacing)
    return left;
  auto bursts = static_cast<std::size_t> (room / spacing);
  return std::min (left, std::max (min_burst, (left + bursts - 1) / bursts));
}

} // namespace rfc2435
