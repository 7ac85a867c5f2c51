// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>

namespace rfc2435 {

// What is known about the path to a destination: whether the kernel, the device
// and the tunnels on it accept segments, and of which size. Used by the sending
// thread; refusal () can be read by any.
class GsoPolicy {
public:
  using Clock = std::chrono::steady_clock;

  // Paths change: after this time, what was refused is tried again.
  static constexpr Clock::duration retry_interval = std::chrono::seconds (5);

  bool allows (std::size_t segment_size, Clock::time_point now) const
  {
    return segment_size < refused_size_ || now >= retry_time_;
  }

  // Whether `error` says that segments are not accepted. Datagrams sent one by
  // one would meet any other error as well.
  bool refuse (int error, std::size_t segment_size, Clock::time_point now)
  {
    switch (error) {
    case EIO: // no checksum offload, or IPsec
    case ENOPROTOOPT:
    case EOPNOTSUPP:
      refused_size_ = 0;
      break;
    case EINVAL:   // Linux up to 6.12: larger than the path's MTU
    case EMSGSIZE: // later
      refused_size_ = segment_size;
      break;
    default:
      return false;
    }
    retry_time_ = now + retry_interval;
    refusal_.store (error, std::memory_order_relaxed);
    return true;
  }

  // Segments of this size were accepted. If they were refused before, forgets
  // all refusals and returns true.
  bool accept (std::size_t segment_size)
  {
    if (segment_size < refused_size_)
      return false;
    forget ();
    return true;
  }

  void forget ()
  {
    refused_size_ = none;
    refusal_.store (0, std::memory_order_relaxed);
  }

  // The errno of the refusal, or 0.
  int refusal () const { return refusal_.load (std::memory_order_relaxed); }

private:
  static constexpr std::size_t none = 65536; // larger than any

  std::size_t refused_size_ = none; // and all larger ones
  Clock::time_point retry_time_{};
  std::atomic<int> refusal_ = 0;
};

} // namespace rfc2435
