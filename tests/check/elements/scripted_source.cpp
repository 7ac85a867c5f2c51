// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scripted_source.h"

#include <gst/base/gstpushsrc.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <string>

namespace {

// Of the only Script.
struct {
  std::mutex mutex;
  std::vector<Step> steps;
  std::size_t next = 0;
  std::string caps;
  int refuse_open = 0;
  int open_left = std::numeric_limits<int>::max ();
  int refuse_start = 0;
  std::vector<Bounce> bounces;  // the next one last
  std::optional<Bounce> bounce; // of this start
  int max_width = std::numeric_limits<int>::max ();
  std::vector<const GstMemory *> memories;
  std::vector<GstClockTime> pts;
  std::vector<gint64> made_at;
  bool silent = false;
} state;

Step
next_step ()
{
  std::lock_guard lock (state.mutex);
  if (state.steps.empty ())
    return {};
  const auto is_over = state.next == state.steps.size ();
  const auto &step = state.steps[is_over ? 0 : state.next++];
  if (step.caps)
    state.caps = step.caps;
  return step;
}

void
set_silent (bool silent)
{
  std::lock_guard lock (state.mutex);
  state.silent = silent;
}

} // namespace

#define SCRIPTED_TYPE_SOURCE (scripted_source_get_type ())
G_DECLARE_FINAL_TYPE (
    ScriptedSource, scripted_source, SCRIPTED, SOURCE, GstPushSrc)

struct _ScriptedSource {
  GstPushSrc parent;
  GMutex mutex;
  GCond wake_up;
  gboolean flushing;
};

G_DEFINE_TYPE (ScriptedSource, scripted_source, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate any_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static void
scripted_source_init (ScriptedSource *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake_up);
  gst_base_src_set_live (GST_BASE_SRC (self), TRUE);
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_base_src_set_do_timestamp (GST_BASE_SRC (self), FALSE);
}

static void
scripted_source_finalize (GObject *object)
{
  auto self = SCRIPTED_SOURCE (object);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake_up);
  G_OBJECT_CLASS (scripted_source_parent_class)->finalize (object);
}

static gboolean
refuse (ScriptedSource *self)
{
  GST_ELEMENT_ERROR (
      self, RESOURCE, OPEN_READ, ("The script refuses."), (nullptr));
  return FALSE;
}

static GstStateChangeReturn
scripted_source_change_state (GstElement *element, GstStateChange transition)
{
  if (transition == GST_STATE_CHANGE_NULL_TO_READY) {
    bool open = false;
    {
      std::lock_guard lock (state.mutex);
      state.bounce.reset ();
      if (!state.bounces.empty ()) {
        state.bounce = state.bounces.back ();
        state.bounces.pop_back ();
      }
      open = state.refuse_open == 0 && state.open_left > 0 &&
             state.bounce != Bounce::at_open;
      state.refuse_open -= state.refuse_open > 0;
      state.open_left -= open;
    }
    if (!open) {
      refuse (SCRIPTED_SOURCE (element));
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  return GST_ELEMENT_CLASS (scripted_source_parent_class)
      ->change_state (element, transition);
}

static gboolean
scripted_source_start (GstBaseSrc *src)
{
  {
    std::lock_guard lock (state.mutex);
    if (state.refuse_start == 0 && state.bounce != Bounce::at_start)
      return TRUE;
    state.refuse_start -= state.refuse_start > 0;
  }
  return refuse (SCRIPTED_SOURCE (src));
}

static GstCaps *
scripted_source_get_caps (GstBaseSrc *, GstCaps *filter)
{
  std::unique_lock lock (state.mutex);
  auto caps = state.bounce == Bounce::at_modes
                  ? gst_caps_new_empty ()
                  : gst_caps_from_string (state.caps.c_str ());
  lock.unlock ();
  if (filter) {
    auto filtered =
        gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (caps);
    return filtered;
  }
  return caps;
}

// Returns true if the wait was not interrupted.
static bool
scripted_source_wait (ScriptedSource *self, gint64 microseconds)
{
  auto end = g_get_monotonic_time () + microseconds;
  g_mutex_lock (&self->mutex);
  while (
      !self->flushing && g_cond_wait_until (&self->wake_up, &self->mutex, end))
    ;
  bool done = !self->flushing;
  g_mutex_unlock (&self->mutex);
  return done;
}

static GstBuffer *
make_buffer (ScriptedSource *self, const Step &step)
{
  auto buffer = gst_buffer_new ();
  if (!step.bytes.empty ()) {
    auto data = g_memdup2 (step.bytes.data (), step.bytes.size ());
    gst_buffer_append_memory (
        buffer, gst_memory_new_wrapped (static_cast<GstMemoryFlags> (0), data,
                    step.bytes.size (), 0, step.bytes.size (), data, g_free));
  }
  if (step.reference) {
    auto reference = gst_caps_from_string (step.reference);
    gst_buffer_add_reference_timestamp_meta (
        buffer, reference, 1, GST_CLOCK_TIME_NONE);
    gst_caps_unref (reference);
  }
  GST_BUFFER_FLAG_SET (buffer, step.flags);
  GST_BUFFER_OFFSET (buffer) = step.offset;
  GST_BUFFER_DTS (buffer) = step.pts;
  GST_BUFFER_DURATION (buffer) = step.duration;
  auto clock = gst_element_get_clock (GST_ELEMENT (self));
  auto running_time = gst_clock_get_time (clock) -
                      gst_element_get_base_time (GST_ELEMENT (self));
  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_IS_VALID (step.pts)
                                ? step.pts
                                : running_time - step.age * GST_MSECOND;
  auto made_at = g_get_real_time ();
  gst_object_unref (clock);

  std::lock_guard lock (state.mutex);
  if (!step.bytes.empty ())
    state.memories.push_back (gst_buffer_peek_memory (buffer, 0));
  state.pts.push_back (GST_BUFFER_PTS (buffer));
  state.made_at.push_back (made_at);
  return buffer;
}

static bool
scripted_source_fails_in_mode (ScriptedSource *self)
{
  auto caps = gst_pad_get_current_caps (GST_BASE_SRC_PAD (self));
  gint width = 0;
  if (caps)
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width);
  gst_clear_caps (&caps);
  std::lock_guard lock (state.mutex);
  return state.bounce == Bounce::at_first_frame || width > state.max_width;
}

static GstFlowReturn
scripted_source_create (GstPushSrc *src, GstBuffer **buffer)
{
  auto self = SCRIPTED_SOURCE (src);
  if (scripted_source_fails_in_mode (self)) {
    refuse (self);
    return GST_FLOW_ERROR;
  }
  auto step = next_step ();
  switch (step.kind) {
  case Step::Kind::error:
    GST_ELEMENT_ERROR (self, RESOURCE, READ,
        ("%s", step.text ? step.text : "The script fails."), (nullptr));
    return GST_FLOW_ERROR;
  case Step::Kind::eos:
    return GST_FLOW_EOS;
  case Step::Kind::silence:
    set_silent (true);
    scripted_source_wait (self, G_TIME_SPAN_HOUR);
    set_silent (false);
    return GST_FLOW_FLUSHING;
  default:
    if (!scripted_source_wait (self, step.delay * G_TIME_SPAN_MILLISECOND))
      return GST_FLOW_FLUSHING;
    *buffer = make_buffer (self, step);
    return GST_FLOW_OK;
  }
}

static gboolean
scripted_source_set_flushing (GstBaseSrc *src, gboolean flushing)
{
  auto self = SCRIPTED_SOURCE (src);
  g_mutex_lock (&self->mutex);
  self->flushing = flushing;
  g_cond_signal (&self->wake_up);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gboolean
scripted_source_unlock (GstBaseSrc *src)
{
  return scripted_source_set_flushing (src, TRUE);
}

static gboolean
scripted_source_unlock_stop (GstBaseSrc *src)
{
  return scripted_source_set_flushing (src, FALSE);
}

static void
scripted_source_class_init (ScriptedSourceClass *klass)
{
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto base_class = GST_BASE_SRC_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scripted_source_finalize;
  gst_element_class_add_static_pad_template (element_class, &any_template);
  gst_element_class_set_static_metadata (
      element_class, "Scripted source", "Source", "For tests", "tests");
  element_class->change_state = scripted_source_change_state;
  base_class->start = scripted_source_start;
  base_class->get_caps = scripted_source_get_caps;
  base_class->unlock = scripted_source_unlock;
  base_class->unlock_stop = scripted_source_unlock_stop;
  GST_PUSH_SRC_CLASS (klass)->create = scripted_source_create;
}

GstElement *
scripted_source_new ()
{
  return GST_ELEMENT (g_object_new (SCRIPTED_TYPE_SOURCE, nullptr));
}

Script::Script (std::vector<Step> steps)
{
  std::lock_guard lock (state.mutex);
  state.steps = std::move (steps);
  state.next = 0;
  state.caps = "image/jpeg,width=640,height=480,framerate=30/1";
}

Script::~Script ()
{
  std::lock_guard lock (state.mutex);
  state.steps.clear ();
  state.memories.clear ();
  state.pts.clear ();
  state.made_at.clear ();
  state.refuse_open = state.refuse_start = 0;
  state.bounces.clear ();
  state.bounce.reset ();
  state.max_width = std::numeric_limits<int>::max ();
  state.open_left = std::numeric_limits<int>::max ();
}

void
Script::set_caps (const char *caps)
{
  std::lock_guard lock (state.mutex);
  state.caps = caps;
}

void
Script::refuse_to_open (int times)
{
  std::lock_guard lock (state.mutex);
  state.refuse_open = times;
}

void
Script::refuse_to_start (int times)
{
  std::lock_guard lock (state.mutex);
  state.refuse_start = times;
}

void
Script::refuse_to_open_after (int times)
{
  std::lock_guard lock (state.mutex);
  state.open_left = times;
}

void
Script::bounce (std::vector<Bounce> bounces)
{
  std::lock_guard lock (state.mutex);
  state.bounces.assign (bounces.rbegin (), bounces.rend ());
}

std::size_t
Script::bounces_left () const
{
  std::lock_guard lock (state.mutex);
  return state.bounces.size ();
}

void
Script::fail_above_width (int width)
{
  std::lock_guard lock (state.mutex);
  state.max_width = width;
}

void
Script::wait_for_silence () const
{
  for (;; g_usleep (1000)) {
    std::lock_guard lock (state.mutex);
    if (state.silent)
      return;
  }
}

bool
Script::made (const GstMemory *memory) const
{
  std::lock_guard lock (state.mutex);
  return std::find (state.memories.begin (), state.memories.end (), memory) !=
         state.memories.end ();
}

GstClockTime
Script::pts_of (std::size_t frame) const
{
  std::lock_guard lock (state.mutex);
  return state.pts.at (frame);
}

gint64
Script::made_at (std::size_t frame) const
{
  std::lock_guard lock (state.mutex);
  return state.made_at.at (frame);
}
