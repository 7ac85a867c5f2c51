// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <vector>

// What a scripted source does next.
struct Step {
  enum class Kind { frame, error, silence, eos };

  Kind kind = Kind::frame;
  std::vector<guint8> bytes;
  guint flags = 0;
  guint64 offset = GST_BUFFER_OFFSET_NONE;
  guint delay = 10; // before it, in milliseconds
  guint age = 0;    // of the frame, in milliseconds
  // And DTS; by default, the time now minus the age, and no DTS
  GstClockTime pts = GST_CLOCK_TIME_NONE;
  GstClockTime duration = GST_CLOCK_TIME_NONE;
  const char *text = nullptr; // of the error
  // Of a GstReferenceTimestampMeta on the frame, with a time of 1 ns
  const char *reference = nullptr;
  const char *caps = nullptr; // that are offered from now on
};

// At which moment of a start a camera is unplugged again.
enum class Bounce { at_open, at_modes, at_start, at_first_frame };

// A live source, not in the registry.
GstElement *scripted_source_new ();

// What the scripted sources do while this exists: the steps, once, however
// often they are stopped in between, and then the first step forever.
class Script {
public:
  explicit Script (std::vector<Step> steps);
  ~Script ();
  Script (const Script &) = delete;
  Script &operator= (const Script &) = delete;

  // Of image/jpeg at 640x480 and 30 fps, unless set.
  void set_caps (const char *caps);
  // Opening fails the next `times` times.
  void refuse_to_open (int times);
  void refuse_to_start (int times);
  // After opening `times` times, it fails forever.
  void refuse_to_open_after (int times);

  // One bounce for each start.
  void bounce (std::vector<Bounce> bounces);
  std::size_t bounces_left () const;
  // Larger modes are offered, but don't work.
  void fail_above_width (int width);

  // Until a step of silence has begun.
  void wait_for_silence () const;

  bool made (const GstMemory *memory) const;
  GstClockTime pts_of (std::size_t frame) const;
  // When this frame was made, by the system clock, in microseconds.
  gint64 made_at (std::size_t frame) const;
};
