// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "camera_caps.h"
#include "device_choice.h"
#include "drop_counts.h"
#include "frame_guard.h"
#include "gstv4l2mjpegsrc.h"
#include "mode_choice.h"
#include "reconnect_policy.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

GST_DEBUG_CATEGORY_EXTERN (v4l2mjpegsrc_debug);

namespace v4l2mjpeg {

// The properties that may be set, under the object lock. They take effect with
// the next start.
struct Settings {
  CameraWish wish;
  Mode mode;
  int quality = 85; // jpegenc's own default
  bool allow_raw = true;
  bool guard = true;
  bool reconnect = true;
  GstClockTime reconnect_timeout = 0;
  GstClockTime frame_timeout = 3 * GST_SECOND;
  int num_buffers = -1;
};

struct Stats {
  guint64 frames_out = 0;
  guint64 bytes_out = 0;
  guint64 frames_lost = 0;
  rfc2435::DropCounts dropped;
  guint reconnects = 0;
};

enum class Result : unsigned char {
  done,
  absent, // no such camera now
  failed, // the camera is there, but does not start
  wrong,  // it can never do what is asked for
};

// Why the camera is not streaming, as for a GError.
struct Failure {
  GQuark domain = GST_RESOURCE_ERROR;
  int code = GST_RESOURCE_ERROR_FAILED;
  std::string text;
  std::string debug;
};

} // namespace v4l2mjpeg

// Locks are taken in the order in which they stand here, and none is held
// while a message is posted or a property notified, but for `lifecycle`.
struct GstV4l2MjpegSrcPrivate {
  using Clock = v4l2mjpeg::ReconnectPolicy::Clock;

  v4l2mjpeg::Settings settings; // under the object lock

  // The chain inside the bin. `source` is replaced only in state NULL.
  GstElement *source = nullptr;
  bool source_is_v4l2src = true;
  gulong probe = 0; // on the source's pad
  GstElement *filter = nullptr;
  GstElement *encoder = nullptr; // only for raw pictures
  GstPad *pad = nullptr;

  // The source's state changes happen under this, from whichever thread. They
  // may wait for the streaming thread, and that for whatever is downstream: the
  // streaming thread never takes it, and the application's way down to NULL
  // does not wait for it.
  std::mutex lifecycle;
  v4l2mjpeg::Settings running; // settings of this run
  std::optional<v4l2mjpeg::Candidate> candidate;
  v4l2mjpeg::KnownBy known_by = v4l2mjpeg::KnownBy::itself;
  bool opened = false;                // the source is in READY or higher
  bool configured = false;            // the mode is chosen
  std::vector<v4l2mjpeg::Mode> modes; // all the camera has

  // The state the source is to have, when there is one.
  std::atomic<GstState> target = GST_STATE_NULL;

  // What is told the supervisor, and waited for by it.
  std::mutex events;
  std::condition_variable wake_up;
  bool quit = false;
  bool lost = false; // the source has failed
  v4l2mjpeg::Failure failure;
  bool first_frame = false; // the first since the source was started
  bool finish = false;      // EOS is asked for
  bool finishing = false;   // and on its way

  // For the properties, and counted by the streaming thread.
  std::mutex stats_lock;
  v4l2mjpeg::Stats stats;
  GstV4l2MjpegSrcStatus status = GST_V4L2_MJPEG_SRC_STATUS_STOPPED;
  std::optional<v4l2mjpeg::Camera> camera;
  GstCaps *mode_caps = nullptr;

  // Of the streaming thread; reset while there is none.
  v4l2mjpeg::FrameGuard frame_guard;
  guint64 next_offset = GST_BUFFER_OFFSET_NONE;
  bool discont = false;

  std::atomic<bool> reconnect = true;
  std::atomic<bool> guard = true;
  std::atomic<bool> encoding = false;
  std::atomic<bool> stream_started = false; // the events went downstream
  std::atomic<bool> segment_sent = false;
  std::atomic<bool> playing = false; // the source is, so frames are due
  std::atomic<bool> flowing = false; // a frame came since the source's start
  std::atomic<bool> ended = false;   // EOS went downstream
  std::atomic<Clock::rep> last_frame = 0;
  std::atomic<int> frames_left = -1;

  GThread *supervisor = nullptr;
};

struct _GstV4l2MjpegSrc {
  GstBin parent;
  GstV4l2MjpegSrcPrivate *priv;
};

namespace v4l2mjpeg {

// camera_start.cpp, all under `lifecycle`

// Finds and opens the camera: the source goes to READY.
Result open_camera (GstV4l2MjpegSrc *self, Failure &failure);
// Chooses the mode and takes the source to the target state.
Result advance (GstV4l2MjpegSrc *self, Failure &failure);
// Takes the source to NULL.
void close_camera (GstV4l2MjpegSrc *self);
// Takes the source down to the target state.
void retreat (GstV4l2MjpegSrc *self);
// Says USB bandwidth where that is why the camera did not start.
void explain_start_failure (GstV4l2MjpegSrc *self, Failure &failure);

// data_path.cpp

GstPadProbeReturn source_probe (GstPad *, GstPadProbeInfo *, gpointer self);
GstPadProbeReturn output_probe (GstPad *, GstPadProbeInfo *, gpointer self);
gboolean answer_query (GstPad *, GstObject *, GstQuery *);
// EOS where no source is there to send it.
void push_eos (GstV4l2MjpegSrc *self);

// supervisor.cpp, a thread from READY to NULL that acts on what happens to the
// source, since no element can stop itself from its own streaming thread

void supervise (GstV4l2MjpegSrc *self);
void set_status (GstV4l2MjpegSrc *self, GstV4l2MjpegSrcStatus status);
void post_error (GstV4l2MjpegSrc *self, const Failure &failure);

} // namespace v4l2mjpeg
