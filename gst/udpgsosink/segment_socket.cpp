// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_socket.h"

#include <algorithm>
#include <cerrno>
#include <span>

#include <netinet/in.h>

namespace rfc2435 {

constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

// Shared by all sinks that use the socket.
static std::mutex *
discovery_lock (GSocket *socket)
{
  static std::mutex making;
  static const auto key =
      g_quark_from_static_string ("rfc2435-path-mtu-discovery-lock");

  std::lock_guard guard (making);
  auto lock =
      static_cast<std::mutex *> (g_object_get_qdata (G_OBJECT (socket), key));
  if (!lock) {
    lock = new std::mutex;
    g_object_set_qdata_full (G_OBJECT (socket), key, lock,
        [] (gpointer data) { delete static_cast<std::mutex *> (data); });
  }
  return lock;
}

static bool
is_run (const mmsghdr &message)
{
  return message.msg_hdr.msg_controllen > 0;
}

// IPv6 sockets send to IPv4 addresses as well.
static bool
goes_by_ipv4 (const mmsghdr &message)
{
  auto address = static_cast<const sockaddr *> (message.msg_hdr.msg_name);
  if (address->sa_family == AF_INET)
    return true;
  auto v6 = reinterpret_cast<const sockaddr_in6 *> (address);
  return IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr);
}

void
SegmentSocket::reset (GSocket *socket)
{
  g_clear_object (&socket_);
  may_fragment_ = false;
  socket_ = socket;
  fd_ = socket ? g_socket_get_fd (socket) : -1;
  if (!socket)
    return;

  lock_ = discovery_lock (socket);
  std::lock_guard guard (*lock_);
  auto option = [socket] (int level, int which) {
    gint value;
    return g_socket_get_option (socket, level, which, &value, nullptr) ? value
                                                                       : -1;
  };
  may_fragment_ = option (IPPROTO_IP, IP_MTU_DISCOVER) == IP_PMTUDISC_WANT;
  told_of_icmp_ = option (IPPROTO_IP, IP_RECVERR) > 0 ||
                  option (IPPROTO_IPV6, IPV6_RECVERR) > 0;
}

int
SegmentSocket::send_some (mmsghdr *messages, unsigned count)
{
  // sendmmsg() only reports errors of the first message. For a single one,
  // sendmsg() is cheaper.
  if (count == 1 || told_of_icmp_)
    return sendmsg (fd_, &messages->msg_hdr, flags) < 0 ? -1 : 1;
  return sendmmsg (fd_, messages, count, flags);
}

bool
SegmentSocket::set_discovery (int mode)
{
  return setsockopt (fd_, IPPROTO_IP, IP_MTU_DISCOVER, &mode, sizeof mode) == 0;
}

int
SegmentSocket::send (mmsghdr *messages, unsigned count)
{
  std::span all (messages, count);

  if (!may_fragment_)
    return send_some (messages, count);

  int sent;
  if (std::any_of (all.begin (), all.end (), [] (auto &message) {
        return is_run (message) && goes_by_ipv4 (message);
      })) {
    std::lock_guard guard (*lock_);
    set_discovery (IP_PMTUDISC_DO);
    sent = send_some (messages, count);
    int error = errno;
    set_discovery (IP_PMTUDISC_WANT);
    errno = error;
  } else {
    sent = send_some (messages, count);
  }

  // The first message is a datagram that needs to be fragmented, but
  // IP_PMTUDISC_DO was set, for a run of this call or of another sink: send the
  // datagrams up to the next run without it.
  if (sent < 0 && errno == EMSGSIZE && !is_run (messages[0])) {
    std::lock_guard guard (*lock_);
    auto datagrams = std::find_if (all.begin (), all.end (), is_run);
    sent =
        send_some (messages, static_cast<unsigned> (datagrams - all.begin ()));
  }
  return sent;
}

} // namespace rfc2435
