// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace rfc2435 {

// Why datagrams could not be sent.
enum class SendError : std::uint8_t {
  queue_full,
  refused,
  unreachable,
  too_large,
  not_permitted,
  other,
};
inline constexpr std::size_t send_error_count = 6;

// The kind of an errno value.
SendError send_error (int error);
// The name in the statistics: "queue-full".
const char *name (SendError error);

} // namespace rfc2435
