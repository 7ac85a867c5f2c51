// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mode_choice.h"

#include <gst/gst.h>

namespace v4l2mjpeg {

// The raw formats that are encoded as JPEG in 4:2:2 or 4:2:0, which RFC 2435
// can carry.
GstCaps *encodable_caps ();

// All modes in `caps`; from ranges, only the common values. An unlimited size
// or rate, as of a source that is not a camera, yields none.
std::vector<Mode> modes_of (const GstCaps *caps, const Mode &wish);

// `caps` restricted to what `mode` requests.
GstCaps *restrict_caps (const GstCaps *caps, const Mode &mode);

// The width, height and framerate of `jpeg`, as caps of the raw pictures to
// encode.
GstCaps *raw_caps_like (const GstCaps *jpeg);

} // namespace v4l2mjpeg
