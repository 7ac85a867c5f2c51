// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Why a frame is dropped, in any element. drop_causes.inc is the only list:
// names, texts and counters are generated from it.
enum class DropCause : std::uint8_t {
#define DROP_CAUSE(cause, name, found, remedy) cause,
#include "drop_causes.inc"
#undef DROP_CAUSE
};

inline constexpr std::size_t drop_cause_count = 0
#define DROP_CAUSE(cause, name, found, remedy) +1
#include "drop_causes.inc"
#undef DROP_CAUSE
    ;

struct DropCauseText {
  const char *name;   // in kebab-case, as in statistics and messages
  const char *found;  // in a frame dropped for this cause
  const char *remedy; // what the user can do
};

const DropCauseText &text (DropCause cause);

} // namespace rfc2435
