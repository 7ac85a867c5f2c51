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
  // Protects the rest. Held briefly: never while a name is resolved, a signal
  // emitted or a packet sent.
  std::mutex lock;

  SocketSettings settings;
  bool auto_multicast = true;
  bool send_duplicates = true;
  bool gso = true;

  // Whether the sockets are to be open: from NULL to READY and back
  bool started = false;
  // Whether a name that can't be resolved is worth a message: from READY to
  // PAUSED and back
  bool running = false;
  // Whether a packet has arrived since: from then on, the sockets are kept.
  bool streaming = false;

  UdpSockets sockets;
  bool sockets_outdated = false; // a setting of theirs was changed
  DestinationList destinations;
  bool targets_outdated = true; // the sender's, by destinations or sockets
  // Gone from the list, but client-removed is still to be emitted.
  DestinationList leaving;
  SendCounters totals; // with those of destinations that are gone
  ErrorCounters errors;
  std::uint64_t send_calls = 0;
  std::uint64_t packets_to_serve = 0;
  std::uint64_t bytes_to_serve = 0;
};

} // namespace rfc2435
