// SPDX-License-Identifier: LGPL-2.1-or-later
// Finding the camera, choosing its mode, and the states of the source element.
#include "config.h"

#include "private.h"
#include "stream_start.h"

#include <gst/pbutils/missing-plugins.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

// Nodes that this process may not open, said as advice; else empty.
std::string
permission_advice (const std::vector<Camera> &nodes)
{
  for (const auto &node : nodes)
    if (access (node.path.c_str (), R_OK | W_OK) != 0 && errno == EACCES)
      return " " + node.path +
             " may not be opened by this user; is it in the group 'video'?";
  return {};
}

// The node that `device` leads to, when it is there and may be opened.
std::optional<Camera>
openable_node (const std::string &device)
{
  if (device.empty () || access (device.c_str (), R_OK | W_OK) != 0)
    return {};
  for (const auto &node : list_video_nodes ())
    if (node.path == resolve_link (device))
      return node;
  return {};
}

std::string
describe (const CameraWish &wish)
{
  if (!wish.device.empty ())
    return "camera " + wish.device;
  if (!wish.camera.empty ())
    return "camera '" + wish.camera + "'";
  return "camera";
}

// The first time: which camera is meant.
Result
pick_camera (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  const auto &running = priv->running;
  auto useless = openable_node (running.wish.device);
  auto candidates = list_candidates ();
  auto choice = choose_camera (candidates, running.wish, running.allow_raw);

  if (!choice && useless) {
    failure = {.code = GST_RESOURCE_ERROR_SETTINGS,
        .text = v4l2mjpeg::describe (*useless) + " captures no video.",
        .debug = "It is a device for metadata, output or coding."};
    return Result::wrong;
  }
  if (!choice) {
    std::vector<Camera> present;
    for (const auto &candidate : candidates)
      present.push_back (candidate.camera);
    failure = {.code = GST_RESOURCE_ERROR_NOT_FOUND,
        .text = "There is no " + describe (running.wish) +
                (running.allow_raw ? "." : " with MJPEG."),
        .debug = "Cameras present: " + v4l2mjpeg::describe (present) + "." +
                 permission_advice (list_video_nodes ())};
    return Result::absent;
  }
  if (!choice->mjpeg && !(choice->raw && running.allow_raw)) {
    failure = {.domain = GST_STREAM_ERROR,
        .code = GST_STREAM_ERROR_WRONG_TYPE,
        .text = "The camera " + v4l2mjpeg::describe (choice->camera) +
                " has no MJPEG.",
        .debug = choice->raw ? "Raw pictures are not allowed (allow-raw)."
                             : "It has no raw format that could be encoded."};
    return Result::wrong;
  }
  priv->candidate = choice;
  priv->known_by = known_by (running.wish, choice->camera);
  return Result::done;
}

// Later: where it is now.
Result
find_camera_again (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  auto &lost = priv->candidate->camera;
  auto found = find_again (list_video_nodes (), lost, priv->known_by);
  if (!found) {
    failure = {.code = GST_RESOURCE_ERROR_NOT_FOUND,
        .text = "The camera " + v4l2mjpeg::describe (lost) + " is not there."};
    return Result::absent;
  }
  lost = *found;
  return Result::done;
}

// A node's number may have been given to another camera between looking and
// opening. Once it is open it can't any more.
bool
is_still (const Camera &camera)
{
  auto nodes = list_video_nodes ();
  return nodes.empty () ||
         std::find (nodes.begin (), nodes.end (), camera) != nodes.end ();
}

void
remove_encoder (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  if (!priv->encoder)
    return;
  gst_ghost_pad_set_target (GST_GHOST_PAD (priv->pad), nullptr);
  gst_element_set_state (priv->encoder, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), priv->encoder);
  priv->encoder = nullptr;
}

GstElement *
make_encoder (const GstCaps *raw, int quality)
{
  if (auto factory = gst_element_factory_find ("v4l2jpegenc")) {
    GstElement *encoder = nullptr;
    if (gst_element_factory_can_sink_any_caps (factory, raw))
      encoder = gst_element_factory_create (factory, "encoder");
    gst_object_unref (factory);
    if (encoder) {
      auto controls = gst_structure_new (
          "controls", "compression_quality", G_TYPE_INT, quality, nullptr);
      g_object_set (encoder, "extra-controls", controls, nullptr);
      gst_structure_free (controls);
      return encoder;
    }
  }
  auto encoder = gst_element_factory_make ("jpegenc", "encoder");
  if (encoder)
    g_object_set (encoder, "quality", quality, nullptr);
  return encoder;
}

bool
insert_encoder (GstV4l2MjpegSrc *self, const GstCaps *raw)
{
  auto priv = self->priv;
  if (priv->encoder)
    return true;
  auto encoder = make_encoder (raw, priv->running.quality);
  if (!encoder) {
    gst_element_post_message (GST_ELEMENT (self),
        gst_missing_element_message_new (GST_ELEMENT (self), "jpegenc"));
    return false;
  }
  priv->encoder = encoder;
  gst_ghost_pad_set_target (GST_GHOST_PAD (priv->pad), nullptr);
  gst_bin_add (GST_BIN (self), encoder);
  gst_element_link (priv->filter, encoder);
  gst_element_sync_state_with_parent (encoder);
  GST_ELEMENT_WARNING (self, STREAM, ENCODE,
      ("The camera has no MJPEG: its raw pictures are encoded."),
      ("by %s, quality %d", GST_OBJECT_NAME (gst_element_get_factory (encoder)),
          priv->running.quality));
  return true;
}

// What of `caps` the camera is to be run with; null when nothing meets the
// wish. A source whose caps are no list of modes is left to choose itself.
GstCaps *
choose_caps (GstCaps *caps, const Mode &wish)
{
  if (auto mode = choose_mode (modes_of (caps, wish), wish)) {
    auto chosen = restrict_caps (caps, *mode);
    auto possible =
        gst_caps_intersect_full (caps, chosen, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (chosen);
    possible = gst_caps_truncate (possible);
    return possible;
  }
  if (!modes_of (caps, {}).empty ())
    return nullptr;
  auto wished = restrict_caps (caps, wish);
  auto possible = gst_caps_intersect (caps, wished);
  gst_caps_unref (wished);
  if (gst_caps_is_empty (possible))
    gst_clear_caps (&possible);
  return possible;
}

// Only what makes the mode: a format's colorimetry and such stay the source's.
GstCaps *
mode_caps (const GstCaps *chosen)
{
  auto from = gst_caps_get_structure (chosen, 0);
  auto to = gst_structure_new_empty (gst_structure_get_name (from));
  for (auto field : {"format", "width", "height", "framerate"})
    if (auto value = gst_structure_get_value (from, field))
      gst_structure_set_value (to, field, value);
  return gst_caps_new_full (to, nullptr);
}

void
publish_mode (GstV4l2MjpegSrc *self, GstCaps *caps)
{
  auto priv = self->priv;
  bool changed = false;
  {
    std::lock_guard lock (priv->stats_lock);
    changed = gst_caps_replace (&priv->mode_caps, caps) != FALSE;
    if (priv->candidate)
      priv->camera = priv->candidate->camera;
  }
  if (!changed)
    return;

  g_object_notify (G_OBJECT (self), "mode");
  auto structure =
      gst_structure_new ("v4l2mjpegsrc-mode", "mode", GST_TYPE_CAPS, caps,
          "encoding", G_TYPE_BOOLEAN, priv->encoder != nullptr, nullptr);
  if (priv->candidate) {
    const auto &camera = priv->candidate->camera;
    gst_structure_set (structure, "device", G_TYPE_STRING, camera.path.c_str (),
        "device-name", G_TYPE_STRING, camera.name.c_str (), nullptr);
  }
  GST_INFO_OBJECT (self, "mode %" GST_PTR_FORMAT, caps);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), structure));
}

Result
configure (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  const auto &running = priv->running;
  auto pad = gst_element_get_static_pad (priv->source, "src");
  auto source_caps = gst_pad_query_caps (pad, nullptr);
  auto wanted = gst_pad_peer_query_caps (priv->pad, nullptr);
  gst_object_unref (pad);

  auto jpeg = gst_caps_new_empty_simple ("image/jpeg");
  auto offered =
      gst_caps_intersect_full (source_caps, jpeg, GST_CAPS_INTERSECT_FIRST);
  bool encode = gst_caps_is_empty (offered);
  if (encode && running.allow_raw) {
    gst_caps_unref (offered);
    auto encodable = encodable_caps ();
    offered = gst_caps_intersect (encodable, source_caps);
    gst_caps_unref (encodable);
    auto raw = raw_caps_like (wanted);
    gst_caps_unref (wanted);
    wanted = raw;
  }
  auto possible =
      gst_caps_intersect_full (offered, wanted, GST_CAPS_INTERSECT_FIRST);
  auto chosen = choose_caps (possible, running.mode);
  priv->modes = modes_of (offered, running.mode);

  auto result = Result::done;
  if (!chosen) {
    result = Result::wrong;
    failure = {.domain = GST_STREAM_ERROR,
        .code = GST_STREAM_ERROR_FORMAT,
        .text =
            "The camera does not have the mode that is asked for. It has: " +
            v4l2mjpeg::describe (priv->modes) + "."};
    auto text = gst_caps_to_string (wanted);
    failure.debug = std::string ("downstream takes ") + text;
    g_free (text);
  } else if (encode && !insert_encoder (self, chosen)) {
    result = Result::wrong;
    failure = {.domain = GST_CORE_ERROR,
        .code = GST_CORE_ERROR_MISSING_PLUGIN,
        .text = "The camera has no MJPEG, and there is no JPEG encoder."};
  } else {
    if (!encode)
      remove_encoder (self);
    auto last = priv->encoder ? priv->encoder : priv->filter;
    auto target = gst_element_get_static_pad (last, "src");
    gst_ghost_pad_set_target (GST_GHOST_PAD (priv->pad), target);
    gst_object_unref (target);
    auto caps = mode_caps (chosen);
    g_object_set (priv->filter, "caps", caps, nullptr);
    priv->encoding = encode;
    priv->configured = true;
    publish_mode (self, caps);
    gst_caps_unref (caps);
  }
  gst_clear_caps (&chosen);
  gst_caps_unref (possible);
  gst_caps_unref (offered);
  gst_caps_unref (jpeg);
  gst_caps_unref (wanted);
  gst_caps_unref (source_caps);
  return result;
}

} // namespace

Result
open_camera (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  if (!priv->source) {
    gst_element_post_message (GST_ELEMENT (self),
        gst_missing_element_message_new (GST_ELEMENT (self), "v4l2src"));
    failure = {.domain = GST_CORE_ERROR,
        .code = GST_CORE_ERROR_MISSING_PLUGIN,
        .text = "There is no element v4l2src."};
    return Result::wrong;
  }
  if (priv->source_is_v4l2src) {
    auto result = priv->candidate ? find_camera_again (self, failure)
                                  : pick_camera (self, failure);
    if (result != Result::done)
      return result;
    g_object_set (
        priv->source, "device", priv->candidate->camera.path.c_str (), nullptr);
  }

  priv->flowing = false;
  priv->next_offset = GST_BUFFER_OFFSET_NONE;
  priv->discont = priv->stream_started;
  priv->frame_guard.start (
      priv->candidate ? priv->candidate->camera.model : std::string ());
  bool opened = gst_element_set_state (priv->source, GST_STATE_READY) !=
                GST_STATE_CHANGE_FAILURE;
  if (opened && priv->source_is_v4l2src)
    opened = is_still (priv->candidate->camera);
  if (!opened) {
    gst_element_set_state (priv->source, GST_STATE_NULL);
    failure = {.code = GST_RESOURCE_ERROR_OPEN_READ,
        .text = "The camera can't be opened."};
    return Result::failed;
  }
  priv->opened = true;
  return Result::done;
}

Result
advance (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  if (priv->target >= GST_STATE_PAUSED && !priv->configured)
    if (auto result = configure (self, failure); result != Result::done)
      return result;

  gst_element_set_base_time (
      priv->source, gst_element_get_base_time (GST_ELEMENT (self)));
  priv->last_frame =
      GstV4l2MjpegSrcPrivate::Clock::now ().time_since_epoch ().count ();
  GstState target = priv->target;
  if (gst_element_set_state (priv->source, target) ==
      GST_STATE_CHANGE_FAILURE) {
    failure.text = "The camera does not start.";
    return Result::failed;
  }
  priv->playing = target == GST_STATE_PLAYING;
  return Result::done;
}

void
close_camera (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  priv->playing = false;
  if (priv->source)
    gst_element_set_state (priv->source, GST_STATE_NULL);
  priv->opened = false;
  priv->configured = false;
}

void
retreat (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  GstState target = priv->target;
  if (target < GST_STATE_PLAYING)
    priv->playing = false;
  if (priv->opened && target >= GST_STATE_READY &&
      GST_STATE (priv->source) > target)
    gst_element_set_state (priv->source, target);
  if (target <= GST_STATE_READY)
    priv->configured = false;
}

void
explain_start_failure (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  if (!priv->source_is_v4l2src || !priv->candidate || priv->encoding)
    return;
  std::vector<Mode> current;
  {
    std::lock_guard lock (priv->stats_lock);
    if (priv->mode_caps)
      current = modes_of (priv->mode_caps, {});
  }
  if (current.empty ())
    return;
  auto error =
      stream_start_error (priv->candidate->camera.path, current.front ());
  GST_DEBUG_OBJECT (self, "starting to stream: %s", g_strerror (error));
  if (error != ENOSPC)
    return;
  failure.code = GST_RESOURCE_ERROR_NO_SPACE_LEFT;
  failure.text =
      "There is not enough USB bandwidth left for " +
      v4l2mjpeg::describe (current.front ()) +
      ". Plug the camera in elsewhere, or take a smaller mode: " +
      v4l2mjpeg::describe (smaller_modes (priv->modes, current.front ())) + ".";
}

} // namespace v4l2mjpeg
