// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "source.h"

struct LossyLink {
  double loss = 0; ///< of packets, from 0 to 1
  int seconds = 10;
  std::string error_resilience;
  std::string frame_file; ///< saves what both receivers show at one instant
};

/// Streams over a link that loses packets to rtpjpegdepay and rfc2435depay at
/// the same time, and prints what each of them shows. Returns the exit status:
/// a failure if rfc2435depay does not show a frame of which anything arrived.
int run_lossy_link (const LossyLink &link, const Source &source);
