// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "datagram_sender.h"

#include <cstddef>

namespace rfc2435 {

// The largest payload of a datagram that leaves the socket for the address in
// one piece, as far as the kernel knows the path's MTU, or 0.
std::size_t largest_datagram (int socket, const SocketAddress &address);

} // namespace rfc2435
