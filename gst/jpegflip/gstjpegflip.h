// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_JPEG_FLIP (gst_jpeg_flip_get_type ())
G_DECLARE_FINAL_TYPE (
    GstJpegFlip, gst_jpeg_flip, GST, JPEG_FLIP, GstBaseTransform)

G_END_DECLS
