// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Why a frame is not sent.
enum class DropCause : std::uint8_t {
  // Broken data
  not_jpeg,
  no_picture,
  cut_header,
  malformed,
  missing_tables,
  cut_scan,
  // Whole JPEGs that RFC 2435 can't carry as they are
  coding_process,
  sample_precision,
  huffman_tables,
  color_space,
  sampling,
  component_order,
  several_scans,
  chroma_tables,
  interlaced,
  no_height,
  scan_size,
  // More pixels than the user allows to recode
  too_large,
};

inline constexpr std::size_t drop_cause_count =
    static_cast<std::size_t> (DropCause::too_large) + 1;

struct DropCauseText {
  const char *name;   // in kebab-case, as in statistics and messages
  const char *remedy; // what the user can do
};

const DropCauseText &text (DropCause cause);

} // namespace rfc2435
