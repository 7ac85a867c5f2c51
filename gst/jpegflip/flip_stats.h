// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_counts.h"

#include <chrono>

namespace rfc2435 {

// Counters since the element left READY, not including pictures passed on
// unchanged.
struct FlipStats {
  std::uint64_t frames_lossless = 0;
  std::uint64_t frames_lossy = 0;
  std::uint64_t trailing_bytes = 0;
  DropCounts dropped;
  std::chrono::nanoseconds cpu_time{};

  GstStructure *to_structure () const;
};

} // namespace rfc2435
