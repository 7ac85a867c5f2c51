// SPDX-License-Identifier: LGPL-2.1-or-later
// The thread that brings a lost camera back.
#include "config.h"

#include "private.h"

#include <algorithm>
#include <utility>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

using Clock = ReconnectPolicy::Clock;
using Duration = ReconnectPolicy::Duration;

constexpr Duration
to_duration (GstClockTime time)
{
  return Duration (static_cast<Duration::rep> (GST_TIME_AS_MSECONDS (time)));
}

class Supervisor {
public:
  explicit Supervisor (GstV4l2MjpegSrc *self)
      : self_ (self), priv_ (self->priv),
        policy_ (to_duration (priv_->running.reconnect_timeout))
  {}

  void run ();

private:
  using Lock = std::unique_lock<std::mutex>;

  void idle (Lock &lock);
  void welcome (Lock &lock);
  void end_stream (Lock &lock);
  void recover (Lock &lock);
  bool wait_before_retry (Lock &lock, std::optional<Duration> delay);
  Result restart (Failure &failure);
  void settle ();
  void give_up (Lock &lock, const Failure &failure);
  void report_lost (const Failure &failure);

  Duration patience ();
  bool downstream_is_busy ();

  GstV4l2MjpegSrc *self_;
  GstV4l2MjpegSrcPrivate *priv_;
  ReconnectPolicy policy_;
  bool streamed_ = false; // else it comes, but not back
  // When last looked at, for a frame that is overdue
  bool was_busy_ = false;
  Clock::time_point last_busy_;
};

void
Supervisor::run ()
{
  Lock lock (priv_->events);
  while (!priv_->quit) {
    if (priv_->ended) {
      lock.unlock ();
      set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_STOPPED);
      lock.lock ();
      priv_->wake_up.wait (lock, [&] { return priv_->quit || !priv_->ended; });
    } else if (priv_->finish) {
      end_stream (lock);
    } else if (priv_->lost) {
      recover (lock);
    } else if (priv_->first_frame) {
      welcome (lock);
    } else {
      idle (lock);
    }
  }
}

// Until something happens, or nothing for too long.
void
Supervisor::idle (Lock &lock)
{
  auto happened = [&] {
    return priv_->quit || priv_->ended || priv_->finish || priv_->lost ||
           priv_->first_frame;
  };
  auto limit = patience ();
  if (limit == Duration{0}) {
    priv_->wake_up.wait (lock, happened);
    return;
  }
  auto last = [&] {
    return std::max (
        Clock::time_point (Clock::duration (priv_->last_frame.load ())),
        last_busy_);
  };
  if (!priv_->playing) {
    priv_->wake_up.wait_for (lock, limit, happened);
    return;
  }
  if (priv_->wake_up.wait_until (lock, last () + limit, happened))
    return;
  if (priv_->playing && Clock::now () >= last () + limit) {
    // When that is over, the camera has as long as ever for its next frame.
    bool is_busy = downstream_is_busy ();
    bool was_busy = std::exchange (was_busy_, is_busy) && last () == last_busy_;
    if (is_busy || was_busy) {
      last_busy_ = Clock::now ();
      return;
    }
    priv_->lost = true;
    priv_->failure = {.code = GST_RESOURCE_ERROR_READ,
        .text = "The camera has sent no picture for " +
                std::to_string (limit.count ()) + " ms."};
  }
}

// A slow camera is not a silent one: some frames must be missing.
Duration
Supervisor::patience ()
{
  const auto &running = priv_->running;
  if (!running.reconnect || running.frame_timeout == 0)
    return Duration{0};
  auto limit = to_duration (running.frame_timeout);
  gint numerator = 0, denominator = 1;
  {
    std::lock_guard lock (priv_->stats_lock);
    if (priv_->mode_caps)
      gst_structure_get_fraction (gst_caps_get_structure (priv_->mode_caps, 0),
          "framerate", &numerator, &denominator);
  }
  if (numerator > 0)
    limit = std::max (limit, Duration (4000ll * denominator / numerator));
  return priv_->flowing ? limit : policy_.first_frame_allowance (limit);
}

// The next frame can't come while the last one is still being taken.
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
  lock.unlock ();

  if (was_lost) {
    GstStructure *structure = nullptr;
    {
      std::lock_guard stats_lock (priv_->stats_lock);
      priv_->stats.reconnects += streamed_;
      structure =
          gst_structure_new ("v4l2mjpegsrc-recovered", "gap", G_TYPE_UINT64,
              static_cast<guint64> (gap.count ()) * GST_MSECOND, "reconnects",
              G_TYPE_UINT, priv_->stats.reconnects, "device", G_TYPE_STRING,
              priv_->camera ? priv_->camera->path.c_str () : nullptr, nullptr);
    }
    GST_INFO_OBJECT (self_, "the camera is back: %" GST_PTR_FORMAT, structure);
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
  priv_->finishing = true;
  if (priv_->lost)
    return;
  lock.unlock ();
  // Nobody but this thread closes it.
  if (priv_->opened && priv_->target >= GST_STATE_PAUSED)
    gst_element_send_event (priv_->source, gst_event_new_eos ());
  lock.lock ();
}

void
Supervisor::recover (Lock &lock)
{
  auto failure = priv_->failure;
  bool first_loss = !policy_.is_lost ();
  bool was_flowing = priv_->flowing;
  policy_.lost (Clock::now ());
  lock.unlock ();

  {
    std::lock_guard lifecycle (priv_->lifecycle);
    close_camera (self_);
    if (!was_flowing)
      explain_start_failure (self_, failure);
  }
  settle ();
  lock.lock ();
  if (priv_->finishing) {
    priv_->lost = false;
    lock.unlock ();
    push_eos (self_);
    lock.lock ();
    return;
  }
  if (first_loss) {
    lock.unlock ();
    report_lost (failure);
    lock.lock ();
  }
  std::optional<Duration> delay = Duration{0};
  if (!first_loss)
    delay = policy_.failed (Clock::now ());
  while (wait_before_retry (lock, delay)) {
    priv_->lost = false;
    priv_->first_frame = false;
    lock.unlock ();
    auto result = restart (failure);
    lock.lock ();
    switch (result) {
    case Result::done:
      return;
    case Result::absent:
      delay = policy_.absent (Clock::now ());
      break;
    case Result::failed:
      delay = policy_.failed (Clock::now ());
      break;
    case Result::wrong:
      give_up (lock, failure);
      return;
    }
    priv_->lost = true;
  }
  if (!delay)
    give_up (
        lock, {.code = GST_RESOURCE_ERROR_NOT_FOUND,
                  .text = "The camera did not come back within " +
                          std::to_string (
                              priv_->running.reconnect_timeout / GST_MSECOND) +
                          " ms.",
                  .debug = failure.text});
}

// False when there is nothing to retry for any more.
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
    // The application may have begun to stop meanwhile.
    if (priv_->target == GST_STATE_NULL)
      return result;
    result = open_camera (self_, failure);
    if (result == Result::done)
      result = advance (self_, failure);
    if (result != Result::done)
      close_camera (self_);
  }
  settle ();
  if (result == Result::done)
    set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_STARTING);
  return result;
}

// The application does not wait for `lifecycle` on its way down.
void
Supervisor::settle ()
{
  GstState settled = GST_STATE_VOID_PENDING;
  while (settled != priv_->target) {
    std::lock_guard lifecycle (priv_->lifecycle);
    settled = priv_->target;
    retreat (self_);
  }
}

void
Supervisor::give_up (Lock &lock, const Failure &failure)
{
  lock.unlock ();
  post_error (self_, failure);
  if (priv_->target >= GST_STATE_PAUSED)
    push_eos (self_);
  priv_->ended = true;
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
  auto text = failure.text + " Waiting for the camera.";
  gst_element_message_full_with_details (GST_ELEMENT (self_),
      GST_MESSAGE_WARNING, failure.domain, failure.code,
      g_strdup (text.c_str ()),
      failure.debug.empty () ? nullptr : g_strdup (failure.debug.c_str ()),
      __FILE__, GST_FUNCTION, __LINE__, structure);
  set_status (self_, GST_V4L2_MJPEG_SRC_STATUS_WAITING);
}

} // namespace

void
supervise (GstV4l2MjpegSrc *self)
{
  Supervisor (self).run ();
}

void
set_status (GstV4l2MjpegSrc *self, GstV4l2MjpegSrcStatus status)
{
  auto priv = self->priv;
  {
    std::lock_guard lock (priv->stats_lock);
    if (priv->status == status)
      return;
    priv->status = status;
  }
  g_object_notify (G_OBJECT (self), "status");
}

void
post_error (GstV4l2MjpegSrc *self, const Failure &failure)
{
  gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
      failure.domain, failure.code, g_strdup (failure.text.c_str ()),
      failure.debug.empty () ? nullptr : g_strdup (failure.debug.c_str ()),
      __FILE__, GST_FUNCTION, __LINE__);
}

} // namespace v4l2mjpeg
