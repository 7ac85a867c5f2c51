// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_socket.h"

#include <cerrno>

namespace rfc2435 {

StreamSocket::~StreamSocket ()
{
  if (may_fragment_)
    sockets_.set_dont_fragment (socket_, true);
}

int
StreamSocket::send (mmsghdr *messages, unsigned count)
{
  constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
  auto fd = g_socket_get_fd (socket_);

  auto sent = sendmmsg (fd, messages, count, flags);
  // Packets larger than the path's MTU go in fragments, as they would
  // without segmentation offload.
  if (sent < 0 && errno == EMSGSIZE && !may_fragment_) {
    may_fragment_ = sockets_.set_dont_fragment (socket_, false);
    if (may_fragment_)
      return sendmmsg (fd, messages, count, flags);
    errno = EMSGSIZE;
  }
  return sent;
}

DatagramSocket::Room
StreamSocket::wait_for_room ()
{
  g_autoptr (GError) error = nullptr;

  if (!g_socket_get_blocking (socket_))
    return Room::none;
  if (g_socket_condition_wait (socket_, G_IO_OUT, cancellable_, &error))
    return Room::available;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return Room::none;
  // Paused: the rest is sent when the pipeline plays again.
  flow_ = gst_base_sink_wait_preroll (sink_);
  return flow_ == GST_FLOW_OK ? Room::available : Room::cancelled;
}

} // namespace rfc2435
