// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rig.h"

#include "patience.h"

#include <gst/check/gstcheck.h>

#include <algorithm>

namespace testcamera {

namespace {

constexpr auto poll_interval = std::chrono::milliseconds (10);

std::string
take (gchar *text)
{
  std::string taken = text ? text : "";
  g_free (text);
  return taken;
}

std::string
text_in (GstMessage *message)
{
  GError *error = nullptr;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, nullptr);
  else
    gst_message_parse_warning (message, &error, nullptr);
  std::string text = error->message;
  g_error_free (error);
  return text;
}

} // namespace

double
seconds (Duration duration)
{
  return std::chrono::duration<double> (duration).count ();
}

bool
Frame::is_jpeg () const
{
  auto size = bytes.size ();
  return size > 4 && bytes[0] == 0xff && bytes[1] == 0xd8 &&
         bytes[size - 2] == 0xff && bytes[size - 1] == 0xd9;
}

int
index_of (const Frame &frame, const std::vector<Picture> &fed)
{
  auto found = std::find (fed.begin (), fed.end (), frame.bytes);
  return found == fed.end () ? -1 : static_cast<int> (found - fed.begin ());
}

Rig::Rig (const std::string &properties, const std::string &downstream)
{
  auto line = "v4l2mjpegsrc name=camera " + properties + " ! " +
              (downstream.empty () ? "identity" : downstream);
  if (line.find ("sink ") == std::string::npos)
    line += " ! fakesink sync=false";
  GError *error = nullptr;
  pipeline_ = gst_parse_launch (line.c_str (), &error);
  fail_unless (
      error == nullptr, "%s: %s", line.c_str (), error ? error->message : "");
  source_ = gst_bin_get_by_name (GST_BIN (pipeline_), "camera");

  auto pad = gst_element_get_static_pad (source_, "src");
  gst_pad_add_probe (pad,
      static_cast<GstPadProbeType> (
          GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      record, this, nullptr);
  gst_object_unref (pad);
  auto bus = gst_element_get_bus (pipeline_);
  gst_bus_set_sync_handler (bus, keep, this, nullptr);
  gst_object_unref (bus);
}

Rig::~Rig ()
{
  stop ();
  auto bus = gst_element_get_bus (pipeline_);
  gst_bus_set_sync_handler (bus, nullptr, nullptr, nullptr);
  gst_object_unref (bus);
  gst_object_unref (source_);
  gst_object_unref (pipeline_);
  for (auto message : messages_)
    gst_message_unref (message);
}

GstPadProbeReturn
Rig::record (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  auto self = static_cast<Rig *> (user_data);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    auto event = GST_PAD_PROBE_INFO_EVENT (info);
    std::lock_guard lock (self->mutex_);
    self->events_.push_back (GST_EVENT_TYPE (event));
    return GST_PAD_PROBE_OK;
  }

  auto buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  auto event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  fail_unless (event != nullptr);
  const GstSegment *segment = nullptr;
  gst_event_parse_segment (event, &segment);
  Frame frame;
  frame.running_time = gst_segment_to_running_time (
      segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  frame.discont = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_event_unref (event);
  frame.bytes.resize (gst_buffer_get_size (buffer));
  gst_buffer_extract (buffer, 0, frame.bytes.data (), frame.bytes.size ());
  std::lock_guard lock (self->mutex_);
  self->frames_.push_back (std::move (frame));
  return GST_PAD_PROBE_OK;
}

GstBusSyncReply
Rig::keep (GstBus *, GstMessage *message, gpointer user_data)
{
  auto self = static_cast<Rig *> (user_data);
  std::lock_guard lock (self->mutex_);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_STATE_CHANGED &&
      GST_MESSAGE_SRC (message) == GST_OBJECT (self->pipeline_))
    self->state_changes_++;
  self->messages_.push_back (message);
  return GST_BUS_DROP;
}

void
Rig::play ()
{
  gst_element_set_state (pipeline_, GST_STATE_PLAYING);
  std::lock_guard lock (mutex_);
  state_changes_ = 0;
}

void
Rig::pause ()
{
  gst_element_set_state (pipeline_, GST_STATE_PAUSED);
}

void
Rig::stop ()
{
  gst_element_set_state (pipeline_, GST_STATE_NULL);
}

void
Rig::send_eos ()
{
  gst_element_send_event (pipeline_, gst_event_new_eos ());
}

template <typename Condition>
bool
Rig::wait_until (Condition condition, Duration limit)
{
  auto end = Clock::now () + patience (limit);
  while (!condition ()) {
    if (Clock::now () > end) {
      GstStructure *stats = nullptr;
      g_object_get (source_, "frame-stats", &stats, nullptr);
      printf ("  timed out: %s, %s\n", status ().c_str (),
          take (gst_structure_to_string (stats)).c_str ());
      gst_structure_free (stats);
      std::lock_guard lock (mutex_);
      for (auto message : messages_)
        if (GST_MESSAGE_TYPE (message) &
            (GST_MESSAGE_ERROR | GST_MESSAGE_WARNING))
          printf ("  %s: %s\n", GST_MESSAGE_TYPE_NAME (message),
              text_in (message).c_str ());
      return false;
    }
    std::this_thread::sleep_for (poll_interval);
  }
  return true;
}

bool
Rig::wait_frames (std::size_t count, Duration limit)
{
  return wait_until (
      [&] {
        std::lock_guard lock (mutex_);
        return frames_.size () >= count;
      },
      limit);
}

bool
Rig::wait_status (const std::string &wanted, Duration limit)
{
  return wait_until ([&] { return status () == wanted; }, limit);
}

bool
Rig::wait_for (GstMessageType type, Duration limit)
{
  return wait_until ([&] { return count (type) > 0; }, limit);
}

std::vector<Frame>
Rig::frames () const
{
  std::lock_guard lock (mutex_);
  return frames_;
}

int
Rig::events (GstEventType type) const
{
  std::lock_guard lock (mutex_);
  return static_cast<int> (std::count (events_.begin (), events_.end (), type));
}

int
Rig::count (GstMessageType type) const
{
  std::lock_guard lock (mutex_);
  return static_cast<int> (std::count_if (
      messages_.begin (), messages_.end (), [&] (GstMessage *message) {
        return GST_MESSAGE_TYPE (message) == type;
      }));
}

std::string
Rig::text_of (GstMessageType type) const
{
  std::lock_guard lock (mutex_);
  for (auto message : messages_)
    if (GST_MESSAGE_TYPE (message) == type)
      return text_in (message);
  return {};
}

std::string
Rig::source_of (GstMessageType type) const
{
  std::lock_guard lock (mutex_);
  for (auto message : messages_)
    if (GST_MESSAGE_TYPE (message) == type)
      return GST_MESSAGE_SRC_NAME (message);
  return {};
}

std::string
Rig::element_message (const char *name) const
{
  std::lock_guard lock (mutex_);
  std::string text;
  for (auto message : messages_)
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT &&
        gst_message_has_name (message, name))
      text =
          take (gst_structure_to_string (gst_message_get_structure (message)));
  return text;
}

bool
Rig::still_playing () const
{
  GstState state = GST_STATE_NULL;
  gst_element_get_state (pipeline_, &state, nullptr, 0);
  std::lock_guard lock (mutex_);
  // The change to PLAYING itself may be reported after play() has returned.
  return state == GST_STATE_PLAYING && state_changes_ <= 1;
}

std::string
Rig::status () const
{
  gint status = 0;
  g_object_get (source_, "status", &status, nullptr);
  auto pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (source_), "status");
  auto value = g_enum_get_value (G_PARAM_SPEC_ENUM (pspec)->enum_class, status);
  return value->value_nick;
}

std::string
Rig::mode () const
{
  GstCaps *caps = nullptr;
  g_object_get (source_, "mode", &caps, nullptr);
  auto text = caps ? take (gst_caps_to_string (caps)) : "";
  gst_clear_caps (&caps);
  return text;
}

guint64
Rig::stat (const char *field) const
{
  GstStructure *stats = nullptr;
  g_object_get (source_, "frame-stats", &stats, nullptr);
  guint64 value = 0;
  guint small = 0;
  if (gst_structure_get_uint (stats, field, &small))
    value = small;
  else
    fail_unless (gst_structure_get_uint64 (stats, field, &value));
  gst_structure_free (stats);
  return value;
}

std::string
Rig::text_stat (const char *field) const
{
  GstStructure *stats = nullptr;
  g_object_get (source_, "frame-stats", &stats, nullptr);
  auto text = gst_structure_get_string (stats, field);
  std::string value = text ? text : "";
  gst_structure_free (stats);
  return value;
}

guint64
Rig::dropped () const
{
  return stat ("frames-dropped");
}

guint64
Rig::dropped (const char *cause) const
{
  GstStructure *stats = nullptr, *by_cause = nullptr;
  g_object_get (source_, "frame-stats", &stats, nullptr);
  fail_unless (gst_structure_get (
      stats, "dropped", GST_TYPE_STRUCTURE, &by_cause, nullptr));
  guint64 count = 0;
  gst_structure_get_uint64 (by_cause, cause, &count);
  gst_structure_free (by_cause);
  gst_structure_free (stats);
  return count;
}

} // namespace testcamera
