// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "destination_list.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include <netinet/in.h>

namespace rfc2435 {

static std::string
trimmed (const std::string &text)
{
  auto first = text.find_first_not_of (" \t");
  if (first == std::string::npos)
    return {};
  return text.substr (first, text.find_last_not_of (" \t") - first + 1);
}

static bool
parse (const std::string &text, Endpoint &endpoint)
{
  auto colon = text.rfind (':');
  if (colon == std::string::npos)
    return false;

  auto host = text.substr (0, colon);
  if (host.size () > 2 && host.front () == '[' && host.back () == ']')
    host = host.substr (1, host.size () - 2);
  auto port = text.data () + colon + 1;
  auto end = text.data () + text.size ();
  auto [stop, error] = std::from_chars (port, end, endpoint.port);
  if (host.empty () || error != std::errc () || stop != end ||
      endpoint.port < 1 || endpoint.port > 65535)
    return false;
  endpoint.host = std::move (host);
  return true;
}

std::vector<Endpoint>
parse_endpoints (const std::string &text)
{
  std::vector<Endpoint> endpoints;

  for (std::size_t at = 0; at <= text.size ();) {
    auto comma = std::min (text.find (',', at), text.size ());
    Endpoint endpoint;
    if (parse (trimmed (text.substr (at, comma - at)), endpoint))
      endpoints.push_back (std::move (endpoint));
    at = comma + 1;
  }
  return endpoints;
}

std::string
format (const Endpoint &endpoint)
{
  auto port = ':' + std::to_string (endpoint.port);
  if (endpoint.host.find (':') != std::string::npos)
    return "[" + endpoint.host + "]" + port;
  return endpoint.host + port;
}

static const in_addr &
address_v4 (const SocketAddress &address)
{
  return reinterpret_cast<const sockaddr_in &> (address.storage).sin_addr;
}

static const in6_addr &
address_v6 (const SocketAddress &address)
{
  return reinterpret_cast<const sockaddr_in6 &> (address.storage).sin6_addr;
}

bool
Destination::is_multicast () const
{
  switch (address.size > 0 ? address.family () : AF_UNSPEC) {
  case AF_INET:
    return IN_MULTICAST (ntohl (address_v4 (address).s_addr));
  case AF_INET6:
    return address_v6 (address).s6_addr[0] == 0xff;
  default:
    return false;
  }
}

bool
Destination::same_group (const Destination &other) const
{
  if (!is_multicast () || !other.is_multicast () ||
      address.family () != other.address.family ())
    return false;
  if (address.family () == AF_INET)
    return address_v4 (address).s_addr == address_v4 (other.address).s_addr;
  return std::memcmp (&address_v6 (address), &address_v6 (other.address),
             sizeof (in6_addr)) == 0;
}

DestinationRef
DestinationList::find (const Endpoint &endpoint) const
{
  auto found = std::find_if (begin (), end (),
      [&] (auto &destination) { return destination->endpoint == endpoint; });
  return found == end () ? nullptr : *found;
}

void
DestinationList::append (DestinationRef destination)
{
  destinations_.push_back (std::move (destination));
}

void
DestinationList::remove (const DestinationRef &destination)
{
  std::erase (destinations_, destination);
}

std::vector<DestinationRef>
DestinationList::replace (std::vector<DestinationRef> by)
{
  return std::exchange (destinations_, std::move (by));
}

std::string
DestinationList::format () const
{
  std::string text;
  for (auto &destination : destinations_) {
    for (unsigned i = 0; i < destination->add_count; i++) {
      if (!text.empty ())
        text += ",";
      text += rfc2435::format (destination->endpoint);
    }
  }
  return text;
}

} // namespace rfc2435
