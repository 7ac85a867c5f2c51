// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Two WebRTC peers in one process, from rfc2435pay to rfc2435depay: every
// picture that arrives is one that was sent.
#include <cstdio>
#include <mutex>
#include <set>
#include <string>

#include <gst/gst.h>

namespace {

constexpr unsigned enough = 30;

struct Session {
  GMainLoop *loop = g_main_loop_new (nullptr, FALSE);
  GstElement *pipeline = nullptr;
  GstElement *sender = nullptr;
  GstElement *receiver = nullptr;
  std::mutex mutex;
  std::set<std::string> sent;
  unsigned right = 0;
  unsigned wrong = 0;
};

// The picture after its tables, which a receiver rewrites.
std::string
scan_of (GstPadProbeInfo *info)
{
  GstMapInfo map;
  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return {};
  std::string jpeg (reinterpret_cast<char *> (map.data), map.size);
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  const auto sos = jpeg.find ("\xff\xda");
  if (sos == std::string::npos)
    return {};
  return jpeg.substr (sos);
}

GstPadProbeReturn
on_sent (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *session = static_cast<Session *> (data);
  std::lock_guard lock (session->mutex);
  session->sent.insert (scan_of (info));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
on_received (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *session = static_cast<Session *> (data);
  std::lock_guard lock (session->mutex);
  if (session->sent.contains (scan_of (info)))
    session->right++;
  else
    session->wrong++;
  // Again and again, in case the loop is not running yet.
  if (session->wrong > 0 || session->right >= enough)
    g_main_loop_quit (session->loop);
  return GST_PAD_PROBE_OK;
}

// Session descriptions are passed on unchanged, which needs no header of the
// WebRTC library.
void
describe (
    GstElement *from, GstElement *to, GstPromise *promise, const char *field)
{
  const GstStructure *reply = gst_promise_get_reply (promise);
  const GValue *value =
      reply ? gst_structure_get_value (reply, field) : nullptr;
  if (!value)
    g_error ("no %s", field);
  g_signal_emit_by_name (
      from, "set-local-description", g_value_get_boxed (value), nullptr);
  g_signal_emit_by_name (
      to, "set-remote-description", g_value_get_boxed (value), nullptr);
}

void
on_answer (GstPromise *promise, gpointer data)
{
  auto *session = static_cast<Session *> (data);
  describe (session->receiver, session->sender, promise, "answer");
  gst_promise_unref (promise);
}

void
on_offer (GstPromise *promise, gpointer data)
{
  auto *session = static_cast<Session *> (data);
  describe (session->sender, session->receiver, promise, "offer");
  gst_promise_unref (promise);
  g_signal_emit_by_name (session->receiver, "create-answer", nullptr,
      gst_promise_new_with_change_func (on_answer, session, nullptr));
}

void
on_negotiation_needed (GstElement *sender, gpointer data)
{
  g_signal_emit_by_name (sender, "create-offer", nullptr,
      gst_promise_new_with_change_func (on_offer, data, nullptr));
}

void
on_candidate (GstElement *, guint line, gchar *candidate, gpointer peer)
{
  g_signal_emit_by_name (peer, "add-ice-candidate", line, candidate);
}

void
on_pad (GstElement *, GstPad *pad, gpointer data)
{
  if (!GST_PAD_IS_SRC (pad))
    return;
  auto *session = static_cast<Session *> (data);
  GstElement *depay =
      gst_bin_get_by_name (GST_BIN (session->pipeline), "depay");
  GstPad *sink = gst_element_get_static_pad (depay, "sink");
  if (gst_pad_link (pad, sink) != GST_PAD_LINK_OK)
    g_error ("rfc2435depay can't be linked");
  gst_object_unref (sink);
  gst_object_unref (depay);
}

gboolean
on_error (GstBus *, GstMessage *message, gpointer data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = nullptr;
    gst_message_parse_error (message, &error, nullptr);
    std::printf ("%s\n", error->message);
    g_error_free (error);
    g_main_loop_quit (static_cast<Session *> (data)->loop);
  }
  return G_SOURCE_CONTINUE;
}

void
watch_pad (Session &session, const char *element, GstPadProbeCallback callback)
{
  GstElement *found = gst_bin_get_by_name (GST_BIN (session.pipeline), element);
  GstPad *pad = gst_element_get_static_pad (found, "src");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, callback, &session, nullptr);
  gst_object_unref (pad);
  gst_object_unref (found);
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  Session session;
  GError *error = nullptr;
  session.pipeline = gst_parse_launch (
      "webrtcbin name=receiver webrtcbin name=sender "
      "videotestsrc is-live=true pattern=snow "
      "! video/x-raw,format=I420,width=320,height=240,framerate=30/1 "
      "! jpegenc name=camera ! rfc2435pay ! sender. "
      "rfc2435depay name=depay conceal=none ! fakesink",
      &error);
  if (error) {
    std::printf ("%s\n", error->message);
    return 1;
  }
  GstBin *bin = GST_BIN (session.pipeline);
  session.sender = gst_bin_get_by_name (bin, "sender");
  session.receiver = gst_bin_get_by_name (bin, "receiver");
  g_signal_connect (session.sender, "on-negotiation-needed",
      G_CALLBACK (on_negotiation_needed), &session);
  g_signal_connect (session.sender, "on-ice-candidate",
      G_CALLBACK (on_candidate), session.receiver);
  g_signal_connect (session.receiver, "on-ice-candidate",
      G_CALLBACK (on_candidate), session.sender);
  g_signal_connect (
      session.receiver, "pad-added", G_CALLBACK (on_pad), &session);
  watch_pad (session, "camera", on_sent);
  watch_pad (session, "depay", on_received);
  GstBus *bus = gst_element_get_bus (session.pipeline);
  gst_bus_add_watch (bus, on_error, &session);
  gst_object_unref (bus);
  gst_element_set_state (session.pipeline, GST_STATE_PLAYING);
  g_main_loop_run (session.loop);
  gst_element_set_state (session.pipeline, GST_STATE_NULL);
  std::printf ("%u pictures received, %u of them wrong\n",
      session.right + session.wrong, session.wrong);
  return session.right >= enough && session.wrong == 0 ? 0 : 1;
}
