// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "urls.h"

#include <algorithm>

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>

namespace {

struct Address {
  std::string text;
  bool is_loopback;
};

std::vector<Address>
addresses_of_this_machine (bool with_ipv6)
{
  std::vector<Address> addresses;
  ifaddrs *list = nullptr;
  if (getifaddrs (&list) != 0)
    return addresses;
  for (const ifaddrs *item = list; item; item = item->ifa_next) {
    const int family = item->ifa_addr ? item->ifa_addr->sa_family : AF_UNSPEC;
    if (!(item->ifa_flags & IFF_UP) ||
        (family != AF_INET && !(with_ipv6 && family == AF_INET6)))
      continue;
    char text[NI_MAXHOST];
    if (getnameinfo (item->ifa_addr,
            family == AF_INET ? sizeof (sockaddr_in) : sizeof (sockaddr_in6),
            text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    std::string address = text;
    // Link-local addresses are useless in a URL: players don't accept their
    // scope.
    if (family == AF_INET6 && address.starts_with ("fe80:"))
      continue;
    addresses.push_back ({family == AF_INET6 ? '[' + address + ']' : address,
        (item->ifa_flags & IFF_LOOPBACK) != 0});
  }
  freeifaddrs (list);
  std::stable_sort (addresses.begin (), addresses.end (),
      [] (const Address &a, const Address &b) {
        return a.is_loopback < b.is_loopback;
      });
  return addresses;
}

} // namespace

std::vector<std::string>
base_urls (const std::string &address, int port)
{
  std::vector<Address> addresses;
  if (address == "0.0.0.0" || address == "::")
    addresses = addresses_of_this_machine (address == "::");
  else
    addresses.push_back (
        {address.find (':') != address.npos ? '[' + address + ']' : address,
            false});
  std::vector<std::string> urls;
  for (const Address &each : addresses)
    urls.push_back ("rtsp://" + each.text + ':' + std::to_string (port));
  return urls;
}
