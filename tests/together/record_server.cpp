// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An RTSP server that accepts one stream, for rtspclientsink: prints its port,
// writes the frames that arrive to files, and exits after ten.
//
//   record_server LOCATION
#include <cstdio>

#include <gst/rtsp-server/rtsp-server.h>

static GMainLoop *loop;

static void
on_frame (GstElement *, GstBuffer *, gpointer)
{
  // Ten have been written when this one is about to be.
  static int frames = 0;
  if (++frames == 11)
    g_main_loop_quit (loop);
}

static void
configured (GstRTSPMediaFactory *, GstRTSPMedia *media, gpointer)
{
  GstElement *bin = gst_rtsp_media_get_element (media);
  GstElement *frames = gst_bin_get_by_name (GST_BIN (bin), "frames");
  g_signal_connect (frames, "handoff", G_CALLBACK (on_frame), nullptr);
  gst_object_unref (frames);
  gst_object_unref (bin);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  loop = g_main_loop_new (nullptr, FALSE);
  GstRTSPServer *server = gst_rtsp_server_new ();
  gst_rtsp_server_set_service (server, "0");
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();
  gst_rtsp_media_factory_set_transport_mode (
      factory, GST_RTSP_TRANSPORT_MODE_RECORD);
  gchar *launch = g_strdup_printf (
      "( rtpjpegdepay name=depay0 ! identity name=frames signal-handoffs=true "
      "! multifilesink location=%s sync=false )",
      argv[1]);
  gst_rtsp_media_factory_set_launch (factory, launch);
  g_free (launch);
  g_signal_connect (
      factory, "media-configure", G_CALLBACK (configured), nullptr);
  GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points (server);
  gst_rtsp_mount_points_add_factory (mounts, "/record", factory);
  g_object_unref (mounts);
  gst_rtsp_server_attach (server, nullptr);
  std::printf ("port %d\n", gst_rtsp_server_get_bound_port (server));
  g_main_loop_run (loop);
  std::puts ("ten frames");
}
