// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "udp_sockets.h"

#include <gst/base/gstbasesink.h>

namespace rfc2435 {

// A socket as the streaming thread sends by it: waits for room as the sink's
// states allow, and lets packets be fragmented that are too large otherwise.
class StreamSocket final : public DatagramSocket {
public:
  // `socket` is one of `sockets`; cancelling ends the wait for room.
  StreamSocket (GstBaseSink *sink, UdpSockets &sockets, GSocket *socket,
      GCancellable *cancellable)
      : sink_ (sink), sockets_ (sockets), socket_ (socket),
        cancellable_ (cancellable)
  {}
  ~StreamSocket ();
  StreamSocket (const StreamSocket &) = delete;
  StreamSocket &operator= (const StreamSocket &) = delete;

  int send (mmsghdr *messages, unsigned count) override;
  Room wait_for_room () override;

  // Why it was cancelled.
  GstFlowReturn flow () const { return flow_; }

private:
  GstBaseSink *sink_;
  UdpSockets &sockets_;
  GSocket *socket_;
  GCancellable *cancellable_;
  bool may_fragment_ = false;
  GstFlowReturn flow_ = GST_FLOW_OK;
};

} // namespace rfc2435
