// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"
#include "segment_socket.h"

#include <gio/gio.h>

#include <string>

namespace rfc2435 {

// With the defaults of udpsink.
struct SocketSettings {
  std::string bind_address; // empty: any
  int bind_port = 0;        // 0: any
  std::string multicast_iface;
  int ttl = 64;
  int ttl_mc = 1;
  bool loop = true;
  int qos_dscp = -1;   // -1: untouched
  int buffer_size = 0; // 0: the kernel's default
};

// The sockets that packets are sent from: one for each address family, or those
// supplied by the user.
class UdpSockets {
public:
  UdpSockets () = default;
  ~UdpSockets () { close (false); }
  UdpSockets (const UdpSockets &) = delete;
  UdpSockets &operator= (const UdpSockets &) = delete;

  // Either of the user's sockets may be null. On failure `error` says why.
  bool open (GSocket *user_socket, GSocket *user_socket_v6,
      const SocketSettings &settings, std::string &error);
  // The user's sockets are closed only if `close_user_sockets`.
  void close (bool close_user_sockets);

  bool is_open () const { return v4_ || v6_; }
  SegmentSocket &v4 () { return v4_; }
  SegmentSocket &v6 () { return v6_; }
  // Null if there is none for the address family. An IPv6 socket on its own
  // serves both.
  SegmentSocket *for_family (int family);
  // Whether the kernel knows UDP_SEGMENT.
  bool supports_gso () const { return supports_gso_; }

  // Applies what can be changed while the sockets are open.
  void apply (const SocketSettings &settings);
  // Joins on the interface that the sockets were opened for.
  bool join (const SocketAddress &group, std::string &error);
  void leave (const SocketAddress &group);

private:
  bool open_own (const SocketSettings &settings, std::string &error);
  void configure (GSocket *socket, const SocketSettings &settings);

  SegmentSocket v4_;
  SegmentSocket v6_;
  std::string interface_;
  bool of_user_ = false;
  bool supports_gso_ = false;
};

// Asks the resolver, which may block, unless the host is an address. Without an
// address, returns an empty one and sets `error`.
SocketAddress resolve (
    const Endpoint &endpoint, bool ipv4_only, std::string &error);

} // namespace rfc2435
