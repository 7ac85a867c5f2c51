// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "datagram_sender.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rfc2435 {

// A destination as named by the user.
struct Endpoint {
  std::string host;
  int port = 0;

  bool operator== (const Endpoint &) const = default;
};

// Parses "host:port,[::1]:port". Entries without a port from 1 to 65535 are
// left out.
std::vector<Endpoint> parse_endpoints (const std::string &text);
std::string format (const Endpoint &endpoint);

struct Destination {
  explicit Destination (Endpoint to) : endpoint (std::move (to)) {}

  const Endpoint endpoint;
  SocketAddress address;
  unsigned add_count = 0;
  bool joined = false; // this destination has joined its multicast group
  std::uint64_t connect_time = 0; // ns since 1970
  std::uint64_t disconnect_time = 0;
  SendCounters counters;
  ErrorCounters errors;
  GsoPolicy gso;

  bool is_multicast () const;
  bool same_group (const Destination &other) const;
};

using DestinationRef = std::shared_ptr<Destination>;

// The destinations in the order in which they were added. One that was added
// several times is listed once.
class DestinationList {
public:
  auto begin () const { return destinations_.begin (); }
  auto end () const { return destinations_.end (); }

  DestinationRef find (const Endpoint &endpoint) const;
  void append (DestinationRef destination);
  void remove (const DestinationRef &destination);
  // Returns the list before.
  std::vector<DestinationRef> replace (std::vector<DestinationRef> by);
  // In the form that parse_endpoints () reads.
  std::string format () const;

private:
  std::vector<DestinationRef> destinations_;
};

} // namespace rfc2435
