// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

/// Where the stream goes.
struct Destination {
  std::string address; ///< numeric
  int port = 0;
  bool is_ipv6 = false;
  bool is_multicast = false;
};

/// Looks up `host`; prints an error if it can't be found.
std::optional<Destination> find_destination (const std::string &host, int port);
