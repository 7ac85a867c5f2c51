// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_cause.h"

#include <array>
#include <cstdint>

namespace rfc2435 {

// How often an element may repeat a message about the same cause, at most.
inline constexpr std::int64_t message_interval_us = 5'000'000;

// Decides which dropped frames are worth a message: the first for each cause,
// and later ones if some time has passed since the last message.
class DropReport {
public:
  // `now` is monotonic time in microseconds.
  bool is_due (DropCause cause, std::int64_t now)
  {
    auto &next = next_[static_cast<std::size_t> (cause)];
    if (now < next)
      return false;
    next = now + message_interval_us;
    return true;
  }

private:
  std::array<std::int64_t, drop_cause_count> next_{};
};

} // namespace rfc2435
