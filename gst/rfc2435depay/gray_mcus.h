// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"

namespace rfc2435 {

// Whether gray MCUs can be written for such a picture, and its MCUs can be
// read: Y, U and V with the standard Huffman tables, and no more blocks per MCU
// than RFC 2435 allows. Segments sent by ONVIF cameras may differ.
bool has_gray_mcus (const PictureHeader &header);

// The entropy-coded data of `count` gray MCUs after a restart marker.
std::vector<std::uint8_t> gray_mcus (
    const JpegHeader &header, std::uint32_t count);

} // namespace rfc2435
