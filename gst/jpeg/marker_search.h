// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace rfc2435 {

// The first byte 0xff in [begin, end) that is not followed by a stuffed 0 (T.81
// B.1.1.2, B.1.1.5). If another 0xff or the end follows, it may still turn out
// not to begin a marker. `end` if there is none.
const std::uint8_t *find_marker (
    const std::uint8_t *begin, const std::uint8_t *end);

} // namespace rfc2435
