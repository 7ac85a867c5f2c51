// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"
#include "udp_sockets.h"

#include <cstdint>
#include <mutex>

namespace rfc2435 {

// What the streaming thread shares with those that set properties and emit
// signals.
struct SharedState {
  // Protects the rest. Held for short: never while a name is resolved, a signal
  // emitted or a packet sent.
  std::mutex lock;

  SocketSettings settings;
  bool auto_multicast = true;
  bool send_duplicates = true;
  bool gso = true;

  // Opened and closed while nothing streams
  UdpSockets sockets;
  DestinationList destinations;
  // Gone from the list, but client-removed is still to be emitted.
  DestinationList leaving;
  SendCounters totals; // with those of destinations that are gone
  std::uint64_t packets_to_serve = 0;
  std::uint64_t bytes_to_serve = 0;
};

} // namespace rfc2435
