// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "recoder.h"

#include <gst/gst.h>

#include <array>
#include <chrono>

namespace rfc2435 {

inline constexpr std::size_t recode_error_count =
    static_cast<std::size_t> (RecodeError::out_of_memory) + 1;

struct FlipErrorText {
  const char *name;   // in kebab-case, as in statistics and messages
  const char *remedy; // what the user can do
};

const FlipErrorText &text (RecodeError error);

// What became of the pictures since the element left READY, but for those that
// passed as they were.
struct FlipStats {
  std::uint64_t frames_lossless = 0;
  std::uint64_t frames_lossy = 0;
  std::array<std::uint64_t, recode_error_count> dropped{};
  std::chrono::nanoseconds cpu_time{};

  GstStructure *to_structure () const;
};

} // namespace rfc2435
