// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// Finding the camera, choosing its mode, and the states of the source element.
#include "config.h"

#include "capture_formats.h"
#include "private.h"

#include <gst/pbutils/missing-plugins.h>

#include <algorithm>
#include <cerrno>

#include <unistd.h>

#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

namespace v4l2mjpeg {

namespace {

// The element at the end of a bin like `souphttpsrc ! multipartdemux`, whose
// pad is there only while it streams.
GstElement *
find_late_element (GstBin *bin)
{
  GstElement *found = nullptr;
  auto elements = gst_bin_iterate_elements (bin);
  GValue item = G_VALUE_INIT;
  while (!found && gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    auto element = GST_ELEMENT (g_value_get_object (&item));
    auto templates = gst_element_get_pad_template_list (element);
    for (; templates; templates = templates->next) {
      auto pad_template = GST_PAD_TEMPLATE (templates->data);
      if (GST_PAD_TEMPLATE_DIRECTION (pad_template) == GST_PAD_SRC &&
          GST_PAD_TEMPLATE_PRESENCE (pad_template) == GST_PAD_SOMETIMES)
        found = element;
    }
    g_value_reset (&item);
  }
  g_value_unset (&item);
  gst_iterator_free (elements);
  return found;
}

// Gives such a bin a source pad that leads to whatever pad there is.
// gst_parse_launch() links late pads only once, and not again after a restart.
void
give_source_pad (GstElement *source)
{
  auto pad = gst_element_get_static_pad (source, "src");
  if (pad) {
    gst_object_unref (pad);
    return;
  }
  auto late =
      GST_IS_BIN (source) ? find_late_element (GST_BIN (source)) : nullptr;
  if (!late)
    return;
  auto ghost = gst_ghost_pad_new_no_target ("src", GST_PAD_SRC);
  gst_element_add_pad (source, ghost);
  g_signal_connect (late, "pad-added",
      G_CALLBACK (+[] (GstElement *, GstPad *added, GstGhostPad *to) {
        if (GST_PAD_IS_SRC (added))
          gst_ghost_pad_set_target (to, added);
      }),
      ghost);
  g_signal_connect (late, "pad-removed",
      G_CALLBACK (+[] (GstElement *, GstPad *removed, GstGhostPad *to) {
        auto target = gst_ghost_pad_get_target (to);
        if (target == removed)
          gst_ghost_pad_set_target (to, nullptr);
        gst_clear_object (&target);
      }),
      ghost);
}

} // namespace

void
set_source (GstV4l2MjpegSrc *self, GstElement *source)
{
  auto priv = self->priv;

  if (priv->source) {
    gst_element_unlink (priv->source, priv->filter);
    gst_element_set_locked_state (priv->source, FALSE);
    gst_bin_remove (GST_BIN (self), priv->source);
  }
  priv->source = source;
  if (!source)
    return;

  gst_object_set_name (GST_OBJECT (source), "source");
  give_source_pad (source);
  gst_bin_add (GST_BIN (self), source);
  // Its state is changed separately from the bin's, since the camera may be
  // absent for a while.
  gst_element_set_locked_state (source, TRUE);
  if (!gst_element_link_pads (source, "src", priv->filter, "sink"))
    g_warning ("%s: the source needs a pad 'src' of image/jpeg or video/x-raw",
        GST_OBJECT_NAME (self));
}

namespace {

// Advice if this process may not open nodes; otherwise empty.
std::string
permission_advice (const std::vector<Camera> &nodes)
{
  for (const auto &node : nodes)
    if (!node.path.empty () && access (node.path.c_str (), R_OK | W_OK) != 0 &&
        errno == EACCES)
      return " " + node.path +
             " can't be opened by this user, who may not be in the group "
             "'video'.";
  return {};
}

// The node that `device` leads to, if it exists and may be opened.
std::optional<Camera>
openable_node (const std::string &device)
{
  if (device.empty () || access (device.c_str (), R_OK | W_OK) != 0)
    return {};
  auto number = device_number (device);
  for (const auto &node : list_video_nodes (device))
    if (node.number == number)
      return node;
  return {};
}

const char *
describe (KnownBy how)
{
  switch (how) {
  case KnownBy::itself:
    return "serial number";
  case KnownBy::unit_in_place:
    return "model and position";
  default:
    return "position";
  }
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

// The first time: chooses the camera.
Result
pick_camera (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  const auto &running = priv->running;
  auto useless = openable_node (running.wish.device);
  auto candidates = list_candidates (running.wish.device);
  GST_DEBUG_OBJECT (self, "%u cameras", unsigned (candidates.size ()));
  auto choice = choose_camera (candidates, running.wish, running.allow_raw);

  if (!choice && useless) {
    failure = {.code = GST_RESOURCE_ERROR_SETTINGS,
        .text = v4l2mjpeg::describe (*useless) + " does not capture video.",
        .debug = "It is a metadata, output or codec device."};
    return Result::wrong;
  }
  if (!choice) {
    std::vector<Camera> present;
    for (const auto &candidate : candidates)
      present.push_back (candidate.camera);
    failure = {.code = GST_RESOURCE_ERROR_NOT_FOUND,
        .text = "No " + describe (running.wish) +
                (running.allow_raw ? " found." : " with MJPEG found."),
        .debug = "Cameras present: " + v4l2mjpeg::describe (present) + "." +
                 permission_advice (list_video_nodes ()),
        .awaited = "one"};
    return Result::absent;
  }
  if (!choice->mjpeg && !(choice->raw && running.allow_raw)) {
    failure = {.domain = GST_STREAM_ERROR,
        .code = GST_STREAM_ERROR_WRONG_TYPE,
        .text = "The camera " + v4l2mjpeg::describe (choice->camera) +
                " does not offer MJPEG.",
        .debug = choice->raw ? "Raw pictures are not allowed (allow-raw=false)."
                             : "It has no raw format that can be encoded."};
    return Result::wrong;
  }
  priv->candidate = choice;
  priv->known_by =
      known_by (running.wish, *choice, list_present (running.wish.device));
  GST_INFO_OBJECT (self, "chose %s, known by %s",
      v4l2mjpeg::describe (choice->camera).c_str (), describe (priv->known_by));
  return Result::done;
}

// Later: finds where it is now.
Result
find_camera_again (GstV4l2MjpegSrc *self, Failure &failure)
{
  auto priv = self->priv;
  auto &lost = priv->candidate->camera;
  auto found = find_again (
      list_present (priv->running.wish.device), lost, priv->known_by);
  if (!found) {
    failure = {.code = GST_RESOURCE_ERROR_NOT_FOUND,
        .text = "The camera " + v4l2mjpeg::describe (lost) + " is absent."};
    if (priv->known_by == KnownBy::unit_in_place)
      failure.debug =
          "It has no unique serial number, so it is recognized only at " +
          lost.bus + ".";
    return Result::absent;
  }
  lost = *found;
  return Result::done;
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
    priv->announcements.push_back (
        gst_missing_element_message_new (GST_ELEMENT (self), "jpegenc"));
    return false;
  }
  priv->encoder = encoder;
  gst_ghost_pad_set_target (GST_GHOST_PAD (priv->pad), nullptr);
  gst_bin_add (GST_BIN (self), encoder);
  gst_element_link (priv->filter, encoder);
  gst_element_sync_state_with_parent (encoder);
  auto error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE,
      "The camera does not offer MJPEG; its raw pictures are encoded.");
  auto debug = std::string ("by ") +
               GST_OBJECT_NAME (gst_element_get_factory (encoder)) +
               ", quality " + std::to_string (priv->running.quality);
  priv->announcements.push_back (
      gst_message_new_warning (GST_OBJECT (self), error, debug.c_str ()));
  g_error_free (error);
  return true;
}

// The part of `caps` that the camera is to be set to, with its `mode` if `caps`
// is a list of modes; null if nothing meets the wish. A source whose caps are
// not such a list makes its own choice.
GstCaps *
choose_caps (
    GstV4l2MjpegSrcPrivate *priv, GstCaps *caps, std::optional<Mode> &mode)
{
  const auto &wish = priv->running.mode;
  auto modes = modes_of (caps, wish);
  mode = priv->vain_mode
             ? choose_mode (smaller_modes (modes, *priv->vain_mode), wish)
             : std::nullopt;
  if (!mode)
    mode = choose_mode (modes, wish);
  if (mode) {
    auto chosen = restrict_caps (caps, *mode);
    auto possible =
        gst_caps_intersect_full (caps, chosen, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (chosen);
    return gst_caps_truncate (possible);
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

// Only what defines the mode: colorimetry and the like are left to the source.
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

// The caps and the camera, as the user knows them.
std::string
describe_start (GstV4l2MjpegSrcPrivate *priv, GstCaps *caps)
{
  std::string text = priv->candidate
                         ? "Camera " + describe (priv->candidate->camera)
                         : std::string ("The source");
  auto structure = gst_caps_get_structure (caps, 0);
  text +=
      gst_structure_has_name (structure, "image/jpeg") ? ": MJPEG" : ": raw";
  if (priv->mode)
    text += ", " + describe (*priv->mode);
  return text + ".";
}

// Announces the mode if it has changed.
void
publish_mode (GstV4l2MjpegSrc *self, GstCaps *caps)
{
  auto priv = self->priv;
  bool changed = false, moved = false;
  {
    std::lock_guard lock (priv->stats_lock);
    changed = !priv->mode_caps || !gst_caps_is_equal (priv->mode_caps, caps);
    gst_caps_replace (&priv->mode_caps, caps);
    if (priv->candidate) {
      moved = priv->camera != priv->candidate->camera;
      priv->camera = priv->candidate->camera;
    }
  }
  if (changed || moved)
    priv->announcements.push_back (
        new_info (self, describe_start (priv, caps)));
  if (!changed)
    return;

  priv->mode_changed = true;
  auto structure =
      gst_structure_new ("v4l2mjpegsrc-mode", "mode", GST_TYPE_CAPS, caps,
          "encoding", G_TYPE_BOOLEAN, priv->encoder != nullptr, nullptr);
  if (priv->candidate) {
    const auto &camera = priv->candidate->camera;
    gst_structure_set (structure, "device", G_TYPE_STRING, camera.path.c_str (),
        "device-name", G_TYPE_STRING, camera.name.c_str (), nullptr);
  }
  GST_INFO_OBJECT (self, "mode %" GST_PTR_FORMAT, caps);
  priv->announcements.push_back (
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
  GST_DEBUG_OBJECT (self,
      "the source has %" GST_PTR_FORMAT ", downstream takes %" GST_PTR_FORMAT,
      source_caps, wanted);
  auto chosen = choose_caps (priv, possible, priv->mode);
  priv->modes = modes_of (offered, running.mode);

  auto result = Result::done;
  if (gst_caps_is_empty (source_caps)) {
    // As if the camera was unplugged after it was opened
    result = Result::absent;
    failure = {.code = GST_RESOURCE_ERROR_OPEN_READ,
        .text = "The camera lists no modes."};
  } else if (!chosen) {
    result = Result::wrong;
    failure = {.domain = GST_STREAM_ERROR,
        .code = GST_STREAM_ERROR_FORMAT,
        .text = "The camera does not have the requested mode. It has: " +
                v4l2mjpeg::describe (priv->modes) + "."};
    auto text = gst_caps_to_string (wanted);
    failure.debug = std::string ("downstream takes ") + text;
    g_free (text);
  } else if (encode && !insert_encoder (self, chosen)) {
    result = Result::wrong;
    failure = {.domain = GST_CORE_ERROR,
        .code = GST_CORE_ERROR_MISSING_PLUGIN,
        .text =
            "The camera does not offer MJPEG, and there is no JPEG encoder."};
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
    priv->announcements.push_back (
        gst_missing_element_message_new (GST_ELEMENT (self), "v4l2src"));
    failure = {.domain = GST_CORE_ERROR,
        .code = GST_CORE_ERROR_MISSING_PLUGIN,
        .text =
            "There is no element v4l2src; install GStreamer's Good plugins."};
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
  priv->dropped_in_a_row = 0;
  priv->frame_guard.start (
      priv->candidate ? priv->candidate->camera.model : std::string ());
  bool opened = gst_element_set_state (priv->source, GST_STATE_READY) !=
                GST_STATE_CHANGE_FAILURE;
  if (opened && priv->source_is_v4l2src)
    opened = is_still_there (priv);
  if (!opened) {
    gst_element_set_state (priv->source, GST_STATE_NULL);
    failure = {.code = GST_RESOURCE_ERROR_OPEN_READ,
        .text = "The camera could not be opened."};
    return is_still_there (priv) ? Result::failed : Result::absent;
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
      return is_still_there (priv) ? result : Result::absent;

  gst_element_set_base_time (
      priv->source, gst_element_get_base_time (GST_ELEMENT (self)));
  priv->last_arrival = priv->last_frame =
      GstV4l2MjpegSrcPrivate::Clock::now ().time_since_epoch ().count ();
  GstState target = priv->target;
  if (GST_STATE (priv->source) < GST_STATE_PAUSED)
    priv->gate_closed = false;
  GST_DEBUG_OBJECT (self, "source to %s", gst_element_state_get_name (target));
  if (gst_element_set_state (priv->source, target) ==
      GST_STATE_CHANGE_FAILURE) {
    failure.text = "The camera failed to start.";
    return is_still_there (priv) ? Result::failed : Result::absent;
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
retreat (GstV4l2MjpegSrc *self, GstState state)
{
  auto priv = self->priv;
  if (state < GST_STATE_PLAYING)
    priv->playing = false;
  if (priv->opened && GST_STATE (priv->source) > state) {
    GST_DEBUG_OBJECT (self, "source to %s", gst_element_state_get_name (state));
    gst_element_set_state (priv->source, state);
  }
  if (state <= GST_STATE_READY)
    priv->configured = false;
}

bool
is_still_there (GstV4l2MjpegSrcPrivate *priv)
{
  if (!priv->source_is_v4l2src || !priv->candidate)
    return true;
  return is_present (priv->candidate->camera, priv->running.wish.device);
}

void
look_for_twins (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv;
  if (!priv->source_is_v4l2src || !priv->candidate ||
      priv->known_by != KnownBy::itself)
    return;
  const auto &camera = priv->candidate->camera;
  if (!has_twin (list_video_nodes (), camera))
    return;
  priv->known_by = KnownBy::unit_in_place;
  GST_INFO_OBJECT (self, "another camera has the serial number of %s",
      v4l2mjpeg::describe (camera).c_str ());
}

} // namespace v4l2mjpeg
