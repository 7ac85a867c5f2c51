// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"

#include <gst/gst.h>

namespace rfc2435 {

// What the caps of an RTP stream say about its pictures.
struct StreamCaps {
  gint clock_rate = 90000;
  gint framerate_numerator = 0;
  gint framerate_denominator = 1;
  // For pictures too large for RFC 2435's main header.
  Dimensions dimensions;
  // The id of the header extension with the capture time, or 0.
  guint ntp_id = 0;

  static StreamCaps from_caps (const GstStructure *caps);
};

} // namespace rfc2435
