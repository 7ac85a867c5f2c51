// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "datagram_sender.h"
#include "segment_socket.h"

#include <gst/base/gstbasesink.h>

namespace rfc2435 {

// A socket for the streaming thread: waits for room while the sink's state
// allows.
class StreamSocket final : public DatagramSocket {
public:
  // Cancelling ends the wait for room.
  StreamSocket (
      GstBaseSink *sink, SegmentSocket &socket, GCancellable *cancellable)
      : sink_ (sink), socket_ (socket), cancellable_ (cancellable)
  {}

  int send (mmsghdr *messages, unsigned count) override
  {
    return socket_.send (messages, count);
  }
  Room wait_for_room () override;

  // Why it was cancelled.
  GstFlowReturn flow () const { return flow_; }

private:
  GstBaseSink *sink_;
  SegmentSocket &socket_;
  GCancellable *cancellable_;
  GstFlowReturn flow_ = GST_FLOW_OK;
};

} // namespace rfc2435
