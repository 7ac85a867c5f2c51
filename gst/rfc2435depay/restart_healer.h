// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"
#include "shown_picture.h"

namespace rfc2435 {

// A picture made of what has arrived of a frame and of something that stands
// for the rest.
struct HealedPicture {
  ShownPicture shown;
  std::uint32_t concealed = 0; // MCUs
  // RTP time since the oldest concealed part arrived
  std::uint32_t oldest_age = 0;
};

// Heals a frame with restart markers, interval by interval, bit by bit: what is
// missing is that of the picture before, or gray. Nothing if neither can be
// had.
std::optional<HealedPicture> heal_intervals (
    ReceivedFrame &frame, const PictureHeader &header, ShownPicture *previous);

} // namespace rfc2435
