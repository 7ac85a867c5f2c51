// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "shared_state.h"

#include <gst/gst.h>

#include <vector>

namespace rfc2435 {

// Adds and removes destinations: resolves their names, joins and leaves their
// groups, and emits client-added and client-removed. Takes the state's lock
// unless stated otherwise.
class Clients {
public:
  Clients (GstElement *sink, SharedState &state) : sink_ (sink), state_ (state)
  {}

  void add (const Endpoint &endpoint);
  void remove (const Endpoint &endpoint);
  // Destinations in both lists keep their counters and what was learned about
  // their path.
  void replace (const std::vector<Endpoint> &endpoints);

  // Tries again, now that the sockets are open, the names that could not be
  // resolved, or only to an address that no socket serves.
  void resolve_again ();

  // Join and leave the groups of all destinations. Called with the lock held.
  void join_all ();
  void leave_all ();

private:
  void report_unknown (const Endpoint &endpoint, const std::string &error);
  SocketAddress resolve (const Endpoint &endpoint);
  DestinationRef make (const Endpoint &endpoint);
  void join (Destination &destination);
  void leave (Destination &destination);
  void emit (const char *signal, const Endpoint &endpoint);

  GstElement *const sink_;
  SharedState &state_;
};

} // namespace rfc2435
