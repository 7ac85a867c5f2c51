// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.h"

#include "camera_factory.h"

#include <cinttypes>
#include <cstdio>

void
Report::add (const std::string &mount, GstRTSPMediaFactory *factory)
{
  mounts_.push_back ({.name = mount, .factory = factory});
}

void
Report::print ()
{
  GstRTSPSessionPool *pool = gst_rtsp_server_get_session_pool (server_);
  const guint sessions = gst_rtsp_session_pool_get_n_sessions (pool);
  g_object_unref (pool);

  for (Mount &mount : mounts_) {
    GstElement *payloader = camera_factory_payloader (mount.factory);
    if (!payloader) {
      mount.time = 0;
      continue;
    }
    GstStructure *stats = nullptr;
    g_object_get (payloader, "frame-stats", &stats, nullptr);
    gst_object_unref (payloader);
    guint64 frames = 0, bytes = 0, dropped = 0, recoded = 0;
    gst_structure_get (stats, "frames-out", G_TYPE_UINT64, &frames,
        "bytes-sent", G_TYPE_UINT64, &bytes, "frames-dropped", G_TYPE_UINT64,
        &dropped, "frames-recoded", G_TYPE_UINT64, &recoded, nullptr);
    gst_structure_free (stats);

    const int64_t now = g_get_monotonic_time ();
    // A new payloader counts from 0.
    const bool is_same = mount.time != 0 && frames >= mount.frames;
    if (!is_same || frames > mount.frames)
      mount.last_picture = now;
    if (is_same) {
      std::printf ("%s: %u session%s in total, ", mount.name.c_str (), sessions,
          sessions == 1 ? "" : "s");
      const double seconds = double (now - mount.time) / G_USEC_PER_SEC;
      if (frames > mount.frames)
        std::printf ("%.1f frames/s, %.2f Mbit/s",
            double (frames - mount.frames) / seconds,
            8e-6 * double (bytes - mount.bytes) / seconds);
      else
        std::printf ("no picture for %.0f s",
            double (now - mount.last_picture) / G_USEC_PER_SEC);
      std::printf (", %" PRIu64 " frames sent, %" PRIu64 " dropped, %" PRIu64
                   " recoded\n",
          frames, dropped, recoded);
    }
    mount.frames = frames;
    mount.bytes = bytes;
    mount.time = now;
  }
}
