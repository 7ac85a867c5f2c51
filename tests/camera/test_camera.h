// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "usb_ip.h"
#include "uvc_descriptors.h"

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace testcamera {

// What a camera can be made to do wrong. The first ones affect single frames,
// the last ones the stream.
enum class Fault {
  none,
  truncated,         // the second half of the picture is missing
  empty,             // no picture data, only the end-of-frame bit
  no_start,          // no SOI marker
  corrupted,         // the payload header's error bit
  no_end,            // the end-of-frame bit is never set
  wrong_id,          // the frame id does not toggle
  wrong_size,        // the picture is from another mode
  unplug_in_frame,   // unplugged when half of the picture has been sent
  unplug_at_request, // unplugged instead of answering
  silence,           // no more payload until the stream is restarted
  stall,             // the endpoint is halted until the stream is restarted
  no_bandwidth,      // the host can't reserve bandwidth for the stream
};

// Nothing if there is no fault of that name ("wrong-id").
std::optional<Fault> fault_from_name (std::string_view name);

using Picture = std::vector<std::uint8_t>;
// JPEG files by picture size, sent in a loop.
using Pictures = std::map<std::pair<unsigned, unsigned>, std::vector<Picture>>;

// Reads DIRECTORY/<width>x<height>/*.jpg.
Pictures read_pictures (const std::string &directory);

struct Counters {
  unsigned sent = 0;     // frames, including faulty ones and halves
  unsigned faulty = 0;   // frames sent with a fault
  unsigned late = 0;     // frames skipped because the host was slow to ask
  unsigned streams = 0;  // how often streaming was started
  unsigned requests = 0; // control transfers
  unsigned unplugs = 0;  // how often a fault unplugged the camera
};

// A USB Video Class camera in a thread. It can be plugged into vhci-hcd, where
// the kernel's uvcvideo takes it for hardware. Requests and descriptors have
// the numbers given in USB 2.0 chapter 9 and UVC 1.1 appendix A.
class TestCamera {
public:
  TestCamera (Model model, const Pictures &pictures);
  ~TestCamera ();
  TestCamera (const TestCamera &) = delete;
  TestCamera &operator= (const TestCamera &) = delete;

  // The caller chooses the port, since a camera may come back on another one.
  // Returns false, with errno set, if the port refuses.
  bool plug (unsigned port);
  void unplug ();

  // Affects every `every`th frame or request from now on, `times` of them, or
  // all if that is 0. Unplugging happens once.
  void set_fault (Fault fault, unsigned every = 1, unsigned times = 0);
  Counters counters () const;

private:
  using Clock = std::chrono::steady_clock;

  // The video probe and commit control (UVC 1.1 table 4-75).
  struct Control {
    unsigned format = 1;
    unsigned frame = 1;
    std::uint32_t interval = 0;
  };

  void run ();
  Clock::time_point next_event () const;
  bool serve_socket ();
  bool serve_control (const Submit &submit);
  std::optional<Descriptor> answer (const Submit &submit);
  std::optional<Descriptor> answer_streaming (
      unsigned request, unsigned selector);
  bool serve_stream ();
  bool serve_bulk (Clock::time_point now);
  bool serve_iso (Clock::time_point now);

  Control nearest (Control wish) const;
  Descriptor write_control (const Control &control) const;
  Control read_control (Bytes bytes) const;
  void set_streaming (bool on);
  bool begin_frame (Clock::time_point now);
  bool struck_now ();
  const Picture *picture_of_other_size (std::size_t limit) const;
  // Appends one payload of at most `room` bytes; returns false if no frame is
  // due.
  bool put_payload (Descriptor &out, std::size_t room, Clock::time_point now);
  void pull_plug ();
  void wake ();

  const Model model_;
  const Pictures &pictures_;

  mutable std::mutex mutex_; // protects the members below
  UsbIpPort port_;
  std::deque<Submit> pending_;
  Control probe_;
  Control commit_;
  unsigned alternate_ = 0;
  bool streaming_ = false;
  Clock::time_point due_;     // the next frame
  Clock::time_point bus_due_; // the next isochronous transfer
  unsigned frame_number_ = 0;
  bool frame_id_ = false;
  Picture frame_; // being sent; empty between frames
  std::size_t sent_of_frame_ = 0;
  Fault frame_fault_ = Fault::none; // of the frame being sent
  Fault fault_ = Fault::none;
  unsigned fault_every_ = 1;
  unsigned fault_count_ = 0;
  unsigned fault_times_left_ = 0;
  bool unplug_due_ = false;
  Counters counters_;
  bool quit_ = false;

  int wake_fd_ = -1;
  std::thread thread_;
};

} // namespace testcamera
