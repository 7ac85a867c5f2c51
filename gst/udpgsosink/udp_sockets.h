// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"

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

// The sockets that packets leave by: one for each address family, or those
// that the user brought along.
class UdpSockets {
public:
  UdpSockets () = default;
  ~UdpSockets () { close (false); }
  UdpSockets (const UdpSockets &) = delete;
  UdpSockets &operator= (const UdpSockets &) = delete;

  // Either of the user's sockets may be null. On failure `error` says why.
  bool open (GSocket *user_socket, GSocket *user_socket_v6,
      const SocketSettings &settings, std::string &error);
  // The user's sockets are only closed if told to.
  void close (bool close_user_sockets);

  bool is_open () const { return v4_ || v6_; }
  GSocket *v4 () const { return v4_; }
  GSocket *v6 () const { return v6_; }
  // Null if there is none for the address family. An IPv6 socket on its own
  // serves both.
  GSocket *for_family (int family) const;
  // Whether the kernel knows UDP_SEGMENT.
  bool supports_gso () const { return supports_gso_; }

  // The kernel clears Don't Fragment in segments it cuts, unless no packet of
  // the socket may be fragmented; whole datagrams may be, if they must. With
  // false, the socket is as it was: true if that makes a difference.
  bool set_dont_fragment (GSocket *socket, bool dont_fragment);

  // What can be changed while the sockets are open.
  void apply (const SocketSettings &settings);
  bool join (const SocketAddress &group, const std::string &interface,
      std::string &error);
  void leave (const SocketAddress &group, const std::string &interface);

private:
  bool open_own (const SocketSettings &settings, std::string &error);
  void configure (GSocket *socket, const SocketSettings &settings);

  GSocket *v4_ = nullptr;
  GSocket *v6_ = nullptr;
  bool of_user_ = false;
  bool supports_gso_ = false;
  bool path_mtu_discovery_ = false; // of the IPv4 socket, as it was
};

// Asks the resolver unless the host is an address. May block. Empty with
// `error` if there is none.
SocketAddress resolve (
    const Endpoint &endpoint, bool ipv4_only, std::string &error);

} // namespace rfc2435
