// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "restart_healer.h"

namespace rfc2435 {

// Heals a frame without restart markers: the MCUs up to the first gap, and
// those behind the last one, counted from the end, are put around what stands
// for the rest: MCUs of the picture before, or gray ones. `fill`: whether the
// picture before may be shown; it serves as a guide in any case.
std::optional<HealedPicture> heal_mcus (ReceivedFrame &frame,
    const PictureHeader &header, ShownPicture *previous, bool fill);

} // namespace rfc2435
