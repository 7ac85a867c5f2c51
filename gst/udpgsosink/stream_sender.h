// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mapped_packets.h"
#include "send_report.h"
#include "shared_state.h"

#include <gst/base/gstbasesink.h>

#include <array>
#include <cstdint>
#include <vector>

namespace rfc2435 {

// Sends the stream's buffers to all destinations, counts them, and reports
// failures.
class StreamSender {
public:
  StreamSender (GstBaseSink *sink, SharedState &state);
  ~StreamSender () { g_object_unref (cancellable_); }
  StreamSender (const StreamSender &) = delete;
  StreamSender &operator= (const StreamSender &) = delete;

  // Adds a packet for send (). The buffer must stay valid until then.
  void add (GstBuffer *packet);
  GstFlowReturn send ();

  // Begins a new stream.
  void reset () { report_.reset (); }

  // Ends the wait for room in a socket, and any later wait until allow () is
  // called. From any thread.
  void interrupt () { g_cancellable_cancel (cancellable_); }
  void allow () { g_cancellable_reset (cancellable_); }

private:
  // The destinations that one socket serves. A destination that gets every
  // packet several times is listed as many times.
  struct Group {
    SegmentSocket *socket = nullptr; // null: none serves them
    std::vector<DestinationRef> destinations;
    std::vector<SendTarget> targets; // the same, with results while sending
  };

  void begin_batch ();
  void select_targets ();
  GstFlowReturn send_to (Group &group);
  void count (Group &group, std::uint64_t calls);
  void report (const Group &group);

  GstBaseSink *const sink_;
  SharedState &state_;
  MappedPackets packets_;
  DatagramSender sender_;
  SendReport report_;
  std::array<Group, 3> groups_; // by IPv4, by IPv6, by none
  bool use_gso_ = false;
  GCancellable *const cancellable_ = g_cancellable_new ();
};

} // namespace rfc2435
