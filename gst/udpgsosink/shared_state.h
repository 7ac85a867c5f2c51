// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"
#include "udp_sockets.h"

#include <cstdint>
#include <mutex>

namespace rfc2435 {

// What the streaming thread shares with the threads that set properties and
// emit signals.
struct SharedState {
  // Protects the rest. Held briefly: never while a name is resolved, a signal
  // emitted or a packet sent.
  std::mutex lock;

  SocketSettings settings;
  bool auto_multicast = true;
  bool send_duplicates = true;
  bool gso = true;

  // Whether the sockets are to be open: set from NULL to READY, and reset on
  // the way back.
  bool started = false;
  // Whether a name that can't be resolved is worth a message: set from READY to
  // PAUSED, and reset on the way back.
  bool running = false;
  // Whether a packet has arrived since then: from that moment on, the sockets
  // are kept.
  bool streaming = false;

  UdpSockets sockets;
  bool sockets_outdated = false; // a property that determines them has changed
  DestinationList destinations;
  bool targets_outdated = true; // destinations or sockets have changed
  // Removed from the list, but client-removed has not been emitted yet.
  DestinationList leaving;
  SendCounters totals; // including destinations since removed
  ErrorCounters errors;
  std::uint64_t send_calls = 0;
  std::uint64_t packets_to_serve = 0;
  std::uint64_t bytes_to_serve = 0;
};

} // namespace rfc2435
