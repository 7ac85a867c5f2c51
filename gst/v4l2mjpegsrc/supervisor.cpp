// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The thread that brings a lost camera back.
#include "config.h"

#include "private.h"

#include <algorithm>
#include <limits>
#include <utility>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

using Clock = ReconnectPolicy::Clock;
using Duration = ReconnectPolicy::Duration;

// A restart is tried only after this many frames in a row were dropped. A
// camera that never writes EOI is detected earlier.
constexpr guint damaged_patience = 60;
static_assert (damaged_patience > FrameGuard::eoi_patience);

// How long after a failure the camera may still turn out to be unplugged.
constexpr auto unplug_time = std::chrono::milliseconds (400);

// How often to check that the camera's serial number is still unique.
constexpr auto twin_interval = std::chrono::seconds (2);

constexpr Duration
to_duration (GstClockTime time)
{
  return Duration (static_cast<Duration::rep> (std::min<GstClockTime> (
      time, std::numeric_limits<Duration::rep>::max () / 16)));
}

Clock::time_point
to_time (Clock::rep ticks)
{
  return Clock::time_point (Clock::duration (ticks));
}

class Supervisor {
public:
  explicit Supervisor (GstV4l2MjpegSrc *self)
      : self_ (self), priv_ (self->priv), running_ (priv_->running),
        policy_ (to_duration (running_.reconnect_timeout))
  {}

  void run ();

private:
  using Lock = std::unique_lock<std::mutex>;

  void rest (Lock &lock);
  void idle (Lock &lock);
  void watch (Lock &lock, Duration limit);
  void welcome (Lock &lock);
  void end_stream (Lock &lock);
  void recover (Lock &lock);
  void wait_for_unplug (Lock &lock);
  bool wait_before_retry (Lock &lock, std::optional<Duration> delay);
  Result restart (Failure &failure);
  void close (Failure &failure);
  void give_up (Lock &lock, const Failure &failure);
  void report_lost (const Failure &failure);
  void report_damaged ();

  Duration patience ();
  std::string damage () const;
  bool downstream_is_busy ();

  GstV4l2MjpegSrc *self_;
  GstV4l2MjpegSrcPrivate *priv_;
  const Settings running_;
  ReconnectPolicy policy_;
  bool streamed_ = false; // the camera has sent a picture before
  bool damage_reported_ = false;
  Clock::time_point twins_looked_for_;
  // At the last look for an overdue frame
  bool was_busy_ = false;
  Clock::time_point last_busy_;
};

void
Supervisor::run ()
{
  Lock lock (priv_->events);
  while (!priv_->quit) {
    if (priv_->ended)
      rest (lock);
    else if (priv_->finish)
      end_stream (lock);
    else if (priv_->lost)
      recover (lock);
    else if (priv_->first_frame)
      welcome (lock);
    else
      idle (lock);
  }
}

// Waits after EOS until another stream begins.
void
Supervisor::rest (Lock &lock)
{
  lock.unlock ();
  set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_STOPPED);
  lock.lock ();
  priv_->wake_up.wait (lock, [&] { return priv_->quit || !priv_->ended; });
  if (priv_->quit)
    return;
  lock.unlock ();
  set_status (self_, policy_.is_lost () ? GST_V4L2_MJPEG_SRC_STATUS_WAITING
                                        : GST_V4L2_MJPEG_SRC_STATUS_STARTING);
  lock.lock ();
}

// Waits until something happens, or nothing has happened for too long.
void
Supervisor::idle (Lock &lock)
{
  auto happened = [&] {
    return priv_->quit || priv_->ended || priv_->finish || priv_->lost ||
           priv_->first_frame || priv_->resumed;
  };
  priv_->resumed = false;
  auto limit = patience ();
  auto until = Clock::now () + twin_interval;
  if (limit != Duration{0} && priv_->playing)
    until = std::min (
        until, std::max (to_time (priv_->last_arrival), last_busy_) + limit);
  if (!priv_->wake_up.wait_until (lock, until, happened))
    watch (lock, limit);
}

// Called when nothing has happened for a while.
void
Supervisor::watch (Lock &lock, Duration limit)
{
  auto now = Clock::now ();
  if (now >= twins_looked_for_ + twin_interval) {
    twins_looked_for_ = now;
    lock.unlock ();
    {
      std::lock_guard lifecycle (priv_->lifecycle);
      look_for_twins (self_);
    }
    lock.lock ();
  }
  if (limit == Duration{0} || !priv_->playing || priv_->lost)
    return;

  auto last_alive = std::max (to_time (priv_->last_arrival), last_busy_);
  if (now >= last_alive + limit) {
    // After that, the camera has its full time for the next frame.
    bool is_busy = downstream_is_busy ();
    bool was_busy =
        std::exchange (was_busy_, is_busy) && last_alive == last_busy_;
    if (is_busy || was_busy) {
      last_busy_ = now;
      return;
    }
    priv_->lost = true;
    priv_->failure = {.code = GST_RESOURCE_ERROR_READ,
        .text = "The camera has sent no picture for " + describe (limit) + "."};
    return;
  }
  if (priv_->dropped_in_a_row == 0)
    damage_reported_ = false;
  else if (now >= to_time (priv_->last_frame) + limit) {
    if (priv_->dropped_in_a_row >= damaged_patience) {
      priv_->lost = true;
      priv_->failure = {.domain = GST_STREAM_ERROR,
          .code = GST_STREAM_ERROR_DECODE,
          .text = damage ()};
    } else if (!std::exchange (damage_reported_, true)) {
      lock.unlock ();
      report_damaged ();
      lock.lock ();
    }
  }
}

std::string
Supervisor::damage () const
{
  return "The camera sends only damaged pictures: " +
         std::to_string (priv_->dropped_in_a_row) + " in a row, the last one " +
         rfc2435::text (priv_->last_cause).found + ".";
}

// A slow camera is not a silent one: several frames must be missing.
Duration
Supervisor::patience ()
{
  if (!running_.reconnect || running_.frame_timeout == 0)
    return Duration{0};
  auto limit = to_duration (running_.frame_timeout);
  gint numerator = 0, denominator = 1;
  {
    std::lock_guard lock (priv_->stats_lock);
    if (priv_->mode_caps)
      gst_structure_get_fraction (gst_caps_get_structure (priv_->mode_caps, 0),
          "framerate", &numerator, &denominator);
  }
  if (numerator > 0)
    limit = std::max (limit, to_duration (gst_util_uint64_scale (4 * GST_SECOND,
                                 static_cast<guint64> (denominator),
                                 static_cast<guint64> (numerator))));
  return priv_->flowing ? limit : policy_.first_frame_allowance (limit);
}

// No frame can come while downstream is still busy with the last one.
bool
Supervisor::downstream_is_busy ()
{
  auto pad = gst_element_get_static_pad (priv_->filter, "sink");
  auto mutex = GST_PAD_GET_STREAM_LOCK (pad);
  bool busy = !g_rec_mutex_trylock (mutex);
  if (!busy)
    g_rec_mutex_unlock (mutex);
  gst_object_unref (pad);
  return busy;
}

void
Supervisor::welcome (Lock &lock)
{
  priv_->first_frame = false;
  bool was_lost = policy_.is_lost ();
  auto gap = policy_.recovered (Clock::now ());
  damage_reported_ = false;
  lock.unlock ();

  if (was_lost) {
    GstStructure *structure = nullptr;
    std::string text = "The source";
    {
      std::lock_guard stats_lock (priv_->stats_lock);
      priv_->stats.reconnects += streamed_;
      structure = gst_structure_new ("v4l2mjpegsrc-recovered", "gap",
          G_TYPE_UINT64, static_cast<guint64> (gap.count ()), "reconnects",
          G_TYPE_UINT, priv_->stats.reconnects, "device", G_TYPE_STRING,
          priv_->camera ? priv_->camera->path.c_str () : nullptr, nullptr);
      if (priv_->camera)
        text = "The camera " + describe (*priv_->camera);
    }
    text += streamed_ ? " is back" : " was found";
    gst_element_post_message (GST_ELEMENT (self_),
        new_info (self_, text + " after " + describe (gap) + "."));
    GST_INFO_OBJECT (self_, "%" GST_PTR_FORMAT, structure);
    gst_element_post_message (GST_ELEMENT (self_),
        gst_message_new_element (GST_OBJECT (self_), structure));
  }
  streamed_ = true;
  set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_STREAMING);
  lock.lock ();
}

void
Supervisor::end_stream (Lock &lock)
{
  priv_->finish = false;
  // Nothing has begun that could end.
  if (priv_->target < GST_STATE_PAUSED)
    return;
  priv_->ended = true;
  auto stream = priv_->stream;
  lock.unlock ();
  {
    auto lifecycle = lock_behind_gate (self_);
    retreat (self_, GST_STATE_READY);
    priv_->gate_closed = false;
  }
  push_eos (self_, stream);
  lock.lock ();
}

void
Supervisor::recover (Lock &lock)
{
  auto failure = priv_->failure;
  bool first_loss = !policy_.is_lost ();
  policy_.lost (Clock::now ());
  if (failure.domain == GST_RESOURCE_ERROR &&
      failure.code == GST_RESOURCE_ERROR_READ)
    wait_for_unplug (lock);
  lock.unlock ();
  close (failure);
  if (first_loss)
    report_lost (failure);
  set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_WAITING);
  lock.lock ();

  std::optional<Duration> delay = Duration{0};
  if (!first_loss)
    delay = policy_.failed (Clock::now ());
  while (wait_before_retry (lock, delay)) {
    priv_->lost = false;
    priv_->first_frame = false;
    lock.unlock ();
    auto result = restart (failure);
    lock.lock ();
    auto now = Clock::now ();
    switch (result) {
    case Result::done:
      return;
    case Result::absent:
      delay = policy_.absent (now);
      break;
    case Result::failed:
      delay = policy_.failed (now);
      break;
    case Result::wrong:
      // What it supported once, it will support again.
      delay = streamed_ ? policy_.wrong (now) : std::nullopt;
      if (!delay) {
        give_up (lock, failure);
        return;
      }
      break;
    }
    priv_->lost = true;
  }
  if (!delay)
    give_up (lock,
        {.code = GST_RESOURCE_ERROR_NOT_FOUND,
            .text = "The camera did not come back within " +
                    describe (to_duration (running_.reconnect_timeout)) + ".",
            .debug = failure.text});
}

// A camera that is unplugged fails at once, but it takes time until the hub is
// sure and the kernel removes the node.
void
Supervisor::wait_for_unplug (Lock &lock)
{
  auto over = [&] {
    return priv_->quit || priv_->finish;
  };
  auto end = Clock::now () + unplug_time;
  for (bool there = true; there && Clock::now () < end;) {
    lock.unlock ();
    {
      std::lock_guard lifecycle (priv_->lifecycle);
      there = priv_->source_is_v4l2src && is_still_there (priv_);
    }
    lock.lock ();
    if (there && priv_->wake_up.wait_for (lock, unplug_time / 20, over))
      return;
  }
}

// False if retrying no longer makes sense.
bool
Supervisor::wait_before_retry (Lock &lock, std::optional<Duration> delay)
{
  auto over = [&] {
    return priv_->quit || priv_->finish;
  };
  return delay && !priv_->wake_up.wait_for (lock, *delay, over);
}

Result
Supervisor::restart (Failure &failure)
{
  auto result = Result::failed;
  {
    std::lock_guard lifecycle (priv_->lifecycle);
    result = open_camera (self_, failure);
    if (result == Result::done)
      result = advance (self_, failure);
  }
  GST_DEBUG_OBJECT (self_, "start: %d, %s", static_cast<int> (result),
      result == Result::done ? "" : failure.text.c_str ());
  announce (self_);
  if (result == Result::done) {
    set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_STARTING);
    return result;
  }
  auto lifecycle = lock_behind_gate (self_);
  close_camera (self_);
  return result;
}

void
Supervisor::close (Failure &failure)
{
  auto lifecycle = lock_behind_gate (self_);
  bool was_flowing = priv_->flowing;
  // A mode from a range may not be supported: try another one.
  if (!was_flowing && priv_->mode && priv_->mode->from_range &&
      !priv_->vain_mode)
    priv_->vain_mode = priv_->mode;
  look_for_twins (self_);
  close_camera (self_);
  explain_failure (self_, failure, was_flowing);
}

void
Supervisor::give_up (Lock &lock, const Failure &failure)
{
  // Another stream may try again.
  priv_->lost = true;
  priv_->failure = failure;
  priv_->ended = true;
  auto stream = priv_->stream;
  policy_ = ReconnectPolicy (to_duration (running_.reconnect_timeout));
  lock.unlock ();
  post_error (self_, failure);
  {
    auto lifecycle = lock_behind_gate (self_);
    priv_->gate_closed = false;
  }
  if (priv_->target >= GST_STATE_PAUSED)
    push_eos (self_, stream);
  lock.lock ();
}

void
Supervisor::report_lost (const Failure &failure)
{
  auto structure = gst_structure_new ("v4l2mjpegsrc-lost", "reason",
      G_TYPE_STRING, failure.text.c_str (), nullptr);
  {
    std::lock_guard lock (priv_->stats_lock);
    if (priv_->camera)
      gst_structure_set (structure, "device", G_TYPE_STRING,
          priv_->camera->path.c_str (), "device-name", G_TYPE_STRING,
          priv_->camera->name.c_str (), nullptr);
  }
  gst_element_post_message (
      GST_ELEMENT (self_), gst_message_new_element (GST_OBJECT (self_),
                               gst_structure_copy (structure)));
  // Some texts of v4l2src lack the full stop.
  auto text = failure.text;
  if (!text.ends_with ('.'))
    text += '.';
  text += std::string (" Waiting for ") + failure.awaited + ".";
  gst_element_message_full_with_details (GST_ELEMENT (self_),
      GST_MESSAGE_WARNING, failure.domain, failure.code,
      g_strdup (text.c_str ()),
      failure.debug.empty () ? nullptr : g_strdup (failure.debug.c_str ()),
      __FILE__, GST_FUNCTION, __LINE__, structure);
}

void
Supervisor::report_damaged ()
{
  GST_ELEMENT_WARNING (self_, STREAM, DECODE, ("%s", damage ().c_str ()),
      ("They are dropped; see the property 'frame-stats'."));
}

} // namespace

void
supervise (GstV4l2MjpegSrc *self)
{
  Supervisor (self).run ();
}

} // namespace v4l2mjpeg
