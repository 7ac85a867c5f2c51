// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace rfc2435 {

// What is known of the way to a destination: whether the kernel, the device
// and the tunnels on it take segments, and how large ones. Asked and told by
// the thread that sends, read by any.
class GsoPolicy {
public:
  bool allows (std::size_t segment_size) const
  {
    return segment_size < refused_size_.load (std::memory_order_relaxed);
  }

  // Whether `error` says that segments are not taken; remembered for good.
  // Any other error is one that datagrams sent one by one would meet too.
  bool refuse (int error, std::size_t segment_size)
  {
    switch (error) {
    case EIO: // no checksum offload, or IPsec
    case ENOPROTOOPT:
    case EOPNOTSUPP:
      refused_size_.store (0, std::memory_order_relaxed);
      break;
    case EINVAL:   // Linux up to 6.12: larger than the path's MTU
    case EMSGSIZE: // later
      refused_size_.store (segment_size, std::memory_order_relaxed);
      break;
    default:
      return false;
    }
    refusal_.store (error, std::memory_order_relaxed);
    return true;
  }

  // The errno of the last refusal, or 0.
  int refusal () const { return refusal_.load (std::memory_order_relaxed); }

private:
  std::atomic<std::size_t> refused_size_ = 65536; // and all larger ones
  std::atomic<int> refusal_ = 0;
};

} // namespace rfc2435
