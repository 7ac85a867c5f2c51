// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Why a frame of which packets arrived is not put out.
enum class FrameFault : std::uint8_t {
  cut_scan,       // packets are missing, and nothing may or can stand for them
  missing_tables, // lost with the first packet, or never sent
  no_dimensions,
  malformed,     // ONVIF's segments are no JPEG header
  too_large,     // more pixels than allowed
  max_concealed, // more is missing than allowed
  begun_before,  // with nothing before it, and its begin is missing
  flushed,
};

inline constexpr std::size_t frame_fault_count =
    static_cast<std::size_t> (FrameFault::flushed) + 1;

struct FrameFaultText {
  const char *name;   // in kebab-case, as in statistics and messages
  const char *found;  // what was seen
  const char *remedy; // what the user can do
};

const FrameFaultText &text (FrameFault fault);

} // namespace rfc2435
