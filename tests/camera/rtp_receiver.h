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

// The entropy-coded data of a picture that came over RTP, and the size that it
// is said to have.
struct ReceivedPicture {
  std::uint32_t timestamp = 0;
  unsigned width = 0;
  unsigned height = 0;
  Picture scan;
};

// The place among `fed` of the picture with this scan, or -1. The end marker is
// left out of account, which RFC 2435 lets a sender leave out.
int scan_index_of (const Picture &scan, const std::vector<Picture> &fed);

// A receiver of RFC 2435 that shares nothing with the sender: the bytes of the
// fragments, put where their offsets say.
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
  // Packets that did not follow the one before.
  int sequence_gaps () const;
  // Different SSRCs.
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
