// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "source.h"

struct LossyLink {
  double loss = 0; ///< of packets, from 0 to 1
  int seconds = 10;
  std::string error_resilience;
  std::string frame_file; ///< for what both receivers show at one instant
};

/// Streams over a link that loses packets to rtpjpegdepay and to rfc2435depay
/// at once, and tells what each of them shows. What the program is to exit
/// with: a failure if rfc2435depay shows nothing of a frame of which anything
/// arrived.
int run_lossy_link (const LossyLink &link, const Source &source);
