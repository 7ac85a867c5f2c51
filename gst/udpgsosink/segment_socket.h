// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gio/gio.h>

#include <mutex>

#include <sys/socket.h>

namespace rfc2435 {

// A socket that sends datagrams and runs of segments, with Don't Fragment in
// the IPv4 headers if single datagrams have it.
//
// Linux clears it in segments unless the socket's IP_MTU_DISCOVER is
// IP_PMTUDISC_DO, which refuses packets larger than the path's MTU instead of
// fragmenting them. So the option is set for the call that sends runs, and
// restored afterwards. Sinks that share a socket wait for each other.
class SegmentSocket {
public:
  SegmentSocket () = default;
  ~SegmentSocket () { reset (nullptr); }
  SegmentSocket (const SegmentSocket &) = delete;
  SegmentSocket &operator= (const SegmentSocket &) = delete;

  // Takes ownership of the reference; null for no socket.
  void reset (GSocket *socket);

  GSocket *get () const { return socket_; }
  explicit operator bool () const { return socket_; }
  int fd () const { return fd_; }

  // Like sendmmsg().
  int send (mmsghdr *messages, unsigned count);

private:
  int send_some (mmsghdr *messages, unsigned count);
  bool set_discovery (int mode);

  GSocket *socket_ = nullptr;
  int fd_ = -1;
  std::mutex *lock_ = nullptr; // for the GSocket's IP_MTU_DISCOVER
  bool may_fragment_ = false;  // IP_PMTUDISC_WANT, Linux's default
  bool told_of_icmp_ = false;
};

} // namespace rfc2435
