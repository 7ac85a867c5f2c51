// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "path_mtu.h"

#include <algorithm>
#include <array>

#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

namespace rfc2435 {

std::size_t
largest_datagram (int socket, const SocketAddress &address)
{
  bool ipv6 = address.family () == AF_INET6;
  int level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  std::size_t headers = (ipv6 ? 40 : 20) + 8;
  // IPv6's payload length does not include its header.
  std::size_t largest_packet = 65535 + (ipv6 ? 40 : 0);
  int mtu = 0;
  socklen_t size = sizeof mtu;

  // Only a connected socket knows the path's MTU; the caller's has many
  // destinations.
  int probe = ::socket (address.family (), SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0)
    return 0;
  std::array<char, IFNAMSIZ> device{};
  socklen_t device_size = device.size ();
  if (getsockopt (socket, SOL_SOCKET, SO_BINDTODEVICE, device.data (),
          &device_size) == 0)
    setsockopt (
        probe, SOL_SOCKET, SO_BINDTODEVICE, device.data (), device_size);
  bool known =
      connect (probe, reinterpret_cast<const sockaddr *> (&address.storage),
          address.size) == 0 &&
      getsockopt (probe, level, ipv6 ? IPV6_MTU : IP_MTU, &mtu, &size) == 0;
  close (probe);

  if (!known || static_cast<std::size_t> (mtu) <= headers)
    return 0;
  return std::min (static_cast<std::size_t> (mtu), largest_packet) - headers;
}

} // namespace rfc2435
