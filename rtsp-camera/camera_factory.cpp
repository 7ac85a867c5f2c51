// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "camera_factory.h"

#include <cstdio>
#include <mutex>

namespace {

// A media that prints messages of its elements to stderr and reports the
// pictures' capture times.

struct CameraMedia {
  GstRTSPMedia parent;
};

struct CameraMediaClass {
  GstRTSPMediaClass parent_class;
};

G_DEFINE_TYPE (CameraMedia, camera_media, GST_TYPE_RTSP_MEDIA)

struct CameraFactory {
  GstRTSPMediaFactory parent;
  struct State *state;
};

struct CameraFactoryClass {
  GstRTSPMediaFactoryClass parent_class;
};

/// C++ state, created with new rather than in the instance struct.
struct State {
  Options options;
  std::string mount;
  std::string camera;
  std::mutex mutex;
  GWeakRef payloader;
};

G_DEFINE_TYPE (CameraFactory, camera_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

CameraFactory *
camera_factory (gpointer factory)
{
  return reinterpret_cast<CameraFactory *> (factory);
}

void
report (const gchar *mount, GstMessage *message)
{
  GError *problem = nullptr;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &problem, nullptr);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &problem, nullptr);
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_INFO)
    gst_message_parse_info (message, &problem, nullptr);
  if (problem) {
    std::fprintf (stderr, "%s: %s: %s\n", mount, GST_MESSAGE_SRC_NAME (message),
        problem->message);
    g_error_free (problem);
    return;
  }
  if (gst_message_has_name (message, "v4l2mjpegsrc-recovered"))
    std::printf ("%s: the camera is back\n", mount);
}

// The media's own EOS message comes only when RTCP has ended, too, which it may
// never do.
constexpr char end_of_stream[] = "rfc2435-rtsp-camera-eos";

GstPadProbeReturn
post_end_of_stream (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *payloader = static_cast<GstElement *> (data);
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    gst_element_post_message (
        payloader, gst_message_new_element (GST_OBJECT (payloader),
                       gst_structure_new_empty (end_of_stream)));
  return GST_PAD_PROBE_OK;
}

// PLAY with a range would seek, which flushes the picture of all clients;
// gst-rtsp-server 1.22 may then wait forever for a packet that was flushed.
GstPadProbeReturn
deny_seeking (GstPad *, GstPadProbeInfo *info, gpointer)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  if (GST_QUERY_TYPE (query) != GST_QUERY_SEEKING)
    return GST_PAD_PROBE_OK;
  GstFormat format;
  gst_query_parse_seeking (query, &format, nullptr, nullptr, nullptr);
  gst_query_set_seeking (query, format, FALSE, 0, -1);
  return GST_PAD_PROBE_HANDLED;
}

gboolean
handle_message (GstRTSPMedia *media, GstMessage *message)
{
  auto *mount = static_cast<const gchar *> (
      g_object_get_data (G_OBJECT (media), "mount"));
  if (mount)
    report (mount, message);
  const gboolean go_on = GST_RTSP_MEDIA_CLASS (camera_media_parent_class)
                             ->handle_message (media, message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
      gst_message_has_name (message, end_of_stream))
    g_signal_emit_by_name (media, "ended");
  return go_on;
}

// Sender reports are to say when a picture was captured, rather than sent.
gboolean
setup_rtpbin (GstRTSPMedia *, GstElement *rtpbin)
{
  g_object_set (rtpbin, "rtcp-sync-send-time", FALSE, nullptr);
  return TRUE;
}

void
camera_media_class_init (CameraMediaClass *media_class)
{
  GST_RTSP_MEDIA_CLASS (media_class)->handle_message = handle_message;
  GST_RTSP_MEDIA_CLASS (media_class)->setup_rtpbin = setup_rtpbin;
  // Emitted from the media's thread
  g_signal_new ("ended", G_TYPE_FROM_CLASS (media_class), G_SIGNAL_RUN_LAST, 0,
      nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
}

void
camera_media_init (CameraMedia *)
{}

/// Prints an error if that is not possible.
bool
set_property (GstElement *payloader, const char *name, const char *text)
{
  GParamSpec *property =
      g_object_class_find_property (G_OBJECT_GET_CLASS (payloader), name);
  // gst-rtsp-server finds the payloader by its name.
  if (!property || !(property->flags & G_PARAM_WRITABLE) ||
      g_str_equal (name, "name")) {
    std::fprintf (stderr, "rfc2435pay has no property %s%s\n", name,
        property ? " that can be set" : "");
    return false;
  }
  GValue value = G_VALUE_INIT;
  g_value_init (&value, property->value_type);
  // GStreamer takes negative values for very large ones.
  const bool is_unsigned =
      G_IS_PARAM_SPEC_UINT (property) || G_IS_PARAM_SPEC_UINT64 (property);
  const bool good = !(is_unsigned && text[0] == '-') &&
                    gst_value_deserialize_with_pspec (&value, text, property) &&
                    !g_param_value_validate (property, &value);
  if (good)
    g_object_set_property (G_OBJECT (payloader), name, &value);
  else
    std::fprintf (stderr,
        "%s is not a value of rfc2435pay's property %s: see gst-inspect-1.0 "
        "rfc2435pay\n",
        text, name);
  g_value_unset (&value);
  return good;
}

bool
set_properties (GstElement *payloader, const State &state)
{
  bool good = true;
  for (const auto &[name, value] : state.options.payloader)
    good &= set_property (payloader, name.c_str (), value.c_str ());
  return good;
}

GstElement *
make (const char *element, const char *name)
{
  GstElement *made = gst_element_factory_make (element, name);
  if (!made)
    std::fprintf (
        stderr, "There is no element %s: is its plugin installed?\n", element);
  return made;
}

std::string
test_picture (const Options &options)
{
  return "videotestsrc is-live=true horizontal-speed=4 ! video/x-raw,"
         "format=I420,width=" +
         std::to_string (options.width > 0 ? options.width : 1280) +
         ",height=" +
         std::to_string (options.height > 0 ? options.height : 720) +
         ",framerate=(fraction)" +
         (options.framerate.empty () ? "30/1" : options.framerate) +
         " ! jpegenc";
}

GstElement *
make_source (const State &state)
{
  const Options &options = state.options;
  if (options.test_picture || !options.source.empty ()) {
    GError *error = nullptr;
    GstElement *bin = gst_parse_bin_from_description (
        options.source.empty () ? test_picture (options).c_str ()
                                : options.source.c_str (),
        TRUE, &error);
    if (error) {
      std::fprintf (stderr, "%s: %s\n", state.mount.c_str (), error->message);
      g_error_free (error);
      g_clear_object (&bin);
    }
    return bin;
  }
  GstElement *source = make ("v4l2mjpegsrc", nullptr);
  if (!source)
    return nullptr;
  if (!state.camera.empty ())
    g_object_set (source, "camera", state.camera.c_str (), nullptr);
  if (options.width > 0)
    g_object_set (source, "width", options.width, nullptr);
  if (options.height > 0)
    g_object_set (source, "height", options.height, nullptr);
  if (!options.framerate.empty ())
    gst_util_set_object_arg (
        G_OBJECT (source), "framerate", options.framerate.c_str ());
  return source;
}

// source ! queue ! rfc2435pay. Should sending ever take longer than capturing,
// the queue drops whole frames, the oldest first.
GstElement *
make_bin (const State &state)
{
  GstElement *source = make_source (state);
  GstElement *queue = make ("queue", nullptr);
  GstElement *payloader = make ("rfc2435pay", "pay0");
  if (!source || !queue || !payloader || !set_properties (payloader, state)) {
    for (GstElement *element : {source, queue, payloader})
      if (element)
        gst_object_unref (gst_object_ref_sink (element));
    return nullptr;
  }
  gst_util_set_object_arg (G_OBJECT (queue), "leaky", "downstream");
  g_object_set (queue, "max-size-buffers", 2u, "max-size-bytes", 0u,
      "max-size-time", guint64{0}, nullptr);
  GstElement *bin = gst_bin_new (nullptr);
  gst_bin_add_many (GST_BIN (bin), source, queue, payloader, nullptr);
  if (!gst_element_link_many (source, queue, payloader, nullptr)) {
    std::fprintf (stderr, "%s: the source does not produce image/jpeg\n",
        state.mount.c_str ());
    gst_object_unref (gst_object_ref_sink (bin));
    return nullptr;
  }
  return bin;
}

GstElement *
create_element (GstRTSPMediaFactory *factory, const GstRTSPUrl *)
{
  State &state = *camera_factory (factory)->state;
  GstElement *bin = make_bin (state);
  if (bin) {
    GstElement *payloader = gst_bin_get_by_name (GST_BIN (bin), "pay0");
    std::lock_guard lock (state.mutex);
    g_weak_ref_set (&state.payloader, payloader);
    GstPad *pad = gst_element_get_static_pad (payloader, "src");
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
        post_end_of_stream, payloader, nullptr);
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_QUERY_UPSTREAM, deny_seeking, nullptr, nullptr);
    gst_object_unref (pad);
    gst_object_unref (payloader);
  }
  return bin;
}

// The same key for all clients: by default, the port and the query of the URL
// are part of it, but a camera can't be opened twice.
gchar *
gen_key (GstRTSPMediaFactory *factory, const GstRTSPUrl *)
{
  return g_strdup (camera_factory (factory)->state->mount.c_str ());
}

void
prepared (GstRTSPMedia *media, gpointer)
{
  g_object_set_data (G_OBJECT (media), "prepared", GINT_TO_POINTER (TRUE));
}

void
unprepared (GstRTSPMedia *media, gpointer)
{
  std::printf ("%s: closed, %s\n",
      static_cast<const gchar *> (
          g_object_get_data (G_OBJECT (media), "mount")),
      g_object_get_data (G_OBJECT (media), "prepared") ? "no clients left"
                                                       : "no picture arrived");
}

void
configure (GstRTSPMediaFactory *factory, GstRTSPMedia *media)
{
  const State &state = *camera_factory (factory)->state;
  GST_RTSP_MEDIA_FACTORY_CLASS (camera_factory_parent_class)
      ->configure (factory, media);
  g_object_set_data_full (
      G_OBJECT (media), "mount", g_strdup (state.mount.c_str ()), g_free);
  g_signal_connect (media, "prepared", G_CALLBACK (prepared), nullptr);
  g_signal_connect (media, "unprepared", G_CALLBACK (unprepared), nullptr);
  std::printf ("%s: opened\n", state.mount.c_str ());
}

void
finalize (GObject *object)
{
  State *state = camera_factory (object)->state;
  g_weak_ref_clear (&state->payloader);
  delete state;
  G_OBJECT_CLASS (camera_factory_parent_class)->finalize (object);
}

void
camera_factory_class_init (CameraFactoryClass *factory_class)
{
  G_OBJECT_CLASS (factory_class)->finalize = finalize;
  auto *media_factory_class = GST_RTSP_MEDIA_FACTORY_CLASS (factory_class);
  media_factory_class->gen_key = gen_key;
  media_factory_class->create_element = create_element;
  media_factory_class->configure = configure;
}

void
camera_factory_init (CameraFactory *factory)
{
  factory->state = new State;
  g_weak_ref_init (&factory->state->payloader, nullptr);
}

} // namespace

GstRTSPMediaFactory *
camera_factory_new (
    const Options &options, const std::string &mount, const std::string &camera)
{
  auto *factory = static_cast<GstRTSPMediaFactory *> (
      g_object_new (camera_factory_get_type (), nullptr));
  State &state = *camera_factory (factory)->state;
  state.options = options;
  state.mount = mount;
  state.camera = camera;
  gst_rtsp_media_factory_set_media_gtype (factory, camera_media_get_type ());
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  return factory;
}

GstElement *
camera_factory_payloader (GstRTSPMediaFactory *factory)
{
  State &state = *camera_factory (factory)->state;
  std::lock_guard lock (state.mutex);
  return static_cast<GstElement *> (g_weak_ref_get (&state.payloader));
}

bool
camera_factory_check (GstRTSPMediaFactory *factory)
{
  GstElement *bin = make_bin (*camera_factory (factory)->state);
  if (!bin)
    return false;
  gst_object_unref (gst_object_ref_sink (bin));
  return true;
}
