// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rfc2435 {

using Bytes = std::span<const std::uint8_t>;

} // namespace rfc2435
