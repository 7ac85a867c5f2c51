// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

namespace rfc2435 {

// Fields of the source caps in addition to the fixed ones: SDP attributes, as
// text. Empty ones are left out.
struct SdpFields {
  std::string framerate;
  std::string dimensions;

  bool operator== (const SdpFields &) const = default;

  // From the caps of the pictures. The size in them is preliminary, for
  // negotiation; the pictures themselves decide.
  static SdpFields from_caps (const GstStructure *caps);

  GstStructure *to_structure () const;
};

// The frame rate in the caps of the pictures; 0/1 if variable or unknown.
struct Framerate {
  gint numerator = 0;
  gint denominator = 1;

  static Framerate from_caps (const GstStructure *caps);
  GstClockTime interval () const;
};

// As "3840,2160", for pictures too large for RFC 2435's main header.
std::string format_dimensions (gint width, gint height);

} // namespace rfc2435
