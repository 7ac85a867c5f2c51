// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"
#include "shown_picture.h"

namespace rfc2435 {

// Converts the picture that was output last to another header, so that a
// picture with that header can take parts of it: its levels are requantized,
// and its restart intervals changed, as far as they differ. Nothing if anything
// else differs, or if it can't be read.
std::optional<ShownPicture> requantize_picture (
    const ShownPicture &shown, const PictureHeader &header);

} // namespace rfc2435
