// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mapped_packets.h"
#include "send_report.h"
#include "shared_state.h"

#include <gst/base/gstbasesink.h>

#include <vector>

namespace rfc2435 {

// Sends the buffers that come down the stream to all destinations, counts and
// reports.
class StreamSender {
public:
  StreamSender (GstBaseSink *sink, SharedState &state);
  ~StreamSender () { g_object_unref (cancellable_); }
  StreamSender (const StreamSender &) = delete;
  StreamSender &operator= (const StreamSender &) = delete;

  // A packet for send (). The buffer has to stay until then.
  void add (GstBuffer *packet);
  GstFlowReturn send ();

  // Begins a new stream.
  void reset () { report_.reset (); }

  // Ends the wait for room in a socket, and of those to come until allowed
  // again. From any thread.
  void interrupt () { g_cancellable_cancel (cancellable_); }
  void allow () { g_cancellable_reset (cancellable_); }

private:
  // One call for a batch: where it goes, and how many times.
  struct Target {
    DestinationRef destination;
    unsigned copies;
  };

  void count (Destination &to, const SendCounters &counters);
  GstFlowReturn send_to (Destination &to, bool use_gso);

  GstBaseSink *const sink_;
  SharedState &state_;
  MappedPackets packets_;
  DatagramSender sender_;
  SendReport report_;
  std::vector<Target> targets_;
  GCancellable *const cancellable_ = g_cancellable_new ();
};

} // namespace rfc2435
