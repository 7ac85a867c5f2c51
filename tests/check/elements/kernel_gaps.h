// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// Features of the kernel that tests need, but that are missing if QEMU emulates
// it for programs of other architectures. Can be called outside of tests.

#include <cstring>

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

class ProbeSocket {
public:
  // Bound, and connected to itself.
  ProbeSocket ()
  {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    auto address = reinterpret_cast<sockaddr *> (&own);
    socklen_t size = sizeof own;
    connected = bind (fd, address, size) == 0 &&
                getsockname (fd, address, &size) == 0 &&
                connect (fd, address, size) == 0;
  }
  ~ProbeSocket () { close (fd); }
  ProbeSocket (const ProbeSocket &) = delete;
  ProbeSocket &operator= (const ProbeSocket &) = delete;

  const int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool connected;
};

// QEMU 7.2 takes messages without an iovec and doesn't send them.
inline bool
kernel_sends_empty_messages ()
{
  ProbeSocket socket;
  msghdr message{};
  pollfd poller{socket.fd, POLLIN, 0};
  return sendmsg (socket.fd, &message, 0) == 0 && poll (&poller, 1, 1000) == 1;
}

inline bool
kernel_tells_path_mtu ()
{
  ProbeSocket socket;
  int mtu;
  socklen_t size = sizeof mtu;
  return socket.connected &&
         getsockopt (socket.fd, IPPROTO_IP, IP_MTU, &mtu, &size) == 0;
}

// QEMU 7.2 garbles the index of the interface on 64-bit machines.
inline bool
kernel_joins_groups ()
{
  ProbeSocket socket;
  ip_mreqn group{};
  inet_pton (AF_INET, "239.255.43.20", &group.imr_multiaddr);
  group.imr_ifindex = 1; // lo
  return setsockopt (socket.fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group,
             sizeof group) == 0;
}

// Whether offloads of devices can be configured.
inline bool
kernel_has_ethtool ()
{
  ProbeSocket socket;
  ethtool_value link{ETHTOOL_GLINK, 0};
  ifreq request{};
  std::strcpy (request.ifr_name, "lo");
  request.ifr_data = reinterpret_cast<char *> (&link);
  return ioctl (socket.fd, SIOCETHTOOL, &request) == 0;
}
