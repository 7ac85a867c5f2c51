// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <ctime>

namespace rfc2435 {

// The CPU time that the calling thread has used so far.
inline std::chrono::nanoseconds
thread_cpu_time ()
{
  timespec now{};
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds (now.tv_sec) +
         std::chrono::nanoseconds (now.tv_nsec);
}

} // namespace rfc2435
