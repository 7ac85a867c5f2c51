// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mode_choice.h"

#include <gst/gst.h>

namespace v4l2mjpeg {

// The raw formats whose JPEG has the samplings RFC 2435 knows, 4:2:2 and 4:2:0.
GstCaps *encodable_caps ();

// All modes in `caps`; from ranges, those that one would choose. A size or rate
// that may be anything, as with a source that is not a camera, yields none.
std::vector<Mode> modes_of (const GstCaps *caps, const Mode &wish);

// `caps` restricted to what `mode` requests.
GstCaps *restrict_caps (const GstCaps *caps, const Mode &mode);

// Those of `jpeg` (width, height, framerate), as caps of the raw pictures to
// encode.
GstCaps *raw_caps_like (const GstCaps *jpeg);

} // namespace v4l2mjpeg
