// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
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
#include <vector>

GST_DEBUG_CATEGORY_EXTERN (v4l2mjpegsrc_debug);

namespace v4l2mjpeg {

// The properties that can be set, under the object lock. They take effect at
// the next start.
struct Settings {
  CameraWish wish;
  Mode mode;
  int quality = 85; // jpegenc's own default
  bool allow_raw = true;
  bool guard = true;
  bool reconnect = true;
  bool restart_on_eos = false;
  bool add_reference_timestamp_meta = false;
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
  failed, // the camera is present, but does not start
  wrong,  // it does not support what is requested
};

// Why the camera is not streaming, as in a GError.
struct Failure {
  GQuark domain = GST_RESOURCE_ERROR;
  int code = GST_RESOURCE_ERROR_FAILED;
  std::string text;
  std::string debug;
  const char *awaited = "the camera";
};

} // namespace v4l2mjpeg

// Three kinds of threads meet in this element: the application's, which changes
// the bin's state and sends it events; the supervisor, which brings a lost
// camera back; and the source's streaming thread, which may be downstream for
// as long as a queue is full or a sink waits for PLAYING.
//
// A state change of the bin takes the state lock of every child, even of one
// whose state is locked. So a thread that holds the source's state lock or
// `lifecycle` must not wait for one that is downstream: it would block every
// state change of the application, including the one to NULL that would release
// the thread downstream. It follows that:
//
// - The source is taken below PAUSED only when its streaming thread can't be
//   downstream: lock_behind_gate() ensures that, and is called with no lock of
//   this element held. (When the application takes the bin down, the pads are
//   inactive by then, so that it returns soon.)
// - No event that waits for the streaming thread is sent to the source with
//   gst_element_send_event(), which takes its state lock. EOS is pushed behind
//   the gate instead, once the source is stopped.
//
// Locks are taken in this order: the state locks of the pipeline and this bin,
// `lifecycle`, the source's state lock. The filter's stream lock (and then
// those of elements downstream) is taken while none of these is held. `events`
// and `stats_lock` are held briefly, and nothing is locked or called under
// them. No lock of this element is held while a message is posted or a property
// is notified.
struct GstV4l2MjpegSrcPrivate {
  using Clock = v4l2mjpeg::ReconnectPolicy::Clock;

  v4l2mjpeg::Settings settings; // under the object lock

  // The chain inside the bin. `source` is replaced only in state NULL.
  GstElement *source = nullptr;
  bool source_is_v4l2src = true;
  GstElement *filter = nullptr;
  GstPad *pad = nullptr;

  // The source's state, and what determines it.
  std::mutex lifecycle;
  v4l2mjpeg::Settings running;   // settings of this run
  GstElement *encoder = nullptr; // only for raw pictures
  std::optional<v4l2mjpeg::Candidate> candidate;
  v4l2mjpeg::KnownBy known_by = v4l2mjpeg::KnownBy::itself;
  bool opened = false;                  // the source is in READY or higher
  std::atomic<bool> configured = false; // the mode is chosen
  std::vector<v4l2mjpeg::Mode> modes;   // all that the camera offers
  std::optional<v4l2mjpeg::Mode> mode;
  // A mode from a range with which the camera did not start
  std::optional<v4l2mjpeg::Mode> vain_mode;
  // Messages to post after the lock is released: see announce().
  std::vector<GstMessage *> announcements;
  bool mode_changed = false;

  // The state that the source is to have if it is open. Written under
  // `lifecycle`.
  std::atomic<GstState> target = GST_STATE_NULL;

  // Events that the supervisor waits for.
  std::mutex events;
  std::condition_variable wake_up;
  bool quit = false;
  bool lost = false; // the source has failed, or could not be opened
  v4l2mjpeg::Failure failure;
  bool first_frame = false; // the first since the source was started
  bool resumed = false;     // the application started the source
  bool finish = false;      // EOS was requested
  bool ended = false;       // EOS was sent downstream
  guint stream = 0;         // how often PAUSED was reached from READY

  // Read by properties, and counted by the streaming thread.
  std::mutex stats_lock;
  v4l2mjpeg::Stats stats;
  GstV4l2MjpegSrcStatus status = GST_V4L2_MJPEG_SRC_STATUS_STOPPED;
  std::optional<v4l2mjpeg::Camera> camera;
  GstCaps *mode_caps = nullptr;

  // Used by the streaming thread, and reset while there is none.
  v4l2mjpeg::FrameGuard frame_guard;
  guint64 next_offset = GST_BUFFER_OFFSET_NONE;
  GstClockTime last_pts = GST_CLOCK_TIME_NONE;
  bool discont = false;

  std::atomic<bool> reconnect = true;
  std::atomic<bool> restart_on_eos = false;
  std::atomic<bool> guard = true;
  std::atomic<bool> add_reference_timestamp_meta = false;
  std::atomic<bool> encoding = false;
  // While it is closed, nothing from the source goes downstream. It is opened
  // only under `lifecycle`.
  std::atomic<bool> gate_closed = false;
  std::atomic<bool> flushing = false;       // by the application
  std::atomic<bool> stream_started = false; // the events went downstream
  std::atomic<bool> segment_sent = false;
  std::atomic<bool> playing = false; // so frames are due
  std::atomic<bool> flowing = false; // a frame came since the source started
  std::atomic<Clock::rep> last_arrival = 0; // of a frame, or the source's start
  std::atomic<Clock::rep> last_frame = 0;   // of a good one
  // With no good frame in between
  std::atomic<guint> dropped_in_a_row = 0;
  std::atomic<rfc2435::DropCause> last_cause = rfc2435::DropCause::empty;
  std::atomic<int> frames_left = -1;

  GThread *supervisor = nullptr;
};

struct _GstV4l2MjpegSrc {
  GstBin parent;
  GstV4l2MjpegSrcPrivate *priv;
};

namespace v4l2mjpeg {

// properties.cpp

void install_properties (GObjectClass *klass);

// states.cpp

GstStateChangeReturn change_state (
    GstElement *element, GstStateChange transition);

// bin_messages.cpp: messages from the source, and events from the application

void handle_message (GstBin *bin, GstMessage *message);
gboolean send_event (GstElement *element, GstEvent *event);
void set_status (GstV4l2MjpegSrc *self, GstV4l2MjpegSrcStatus status);
void post_error (GstV4l2MjpegSrc *self, const Failure &failure);
GstMessage *new_info (GstV4l2MjpegSrc *self, const std::string &text);
// Posts the messages that came up while `lifecycle` was held.
void announce (GstV4l2MjpegSrc *self);

// camera_start.cpp

// Takes ownership of `source`, a floating or full reference, or null. Called in
// state NULL.
void set_source (GstV4l2MjpegSrc *self, GstElement *source);

// All of these are called under `lifecycle`:

// Finds and opens the camera: the source goes to READY.
Result open_camera (GstV4l2MjpegSrc *self, Failure &failure);
// Chooses the mode and takes the source to the target state.
Result advance (GstV4l2MjpegSrc *self, Failure &failure);
// Takes the source to NULL.
void close_camera (GstV4l2MjpegSrc *self);
// Takes the source down to `state`, if it is higher.
void retreat (GstV4l2MjpegSrc *self, GstState state);
// False if the node that was opened no longer belongs to that camera: its
// number may have been given to another one, but not while the camera is open.
bool is_still_there (GstV4l2MjpegSrcPrivate *priv);
// A camera that is recognized by its serial number is recognized by its
// position instead once another one with the same number is plugged in.
void look_for_twins (GstV4l2MjpegSrc *self);

// failures.cpp, under `lifecycle`

// Explains the failure in the user's terms: the camera was unplugged, is used
// by another program, or finds no USB bandwidth.
void explain_failure (
    GstV4l2MjpegSrc *self, Failure &failure, bool was_flowing);

// data_path.cpp

// Locks `lifecycle` once the source's threads are not downstream, and closes
// the gate, so that nothing goes downstream until advance() starts the source
// again.
std::unique_lock<std::mutex> lock_behind_gate (GstV4l2MjpegSrc *self);
GstPadProbeReturn input_probe (GstPad *, GstPadProbeInfo *, gpointer self);
GstPadProbeReturn output_probe (GstPad *, GstPadProbeInfo *, gpointer self);
gboolean answer_query (GstPad *, GstObject *, GstQuery *);
// Sends EOS on behalf of the stopped source, with the events that must precede
// it. Does nothing if a stream other than the one of this number has begun.
void push_eos (GstV4l2MjpegSrc *self, guint stream);

// supervisor.cpp: a thread, from READY to NULL, that acts on what happens to
// the source, since no element can stop itself from its own streaming thread

void supervise (GstV4l2MjpegSrc *self);

} // namespace v4l2mjpeg
