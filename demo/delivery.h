// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination.h"
#include "pipeline.h"

#include <cstdint>
#include <string>

/// Observes what becomes of packets to another machine, as far as this one can
/// tell: what can't be sent, and whether anybody listens. Uses the sender's
/// element "udpsink", a udpgsosink.
class Delivery {
public:
  Delivery (const Pipeline &sender, const Destination &destination);

  /// To be called once a second: reports when nobody listens, and when somebody
  /// does.
  void look ();

  uint64_t packets_failed () const { return failed_; }

  /// To be called at the end: whether all packets were sent and not all of them
  /// were refused. Reports why not.
  bool judge () const;

private:
  std::string address_;
  ElementPtr sink_;
  uint64_t sent_ = 0;
  uint64_t failed_ = 0;
  uint64_t refusals_ = 0;
  // Seconds in which packets were sent and none was refused, in a row
  int unrefused_for_ = 0;
  bool refused_ = false;
  bool ever_taken_ = false;
};
