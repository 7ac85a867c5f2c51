// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Copies bytes up to the first 0xff, which is not copied, or to the end, and
// returns their number. Both removing and inserting stuffed bytes spend most of
// their time here.
//
// It may write more bytes than it returns: there must be room for all bytes up
// to the end and `copy_to_ff_slack` more.
inline constexpr std::size_t copy_to_ff_slack = 16;

std::size_t copy_to_ff (
    const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to);

// The same without vector instructions, for processors other than x86, and for
// the tests to compare with.
std::size_t copy_to_ff_portable (
    const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to);

} // namespace rfc2435
