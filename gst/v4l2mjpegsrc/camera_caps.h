// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mode_choice.h"

#include <gst/gst.h>

namespace v4l2mjpeg {

// The raw formats whose JPEG has the samplings RFC 2435 knows, 4:2:2 and 4:2:0.
GstCaps *encodable_caps ();

// All modes that `caps` hold, and of ranges those that one would choose from. A
// size or rate that may be anything, as of a source that is no camera, has
// none.
std::vector<Mode> modes_of (const GstCaps *caps, const Mode &wish);

// `caps` with what is asked for in `mode`.
GstCaps *restrict_caps (const GstCaps *caps, const Mode &mode);

// Those of `jpeg` (width, height, framerate), as caps of the raw pictures to
// encode.
GstCaps *raw_caps_like (const GstCaps *jpeg);

} // namespace v4l2mjpeg
