// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "restart_healer.h"

namespace rfc2435 {

// Heals a frame without restart markers. It consists of the MCUs up to the
// first gap, replacements from the previous picture or in gray, and the MCUs
// after the last gap, counted from the end. `fill`: whether parts of the
// previous picture may be shown; it serves as a guide in any case.
std::optional<HealedPicture> heal_mcus (ReceivedFrame &frame,
    const PictureHeader &header, ShownPicture *previous, bool fill);

} // namespace rfc2435
