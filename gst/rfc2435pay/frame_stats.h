// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_counts.h"
#include "rate_limiter.h"

namespace rfc2435 {

// Counters since the element left READY.
struct FrameStats {
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t frames_unsent = 0; // not completely
  // Among those sent
  std::uint64_t frames_recoded = 0;
  std::uint64_t frames_recoded_lossy = 0;
  std::uint64_t frames_restart_inserted = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t chunks_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t header_bytes_saved = 0;
  std::uint64_t trailing_bytes = 0;
  DropCounts dropped;
  RateStats rate;

  GstStructure *to_structure () const;
};

} // namespace rfc2435
