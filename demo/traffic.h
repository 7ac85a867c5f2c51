// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "pipeline.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

using Bytes = std::vector<uint8_t>;

/// A JPEG at both ends; empty where it was not seen.
struct Frame {
  Bytes sent;
  Bytes received;
};

struct Counts {
  uint64_t frames_before_sending = 0; ///< frames before the first one sent
  uint64_t frames_sent = 0;
  uint64_t frames_received = 0;
  uint64_t packets = 0;
  uint64_t bytes = 0; ///< RTP packets, without the headers of UDP and IP
};

/// The frames that go into a payloader and, if there is a receiver, come out of
/// its depayloader.
class Traffic {
public:
  /// Watches the elements "pay" of `sender` and "depay" of `receiver`, and
  /// keeps the frames; without a receiver, only counts them. Must outlive both.
  void watch (const Pipeline &sender, const Pipeline *receiver);

  Counts counts () const;
  std::size_t kept_bytes () const;
  /// By RTP timestamp. May be called once both pipelines have stopped.
  const std::map<uint32_t, Frame> &frames () const { return frames_; }

private:
  using Probe = GstPadProbeReturn (GstPad *, GstPadProbeInfo *, gpointer);
  static Probe jpeg_in, packets_out, packet_in, jpeg_out;

  void add_packet (GstBuffer *packet);

  mutable std::mutex mutex_;
  Counts counts_;
  std::map<uint32_t, Frame> frames_;
  std::size_t kept_bytes_ = 0;

  bool keep_ = false;
  uint64_t frames_in_ = 0; // sender's thread
  Bytes payloading_;       // the last frame into the payloader; sender's thread
  uint32_t depayloading_ = 0; // the newest packet's timestamp; receiver's
};
