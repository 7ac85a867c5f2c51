// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * GstV4l2MjpegSrcStatus:
 * @GST_V4L2_MJPEG_SRC_STATUS_STOPPED: not started, or ended
 * @GST_V4L2_MJPEG_SRC_STATUS_STARTING: a camera was opened and has sent no
 *     picture yet
 * @GST_V4L2_MJPEG_SRC_STATUS_STREAMING: pictures are arriving
 * @GST_V4L2_MJPEG_SRC_STATUS_WAITING: waiting for a camera that is absent or
 *   failing
 *
 * What #v4l2mjpegsrc is doing.
 *
 * Since: 0.1
 */
typedef enum {
  GST_V4L2_MJPEG_SRC_STATUS_STOPPED,
  GST_V4L2_MJPEG_SRC_STATUS_STARTING,
  GST_V4L2_MJPEG_SRC_STATUS_STREAMING,
  GST_V4L2_MJPEG_SRC_STATUS_WAITING,
} GstV4l2MjpegSrcStatus;

#define GST_TYPE_V4L2_MJPEG_SRC (gst_v4l2_mjpeg_src_get_type ())
G_DECLARE_FINAL_TYPE (
    GstV4l2MjpegSrc, gst_v4l2_mjpeg_src, GST, V4L2_MJPEG_SRC, GstBin)

G_END_DECLS
