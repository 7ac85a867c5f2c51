// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstcheck.h>

#include <string>
#include <vector>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

// A bound UDP socket on a port chosen by the kernel.
class UdpReceiver {
public:
  explicit UdpReceiver (const char *address = "127.0.0.1")
  {
    sockaddr_storage storage{};
    auto v4 = reinterpret_cast<sockaddr_in *> (&storage);
    auto v6 = reinterpret_cast<sockaddr_in6 *> (&storage);
    socklen_t size;

    if (inet_pton (AF_INET, address, &v4->sin_addr) == 1) {
      storage.ss_family = AF_INET;
      size = sizeof *v4;
    } else {
      fail_unless (inet_pton (AF_INET6, address, &v6->sin6_addr) == 1);
      storage.ss_family = AF_INET6;
      size = sizeof *v6;
    }
    fd_ = socket (storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fail_unless (fd_ >= 0);
    int buffer = 8 << 20; // the kernel grants as much of it as it allows
    setsockopt (fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    setsockopt (fd_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    if (bind (fd_, reinterpret_cast<sockaddr *> (&storage), size) < 0)
      return;
    getsockname (fd_, reinterpret_cast<sockaddr *> (&storage), &size);
    port_ = ntohs (storage.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
  }
  ~UdpReceiver () { close (fd_); }
  UdpReceiver (const UdpReceiver &) = delete;
  UdpReceiver &operator= (const UdpReceiver &) = delete;

  // 0 if this machine does not have the address.
  int port () const { return port_; }
  int fd () const { return fd_; }

  // Receives until there are `count` datagrams, or none arrived for a second.
  std::vector<std::string> receive (std::size_t count)
  {
    std::vector<std::string> datagrams;
    while (datagrams.size () < count && wait (1000))
      datagrams.push_back (next ());
    return datagrams;
  }

  // Receives `count` datagrams, and those that follow within a moment.
  std::vector<std::string> receive_all (std::size_t count)
  {
    auto datagrams = receive (count);
    for (auto &more : drain ())
      datagrams.push_back (std::move (more));
    return datagrams;
  }

  // Receives what has arrived, or arrives within a moment.
  std::vector<std::string> drain ()
  {
    std::vector<std::string> datagrams;
    while (wait (50))
      datagrams.push_back (next ());
    return datagrams;
  }

  // Where the last datagram came from.
  sockaddr_storage source{};

private:
  bool wait (int milliseconds)
  {
    pollfd poller{fd_, POLLIN, 0};
    return poll (&poller, 1, milliseconds) > 0;
  }

  std::string next ()
  {
    thread_local char bytes[65536];
    socklen_t size = sizeof source;
    auto received = recvfrom (fd_, bytes, sizeof bytes, 0,
        reinterpret_cast<sockaddr *> (&source), &size);
    fail_unless (received >= 0);
    return {bytes, static_cast<std::size_t> (received)};
  }

  int fd_;
  int port_ = 0;
};
