// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace rfc2435 {

// A sleep that another thread can end.
class InterruptibleSleep {
public:
  // False if interrupted, at once if that was before.
  bool sleep_for (std::chrono::nanoseconds duration)
  {
    std::unique_lock lock (mutex_);
    return !changed_.wait_for (lock, duration, [this] { return interrupted_; });
  }

  // Ends the sleep under way and those to come.
  void interrupt ()
  {
    std::lock_guard lock (mutex_);
    interrupted_ = true;
    changed_.notify_all ();
  }

  // Lets sleep again.
  void allow ()
  {
    std::lock_guard lock (mutex_);
    interrupted_ = false;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool interrupted_ = false;
};

} // namespace rfc2435
