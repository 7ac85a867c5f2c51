// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"
#include "shown_picture.h"

namespace rfc2435 {

// A picture made from the parts of a frame that have arrived, and replacements
// for the rest.
struct HealedPicture {
  ShownPicture shown;
  std::uint32_t concealed = 0; // MCUs
  // RTP time since the oldest concealed part arrived
  std::uint32_t oldest_age = 0;
};

// Heals a frame with restart markers interval by interval: missing ones are
// those of the previous picture, bit for bit, or gray. Nothing if neither is
// possible.
std::optional<HealedPicture> heal_intervals (
    ReceivedFrame &frame, const PictureHeader &header, ShownPicture *previous);

} // namespace rfc2435
