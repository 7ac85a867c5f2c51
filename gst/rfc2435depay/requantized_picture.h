// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"
#include "shown_picture.h"

namespace rfc2435 {

// The picture that was put out last as it would be with another header, of
// which parts can be taken for a picture with that: its levels are divided by
// other quantization tables, and its restart intervals are others, where those
// differ. Nothing if more than that does, or if it can't be read.
std::optional<ShownPicture> requantize_picture (
    const ShownPicture &shown, const PictureHeader &header);

} // namespace rfc2435
