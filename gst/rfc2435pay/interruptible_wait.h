// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <utility>

namespace rfc2435 {

// Waits for a time on a clock; another thread can end the wait.
class InterruptibleWait {
public:
  // False if interrupted; returns at once if that happened before.
  bool until (GstClock *clock, GstClockTime time)
  {
    std::unique_lock lock (mutex_);
    if (interrupted_)
      return false;
    id_ = gst_clock_new_single_shot_id (clock, time);
    lock.unlock ();
    gst_clock_id_wait (id_, nullptr);
    lock.lock ();
    gst_clock_id_unref (std::exchange (id_, nullptr));
    return !interrupted_;
  }

  // Ends the current wait and all later ones.
  void interrupt ()
  {
    std::lock_guard lock (mutex_);
    interrupted_ = true;
    if (id_)
      gst_clock_id_unschedule (id_);
  }

  // Allows waiting again.
  void allow ()
  {
    std::lock_guard lock (mutex_);
    interrupted_ = false;
  }

private:
  std::mutex mutex_;
  GstClockID id_ = nullptr; // changed by the waiting thread alone
  bool interrupted_ = false;
};

} // namespace rfc2435
