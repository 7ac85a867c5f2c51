// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pacer.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// A sink that waits for the clock has little to wait for if pacing takes the
// time, so it need not do so at every frame.
constexpr unsigned max_unheld_frames = 8;

// Shorter sleeps cost more than they spread.
constexpr Pacer::Time min_spacing = 1'000'000;
constexpr Pacer::Time max_spacing = 4'000'000;

// Frames that are all late by the same are not late but of a source that has
// become slower to deliver.
constexpr unsigned frames_to_accept = 64;

} // namespace

// Only while nothing is paced, so that it is not pacing that makes the stream
// late.
void
Pacer::accept_lateness (Time lateness, Time interval)
{
  auto change = lateness - late_since_;
  if (late_frames_ == 0 || change > interval / 4 || change < -interval / 4) {
    late_frames_ = 1;
    late_since_ = lateness;
  } else if (++late_frames_ == frames_to_accept) {
    late_frames_ = 0;
    least_lateness_ = lateness;
  }
}

Pacer::Time
Pacer::room (const FrameTimes &frame, Time window)
{
  auto lateness = frame.now - frame.timestamp;
  if (!started_) {
    started_ = true;
    least_lateness_ = lateness;
  }

  // A good part of an interval earlier than ever before, or just not held
  auto gain = least_lateness_ - lateness;
  unheld_frames_ = frame.held ? 0 : unheld_frames_ + 1;
  free_running_ =
      gain > frame.interval * 3 / 8 || unheld_frames_ > max_unheld_frames;
  least_lateness_ = std::min (least_lateness_, lateness);
  if (free_running_)
    return 0;

  auto room = window - (lateness - least_lateness_);
  if (room > 0)
    late_frames_ = 0;
  else
    accept_lateness (lateness, frame.interval);
  return std::max<Time> (room, 0);
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
