// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "rtp_receiver.h"
#include "test_camera.h"

#include <gst/gst.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

namespace testcamera {

using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;

double seconds (Duration duration);

// What the source produced.
struct Frame {
  Picture bytes;
  GstClockTime running_time = 0;
  bool discont = false;

  bool is_jpeg () const;
};

// The index of the frame in `fed`, or -1.
int index_of (const Frame &frame, const std::vector<Picture> &fed);

// Runs `v4l2mjpegsrc PROPERTIES ! DOWNSTREAM` and records what it does.
class Rig {
public:
  // If DOWNSTREAM contains no sink, fakesink is appended.
  explicit Rig (
      const std::string &properties = "", const std::string &downstream = "");
  ~Rig ();
  Rig (const Rig &) = delete;
  Rig &operator= (const Rig &) = delete;

  // Messages tell whether these succeed.
  void play ();
  void pause ();
  void stop ();
  void send_eos ();

  bool wait_frames (std::size_t count, Duration limit);
  bool wait_status (const std::string &status, Duration limit);
  bool wait_for (GstMessageType type, Duration limit);

  std::vector<Frame> frames () const;
  int events (GstEventType type) const;
  int count (GstMessageType type) const;
  // The text of the first message of this type, and the name of its source.
  std::string text_of (GstMessageType type) const;
  std::string source_of (GstMessageType type) const;
  // The structure of the last element message with this name, as text.
  std::string element_message (const char *name) const;
  // In PLAYING, and nothing has changed the pipeline's state since play().
  bool still_playing () const;

  std::string status () const;
  std::string mode () const;
  guint64 stat (const char *field) const;
  std::string text_stat (const char *field) const;
  // For all causes.
  guint64 dropped () const;
  guint64 dropped (const char *cause) const;

private:
  template <typename Condition>
  bool wait_until (Condition condition, Duration limit);
  static GstPadProbeReturn record (
      GstPad *pad, GstPadProbeInfo *info, gpointer self);
  static GstBusSyncReply keep (GstBus *bus, GstMessage *message, gpointer self);

  GstElement *pipeline_ = nullptr;
  GstElement *source_ = nullptr;
  mutable std::mutex mutex_; // protects the members below
  std::vector<Frame> frames_;
  std::vector<GstEventType> events_;
  std::vector<GstMessage *> messages_;
  int state_changes_ = 0; // of the pipeline, since play ()
};

} // namespace testcamera
