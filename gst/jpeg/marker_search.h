// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace rfc2435 {

// The first byte 0xff in [begin, end) that no stuffed 0 follows (T.81 B.1.1.2,
// B.1.1.5): one that follows another, or that is the last, may still turn out
// to be no marker. `end` if there is none.
const std::uint8_t *find_marker (
    const std::uint8_t *begin, const std::uint8_t *end);

} // namespace rfc2435
