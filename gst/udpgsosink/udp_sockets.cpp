// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "udp_sockets.h"

#include <gst/gst.h>
#include <gst/net/net.h>

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace rfc2435 {

static GSocket *
open_bound (GInetAddress *address, int port, GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
          G_SOCKET_PROTOCOL_UDP, error);
  if (!socket)
    return nullptr;

  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new (address, static_cast<guint16> (port));
  if (!g_socket_bind (socket, to, TRUE, error))
    return nullptr;
  return static_cast<GSocket *> (g_steal_pointer (&socket));
}

static GSocket *
open_any (GSocketFamily family, int port, GError **error)
{
  g_autoptr (GInetAddress) any = g_inet_address_new_any (family);
  return open_bound (any, port, error);
}

static GInetAddress *
resolve_bind_address (const std::string &host, GError **error)
{
  if (auto address = g_inet_address_new_from_string (host.c_str ()))
    return address;

  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  auto found =
      g_resolver_lookup_by_name (resolver, host.c_str (), nullptr, error);
  if (!found)
    return nullptr;
  auto address = G_INET_ADDRESS (g_object_ref (found->data));
  g_resolver_free_addresses (found);
  return address;
}

bool
UdpSockets::open_own (const SocketSettings &settings, std::string &error)
{
  g_autoptr (GError) cause = nullptr;

  if (!settings.bind_address.empty ()) {
    g_autoptr (GInetAddress) address =
        resolve_bind_address (settings.bind_address, &cause);
    auto socket =
        address ? open_bound (address, settings.bind_port, &cause) : nullptr;
    if (!socket) {
      error = cause->message;
      return false;
    }
    bool ipv6 = g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6;
    (ipv6 ? v6_ : v4_).reset (socket);
    return true;
  }

  v4_.reset (open_any (G_SOCKET_FAMILY_IPV4, settings.bind_port, &cause));
  if (!v4_) {
    error = cause->message;
    return false;
  }
  v6_.reset (open_any (G_SOCKET_FAMILY_IPV6, settings.bind_port, &cause));
  if (!v6_)
    GST_INFO ("no IPv6 socket: %s", cause->message);
  return true;
}

static void
log (GSocket *socket, bool of_user)
{
  g_autoptr (GSocketAddress) local =
      g_socket_get_local_address (socket, nullptr);
  g_autofree gchar *address =
      local ? g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (local))
            : g_strdup ("no address yet");
  gint buffer = 0;

  g_socket_get_option (socket, SOL_SOCKET, SO_SNDBUF, &buffer, nullptr);
  GST_DEBUG ("sending from %s socket %d, %s, with a buffer of %d bytes",
      of_user ? "the user's" : "own", g_socket_get_fd (socket), address,
      buffer);
}

bool
UdpSockets::open (GSocket *user_socket, GSocket *user_socket_v6,
    const SocketSettings &settings, std::string &error)
{
  interface_ = settings.multicast_iface;
  of_user_ = user_socket || user_socket_v6;
  if (user_socket) {
    bool ipv6 = g_socket_get_family (user_socket) == G_SOCKET_FAMILY_IPV6;
    if (ipv6 && user_socket_v6 && user_socket_v6 != user_socket) {
      error = "socket and socket-v6 are two different IPv6 sockets";
      return false;
    }
    (ipv6 ? v6_ : v4_).reset (G_SOCKET (g_object_ref (user_socket)));
  }
  if (user_socket_v6 && !v6_)
    v6_.reset (G_SOCKET (g_object_ref (user_socket_v6)));
  if (!of_user_ && !open_own (settings, error)) {
    close (false);
    return false;
  }

  supports_gso_ = true;
  for (auto socket : {v4_.get (), v6_.get ()}) {
    if (!socket)
      continue;
    configure (socket, settings);
    gint size;
    if (!g_socket_get_option (socket, SOL_UDP, UDP_SEGMENT, &size, nullptr))
      supports_gso_ = false;
    log (socket, of_user_);
  }
  if (!supports_gso_)
    GST_INFO ("the kernel has no UDP segmentation offload");
  apply (settings);
  return true;
}

void
UdpSockets::configure (GSocket *socket, const SocketSettings &settings)
{
  g_autoptr (GError) error = nullptr;

  if (settings.buffer_size > 0 && !g_socket_set_option (socket, SOL_SOCKET,
                                      SO_SNDBUF, settings.buffer_size, &error))
    GST_WARNING ("can't set a send buffer of %d bytes: %s",
        settings.buffer_size, error->message);
  if (!settings.multicast_iface.empty () &&
      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_BINDTODEVICE,
          settings.multicast_iface.data (),
          static_cast<socklen_t> (settings.multicast_iface.size ())) < 0)
    GST_WARNING ("can't bind to %s: %s", settings.multicast_iface.c_str (),
        g_strerror (errno));
  g_socket_set_broadcast (socket, TRUE);
}

void
UdpSockets::apply (const SocketSettings &settings)
{
  for (auto socket : {v4_.get (), v6_.get ()}) {
    if (!socket)
      continue;
    // Linux refuses 0, and GLib would print a warning about that.
    if (settings.ttl > 0)
      g_socket_set_ttl (socket, static_cast<guint> (settings.ttl));
    else
      GST_WARNING ("packets to single hosts can't have a time to live of 0");
    g_socket_set_multicast_ttl (socket, static_cast<guint> (settings.ttl_mc));
    g_socket_set_multicast_loopback (socket, settings.loop);
    if (settings.qos_dscp >= 0 &&
        !gst_net_utils_set_socket_tos (socket, settings.qos_dscp))
      GST_WARNING ("can't set DSCP %d", settings.qos_dscp);
  }
}

void
UdpSockets::close (bool close_user_sockets)
{
  for (auto socket : {&v4_, &v6_}) {
    if (*socket && (!of_user_ || close_user_sockets))
      g_socket_close (socket->get (), nullptr);
    socket->reset (nullptr);
  }
}

SegmentSocket *
UdpSockets::for_family (int family)
{
  auto &socket = family == AF_INET && v4_ ? v4_ : v6_;
  return socket ? &socket : nullptr;
}

static GInetAddress *
to_inet_address (const SocketAddress &address)
{
  auto storage = address.storage;
  g_autoptr (GSocketAddress) native =
      g_socket_address_new_from_native (&storage, address.size);
  return G_INET_ADDRESS (g_object_ref (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native))));
}

static const char *
or_null (const std::string &text)
{
  return text.empty () ? nullptr : text.c_str ();
}

bool
UdpSockets::join (const SocketAddress &group, std::string &error)
{
  g_autoptr (GInetAddress) address = to_inet_address (group);
  g_autoptr (GError) cause = nullptr;
  auto socket = for_family (group.family ());

  if (!socket) {
    error = "There is no socket for its address family.";
    return false;
  }
  if (!g_socket_join_multicast_group (
          socket->get (), address, FALSE, or_null (interface_), &cause)) {
    error = cause->message;
    return false;
  }
  return true;
}

void
UdpSockets::leave (const SocketAddress &group)
{
  g_autoptr (GInetAddress) address = to_inet_address (group);

  if (auto socket = for_family (group.family ()))
    g_socket_leave_multicast_group (
        socket->get (), address, FALSE, or_null (interface_), nullptr);
}

static SocketAddress
to_native (GSocketAddress *from)
{
  SocketAddress address;
  auto size = g_socket_address_get_native_size (from);

  if (size > 0 && g_socket_address_to_native (
                      from, &address.storage, sizeof address.storage, nullptr))
    address.size = static_cast<socklen_t> (size);
  return address;
}

SocketAddress
resolve (const Endpoint &endpoint, bool ipv4_only, std::string &error)
{
  auto host = endpoint.host.c_str ();
  auto port = static_cast<guint16> (endpoint.port);

  if (g_autoptr (GSocketAddress) literal =
          g_inet_socket_address_new_from_string (host, port))
    return to_native (literal);

  g_autoptr (GError) cause = nullptr;
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  auto found = g_resolver_lookup_by_name (resolver, host, nullptr, &cause);
  if (!found) {
    error = cause->message;
    return {};
  }
  auto best = found;
  if (ipv4_only) {
    auto is_ipv4 = [] (GList *node) {
      return g_inet_address_get_family (G_INET_ADDRESS (node->data)) ==
             G_SOCKET_FAMILY_IPV4;
    };
    while (best->next && !is_ipv4 (best))
      best = best->next;
  }
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (G_INET_ADDRESS (best->data), port);
  g_resolver_free_addresses (found);
  return to_native (address);
}

} // namespace rfc2435
