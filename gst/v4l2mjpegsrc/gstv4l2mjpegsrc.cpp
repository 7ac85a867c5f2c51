// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-v4l2mjpegsrc
 * @title: v4l2mjpegsrc
 * @short_description: captures Motion JPEG, and resumes when the camera is back
 * @see_also: v4l2src, rfc2435pay
 *
 * A bin around `v4l2src` that needs neither a device path nor a caps filter. It
 * selects the first camera with MJPEG, or the one that #GstV4l2MjpegSrc:device
 * or #GstV4l2MjpegSrc:camera names, with the largest picture up to 1920x1080
 * available at about 30 frames per second, or as requested by
 * #GstV4l2MjpegSrc:width, #GstV4l2MjpegSrc:height, #GstV4l2MjpegSrc:framerate
 * and the elements downstream. Broken frames are dropped and counted. If a
 * camera does not offer MJPEG, its raw pictures are encoded.
 *
 * When the camera is unplugged, fails or stops sending, the pipeline keeps
 * running without pictures, and resumes with the same camera when it is back,
 * whatever its device node is called then: running time continues, and the
 * first buffer is marked DISCONT. The camera is recognized by its serial number
 * or, if that is not unique, by its position on the bus. INFO messages say
 * which camera was chosen, in which mode, and when it is back.
 *
 * All other features of `v4l2src` are available through #GstChildProxy, at the
 * child named `source`: `v4l2mjpegsrc source::io-mode=dmabuf`.
 *
 * ## Messages
 *
 * Element messages with these structures are posted:
 *
 * * `v4l2mjpegsrc-mode`, when a mode is chosen: `mode` (#GstCaps), `encoding`
 *   (gboolean, raw pictures are encoded), `device`, `device-name` (gchararray).
 * * `v4l2mjpegsrc-lost`, when the camera is lost or can't be started: `reason`,
 *   `device`, `device-name` (gchararray). It is also the details of the WARNING
 *   that is posted with it.
 * * `v4l2mjpegsrc-recovered`, with the first picture after that: `gap`
 *   (guint64, nanoseconds without the camera), `reconnects` (guint), `device`
 *   (gchararray).
 *
 * An ERROR is posted when the camera does not have the requested mode (the
 * message lists those it has), when it does not offer MJPEG and
 * #GstV4l2MjpegSrc:allow-raw is off, and when
 * #GstV4l2MjpegSrc:reconnect-timeout expires. With #GstV4l2MjpegSrc:reconnect
 * off, a missing camera and every error of `v4l2src` are errors here too.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2mjpegsrc ! rfc2435pay ! udpsink host=192.0.2.1
 * ]| Sends the pictures of whatever camera is plugged in.
 * |[
 * gst-launch-1.0 v4l2mjpegsrc camera=1A2B3C4D width=1280 height=720 !
 * rfc2435pay ! udpsink host=192.0.2.1 ]| Sends those of a specific camera, by
 * its serial number.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstrfc2435elements.h"
#include "private.h"

GST_DEBUG_CATEGORY (v4l2mjpegsrc_debug);
#define GST_CAT_DEFAULT v4l2mjpegsrc_debug

G_DEFINE_TYPE (GstV4l2MjpegSrc, gst_v4l2_mjpeg_src, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (
    v4l2mjpegsrc, "v4l2mjpegsrc", GST_RANK_NONE, GST_TYPE_V4L2_MJPEG_SRC)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

static void
gst_v4l2_mjpeg_src_init (GstV4l2MjpegSrc *self)
{
  auto priv = self->priv = new GstV4l2MjpegSrcPrivate ();

  priv->filter = gst_element_factory_make ("capsfilter", "filter");
  gst_bin_add (GST_BIN (self), priv->filter);
  auto input = gst_element_get_static_pad (priv->filter, "sink");
  gst_pad_add_probe (input,
      static_cast<GstPadProbeType> (
          GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
          GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH |
          GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM),
      v4l2mjpeg::input_probe, self, nullptr);
  gst_object_unref (input);

  auto target = gst_element_get_static_pad (priv->filter, "src");
  auto pad_template = gst_element_get_pad_template (GST_ELEMENT (self), "src");
  priv->pad = gst_ghost_pad_new_from_template ("src", target, pad_template);
  gst_object_unref (target);
  gst_pad_set_query_function (priv->pad, v4l2mjpeg::answer_query);
  gst_pad_add_probe (priv->pad, GST_PAD_PROBE_TYPE_BUFFER,
      v4l2mjpeg::output_probe, self, nullptr);
  gst_element_add_pad (GST_ELEMENT (self), priv->pad);

  v4l2mjpeg::set_source (self, gst_element_factory_make ("v4l2src", nullptr));
  gst_bin_set_suppressed_flags (
      GST_BIN (self), static_cast<GstElementFlags> (
                          GST_ELEMENT_FLAG_SOURCE | GST_ELEMENT_FLAG_SINK));
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static void
gst_v4l2_mjpeg_src_finalize (GObject *object)
{
  auto priv = GST_V4L2_MJPEG_SRC (object)->priv;

  gst_clear_caps (&priv->mode_caps);
  for (auto message : priv->announcements)
    gst_message_unref (message);
  delete priv;
  G_OBJECT_CLASS (gst_v4l2_mjpeg_src_parent_class)->finalize (object);
}

static void
gst_v4l2_mjpeg_src_class_init (GstV4l2MjpegSrcClass *klass)
{
  auto gobject_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto bin_class = GST_BIN_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      v4l2mjpegsrc_debug, "v4l2mjpegsrc", 0, "Motion JPEG camera source");

  gobject_class->finalize = gst_v4l2_mjpeg_src_finalize;
  v4l2mjpeg::install_properties (gobject_class);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Motion JPEG camera source", "Source/Video",
      "Captures Motion JPEG from a camera, and resumes after it was unplugged "
      "or stuck",
      "gst-rfc2435 contributors");
  element_class->change_state = v4l2mjpeg::change_state;
  element_class->send_event = v4l2mjpeg::send_event;
  bin_class->handle_message = v4l2mjpeg::handle_message;
}
