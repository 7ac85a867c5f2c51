// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace rfc2435 {

// The picture that was output last, and when its parts arrived.
struct ShownPicture {
  struct Interval {
    std::uint32_t begin; // in the scan
    std::uint32_t end;
    std::uint32_t arrived; // RTP timestamp
  };

  Picture picture;
  std::uint32_t timestamp = 0;
  // Empty until requested.
  std::vector<Interval> intervals;
  // When the MCUs of a healed picture without restart markers arrived, as RTP
  // timestamps.
  std::vector<std::uint32_t> mcus_arrived;

  // Finds the restart intervals; false if there are not `count` of them.
  bool find_intervals (std::uint32_t count);
};

} // namespace rfc2435
