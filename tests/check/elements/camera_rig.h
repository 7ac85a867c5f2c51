// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "assert_text.h"
#include "frame_stats.h"
#include "scripted_source.h"

#include <gst/check/gstcheck.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace camera_rig {

// As patient as wait_camera_status ()
inline constexpr GstClockTime patience = 20 * GST_SECOND;

inline std::string
camera_status (GstElement *camera)
{
  gint status = 0;
  g_object_get (camera, "status", &status, nullptr);
  const char *names[] = {"stopped", "starting", "streaming", "waiting"};
  return names[status];
}

inline void
wait_camera_status (GstElement *camera, const char *wanted)
{
  for (int i = 0; i < 2000 && camera_status (camera) != wanted; i++)
    g_usleep (10000);
  assert_text (camera_status (camera), wanted);
}

// A pipeline `v4l2mjpegsrc ! appsink` whose source follows a script.
class Rig {
public:
  Rig ()
  {
    pipeline_ = gst_pipeline_new (nullptr);
    camera_ = gst_element_factory_make ("v4l2mjpegsrc", nullptr);
    fail_unless (camera_ != nullptr);
    g_object_set (camera_, "source", scripted_source_new (), nullptr);
    sink_ = gst_element_factory_make ("appsink", nullptr);
    fail_unless (sink_ != nullptr);
    g_object_set (sink_, "sync", FALSE, nullptr);
    gst_bin_add_many (GST_BIN (pipeline_), camera_, sink_, nullptr);
    fail_unless (gst_element_link (camera_, sink_));
    auto pad = gst_element_get_static_pad (sink_, "sink");
    gst_pad_add_probe (pad,
        static_cast<GstPadProbeType> (GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                      GST_PAD_PROBE_TYPE_EVENT_FLUSH),
        count_event, this, nullptr);
    gst_object_unref (pad);
    bus_ = gst_element_get_bus (pipeline_);
  }
  ~Rig ()
  {
    stop ();
    gst_object_unref (bus_);
    gst_object_unref (pipeline_);
  }
  Rig (const Rig &) = delete;
  Rig &operator= (const Rig &) = delete;

  GstElement *camera () { return camera_; }
  GstElement *pipeline () { return pipeline_; }
  GstStateChangeReturn play ()
  {
    return gst_element_set_state (pipeline_, GST_STATE_PLAYING);
  }
  void stop ()
  {
    fail_unless (gst_element_set_state (pipeline_, GST_STATE_NULL) ==
                 GST_STATE_CHANGE_SUCCESS);
  }

  // Null at EOS, and if none arrived in time.
  GstSample *pull ()
  {
    GstSample *sample = nullptr;
    g_signal_emit_by_name (sink_, "try-pull-sample", patience, &sample);
    return sample;
  }
  // Skips `count` frames.
  void skip (int count)
  {
    for (int i = 0; i < count; i++) {
      auto sample = pull ();
      fail_unless (sample != nullptr, "frame %d did not come", i);
      gst_sample_unref (sample);
    }
  }
  bool at_eos ()
  {
    auto sample = pull ();
    gboolean eos = FALSE;
    g_object_get (sink_, "eos", &eos, nullptr);
    return sample == nullptr && eos;
  }

  // The text of the next message, with the name of the element that posted it.
  std::string message (GstMessageType type)
  {
    auto message = gst_bus_timed_pop_filtered (bus_, patience, type);
    fail_unless (message != nullptr, "no %s", gst_message_type_get_name (type));
    GError *error = nullptr;
    if (type == GST_MESSAGE_ERROR)
      gst_message_parse_error (message, &error, nullptr);
    else if (type == GST_MESSAGE_INFO)
      gst_message_parse_info (message, &error, nullptr);
    else
      gst_message_parse_warning (message, &error, nullptr);
    auto text = std::string (error->message);
    g_error_free (error);
    gst_message_unref (message);
    return text;
  }
  bool has_message (GstMessageType type)
  {
    auto message = gst_bus_pop_filtered (bus_, type);
    if (message)
      gst_message_unref (message);
    return message != nullptr;
  }
  GstMessage *element_message (const char *name)
  {
    for (;;) {
      auto message =
          gst_bus_timed_pop_filtered (bus_, patience, GST_MESSAGE_ELEMENT);
      fail_unless (message != nullptr, "no %s", name);
      if (gst_message_has_name (message, name))
        return message;
      gst_message_unref (message);
    }
  }

  guint64 stat (const char *field) { return test::frame_stat (camera_, field); }
  guint64 dropped (const char *cause)
  {
    return test::frame_stat (camera_, "dropped", cause);
  }
  std::string status () { return camera_status (camera_); }
  void wait_status (const char *wanted)
  {
    wait_camera_status (camera_, wanted);
  }
  // Downstream accepts nothing for this time.
  void block_downstream (gulong microseconds)
  {
    auto pad = gst_element_get_static_pad (camera_, "src");
    auto probe = gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM,
        [] (GstPad *, GstPadProbeInfo *, gpointer) { return GST_PAD_PROBE_OK; },
        nullptr, nullptr);
    g_usleep (microseconds);
    gst_pad_remove_probe (pad, probe);
    gst_object_unref (pad);
  }
  int events (GstEventType type)
  {
    std::lock_guard lock (mutex_);
    return counts_[type];
  }

private:
  static GstPadProbeReturn count_event (
      GstPad *, GstPadProbeInfo *info, gpointer user_data)
  {
    auto type = GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info));
    auto rig = static_cast<Rig *> (user_data);
    std::lock_guard lock (rig->mutex_);
    rig->counts_[type]++;
    return GST_PAD_PROBE_OK;
  }

  GstElement *pipeline_ = nullptr;
  GstElement *camera_ = nullptr;
  GstElement *sink_ = nullptr;
  GstBus *bus_ = nullptr;
  std::mutex mutex_; // of `counts_`: events come from any thread
  std::map<GstEventType, int> counts_;
};

inline std::vector<guint8>
picture (std::size_t size)
{
  std::vector<guint8> bytes (size, 0x55);
  bytes[0] = bytes[size - 2] = 0xff;
  bytes[1] = 0xd8;
  bytes[size - 1] = 0xd9;
  return bytes;
}

inline const Step frame = {.bytes = picture (1000)};
inline const Step failure = {.kind = Step::Kind::error};
inline const Step silence = {.kind = Step::Kind::silence};
inline const Step end = {.kind = Step::Kind::eos};

inline std::vector<Step>
frames (int count, const Step &last = frame)
{
  std::vector<Step> steps (static_cast<std::size_t> (count), frame);
  steps.push_back (last);
  return steps;
}

} // namespace camera_rig

using namespace camera_rig;
