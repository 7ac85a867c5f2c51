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

// The properties that may be set, under the object lock. They take effect with
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
  failed, // the camera is there, but does not start
  wrong,  // it can't do what is asked for
};

// Why the camera is not streaming, as for a GError.
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
// A state change of the bin takes the state lock of every child, of one whose
// state is locked as well. So whoever holds the source's state lock or
// `lifecycle` must not wait for a thread that is downstream: no state change of
// the application would get past it, not even the one to NULL that lets that
// thread go. From this follows:
//
// - The source is taken below PAUSED only when its streaming thread can't be
//   downstream: lock_behind_gate() sees to that, and is called with no lock of
//   this element held. (On the application's own way down the pads are inactive
//   by then, so that it returns soon.)
// - No event that waits for the streaming thread is sent to the source with
//   gst_element_send_event(), which takes its state lock. EOS is pushed behind
//   the gate instead, once the source is stopped.
//
// Locks are taken in this order: the state locks of the pipeline and this bin,
// `lifecycle`, the source's state lock. The filter's stream lock (below it,
// whatever is downstream) is taken while none of these is held. `events` and
// `stats_lock` are held for moments, and nothing is locked or called under
// them. No lock of this element is held while a message is posted or a property
// notified.
struct GstV4l2MjpegSrcPrivate {
  using Clock = v4l2mjpeg::ReconnectPolicy::Clock;

  v4l2mjpeg::Settings settings; // under the object lock

  // The chain inside the bin. `source` is replaced only in state NULL.
  GstElement *source = nullptr;
  bool source_is_v4l2src = true;
  GstElement *filter = nullptr;
  GstPad *pad = nullptr;

  // The source's state, and what leads to it.
  std::mutex lifecycle;
  v4l2mjpeg::Settings running;   // settings of this run
  GstElement *encoder = nullptr; // only for raw pictures
  std::optional<v4l2mjpeg::Candidate> candidate;
  v4l2mjpeg::KnownBy known_by = v4l2mjpeg::KnownBy::itself;
  bool opened = false;                  // the source is in READY or higher
  std::atomic<bool> configured = false; // the mode is chosen
  std::vector<v4l2mjpeg::Mode> modes;   // all the camera has
  std::optional<v4l2mjpeg::Mode> mode;
  // A mode out of a range that the camera did not start in
  std::optional<v4l2mjpeg::Mode> vain_mode;
  // Messages to post once the lock is released: see announce().
  std::vector<GstMessage *> announcements;
  bool mode_changed = false;

  // The state the source is to have, when there is one. Written under
  // `lifecycle`.
  std::atomic<GstState> target = GST_STATE_NULL;

  // Events that the supervisor waits for.
  std::mutex events;
  std::condition_variable wake_up;
  bool quit = false;
  bool lost = false; // the source has failed, or was not opened
  v4l2mjpeg::Failure failure;
  bool first_frame = false; // the first since the source was started
  bool resumed = false;     // the application took the source up
  bool finish = false;      // EOS is asked for
  bool ended = false;       // EOS went downstream
  guint stream = 0;         // how often PAUSED was reached from READY

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
  std::atomic<bool> restart_on_eos = false;
  std::atomic<bool> guard = true;
  std::atomic<bool> add_reference_timestamp_meta = false;
  std::atomic<bool> encoding = false;
  // Nothing of the source goes downstream. Opened under `lifecycle` only.
  std::atomic<bool> gate_closed = false;
  std::atomic<bool> flushing = false;       // the application is
  std::atomic<bool> stream_started = false; // the events went downstream
  std::atomic<bool> segment_sent = false;
  std::atomic<bool> playing = false; // the source is, so frames are due
  std::atomic<bool> flowing = false; // a frame came since the source's start
  std::atomic<Clock::rep> last_arrival = 0; // of a frame, or the source's start
  std::atomic<Clock::rep> last_frame = 0;   // of a good one
  // Without a good one between
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

// bin_messages.cpp: what the source says, and the application tells the bin

void handle_message (GstBin *bin, GstMessage *message);
gboolean send_event (GstElement *element, GstEvent *event);
void set_status (GstV4l2MjpegSrc *self, GstV4l2MjpegSrcStatus status);
void post_error (GstV4l2MjpegSrc *self, const Failure &failure);
GstMessage *new_info (GstV4l2MjpegSrc *self, const std::string &text);
// Posts what was to be said while `lifecycle` was held.
void announce (GstV4l2MjpegSrc *self);

// camera_start.cpp

// Takes over `source`, a floating or full reference, or nothing; in state NULL.
void set_source (GstV4l2MjpegSrc *self, GstElement *source);

// All under `lifecycle`:

// Finds and opens the camera: the source goes to READY.
Result open_camera (GstV4l2MjpegSrc *self, Failure &failure);
// Chooses the mode and takes the source to the target state.
Result advance (GstV4l2MjpegSrc *self, Failure &failure);
// Takes the source to NULL.
void close_camera (GstV4l2MjpegSrc *self);
// Takes the source down to `state`, where it is higher.
void retreat (GstV4l2MjpegSrc *self, GstState state);
// False when the node that was opened is no longer that camera's: its number
// may have been given to another one. While the camera is open, it can't be.
bool is_still_there (GstV4l2MjpegSrcPrivate *priv);
// A camera that was told by its serial number is known by its place from when
// another one with the same number turns up.
void look_for_twins (GstV4l2MjpegSrc *self);

// failures.cpp, under `lifecycle`

// Says why in the user's terms: that the camera was unplugged, is used by
// somebody else, or finds no USB bandwidth.
void explain_failure (
    GstV4l2MjpegSrc *self, Failure &failure, bool was_flowing);

// data_path.cpp

// Locks `lifecycle` when nothing of the source is downstream, and lets nothing
// go there any more, until advance() starts the source again.
std::unique_lock<std::mutex> lock_behind_gate (GstV4l2MjpegSrc *self);
GstPadProbeReturn input_probe (GstPad *, GstPadProbeInfo *, gpointer self);
GstPadProbeReturn output_probe (GstPad *, GstPadProbeInfo *, gpointer self);
gboolean answer_query (GstPad *, GstObject *, GstQuery *);
// EOS in the stopped source's stead, with what has to go before it. Nothing if
// another stream than the one of this number has begun.
void push_eos (GstV4l2MjpegSrc *self, guint stream);

// supervisor.cpp, a thread from READY to NULL that acts on what happens to the
// source, since no element can stop itself from its own streaming thread

void supervise (GstV4l2MjpegSrc *self);

} // namespace v4l2mjpeg
