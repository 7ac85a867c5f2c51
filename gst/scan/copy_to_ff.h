// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Copies bytes up to the first 0xff, which is not copied, or to the end, and
// returns how many. This is what both taking stuffed bytes out and putting
// them in spend their time with.
//
// More than that may be written: there has to be room for all bytes up to the
// end and `copy_to_ff_slack` more.
inline constexpr std::size_t copy_to_ff_slack = 16;

std::size_t copy_to_ff (
    const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to);

// The same without vector instructions: what other processors than x86 run,
// and what the tests compare with.
std::size_t copy_to_ff_portable (
    const std::uint8_t *from, const std::uint8_t *end, std::uint8_t *to);

} // namespace rfc2435
