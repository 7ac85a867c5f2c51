// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_counts.h"
#include "frame_assembler.h"

namespace rfc2435 {

// What became of frames and packets since the element left READY.
struct ReceiveStats {
  std::uint64_t frames_intact = 0;
  std::uint64_t frames_concealed = 0;
  DropCounts dropped;

  std::uint64_t packets_used = 0;
  std::uint64_t packets_duplicate = 0;
  std::uint64_t packets_late = 0;
  std::uint64_t packets_malformed = 0;
  std::uint64_t packets_lost = 0;

  // MCUs of the frames output, and how many of them were concealed.
  std::uint64_t mcus = 0;
  std::uint64_t mcus_concealed = 0;
  // In the last concealed frame
  GstClockTime oldest_concealed = 0;

  std::uint64_t frames_out () const { return frames_intact + frames_concealed; }

  void count (FrameAssembler::Fate fate);
  GstStructure *to_structure () const;
};

} // namespace rfc2435
