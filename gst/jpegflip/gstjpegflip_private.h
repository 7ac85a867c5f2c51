// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gstjpegflip.h"

#include "drop_report.h"
#include "flip_stats.h"
#include "frame_turner.h"
#include "left_out_report.h"
#include "orientation_tags.h"

#include <gst/video/video.h>

GST_DEBUG_CATEGORY_EXTERN (jpegflip_debug);

// The values of Turn are GStreamer's.
static_assert (
    static_cast<int> (rfc2435::Turn::none) == GST_VIDEO_ORIENTATION_IDENTITY &&
    static_cast<int> (rfc2435::Turn::rotate_90) == GST_VIDEO_ORIENTATION_90R &&
    static_cast<int> (rfc2435::Turn::rotate_180) == GST_VIDEO_ORIENTATION_180 &&
    static_cast<int> (rfc2435::Turn::rotate_270) == GST_VIDEO_ORIENTATION_90L &&
    static_cast<int> (rfc2435::Turn::flip_horizontal) ==
        GST_VIDEO_ORIENTATION_HORIZ &&
    static_cast<int> (rfc2435::Turn::flip_vertical) ==
        GST_VIDEO_ORIENTATION_VERT &&
    static_cast<int> (rfc2435::Turn::transpose) ==
        GST_VIDEO_ORIENTATION_UL_LR &&
    static_cast<int> (rfc2435::Turn::transverse) ==
        GST_VIDEO_ORIENTATION_UR_LL);

struct GstJpegFlipPrivate {
  // Under the object lock
  GstVideoOrientationMethod direction = GST_VIDEO_ORIENTATION_IDENTITY;
  rfc2435::OrientationTags tags;
  // From the picture's Exif data, used if there are no tags
  rfc2435::Turn exif_turn = rfc2435::Turn::none;
  // The turn that the caps were negotiated for. Once there are caps, it only
  // changes between two pictures.
  rfc2435::Turn turn = rfc2435::Turn::none;
  bool has_caps = false;
  rfc2435::FrameTurner::Settings settings;
  rfc2435::FlipStats stats;

  // Used by the streaming thread
  rfc2435::FrameTurner turner;
  rfc2435::DropReport drop_report;
  rfc2435::LeftOutReport left_out_report;

  rfc2435::Turn wanted_turn () const
  {
    return direction == GST_VIDEO_ORIENTATION_AUTO
               ? tags.turn ().value_or (exif_turn)
               : static_cast<rfc2435::Turn> (direction);
  }
};

struct _GstJpegFlip {
  GstBaseTransform parent;
  GstJpegFlipPrivate *priv;
};

void gst_jpeg_flip_install_properties (GObjectClass *klass);
