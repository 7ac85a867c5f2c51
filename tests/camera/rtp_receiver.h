// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "test_camera.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

namespace testcamera {

// The entropy-coded data of a picture received over RTP, and the size given by
// its packets.
struct ReceivedPicture {
  std::uint32_t timestamp = 0;
  unsigned width = 0;
  unsigned height = 0;
  Picture scan;
};

// The index in `fed` of the picture with this scan, or -1. EOI is ignored,
// since RFC 2435 lets a sender omit it.
int scan_index_of (const Picture &scan, const std::vector<Picture> &fed);

// An RFC 2435 receiver that shares no code with the sender: joins fragments
// whose offsets follow one another.
class RtpReceiver {
public:
  RtpReceiver ();
  ~RtpReceiver ();
  RtpReceiver (const RtpReceiver &) = delete;
  RtpReceiver &operator= (const RtpReceiver &) = delete;

  unsigned port () const { return port_; }
  bool wait_pictures (
      std::size_t count, std::chrono::steady_clock::duration limit) const;
  std::vector<ReceivedPicture> pictures () const;
  // Packets whose sequence number does not follow the previous one.
  int sequence_gaps () const;
  // The number of SSRCs.
  int sources () const;

private:
  void run ();
  void take_packet (Bytes packet);

  int socket_ = -1;
  unsigned port_ = 0;
  mutable std::mutex mutex_;
  std::vector<ReceivedPicture> pictures_;
  ReceivedPicture current_;
  std::set<std::uint32_t> sources_;
  int last_sequence_ = -1;
  int gaps_ = 0;
  std::atomic<bool> quit_ = false;
  std::thread thread_;
};

} // namespace testcamera
