// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_reader.h"

#include <cstdint>

namespace rfc2435 {

// The orientation of an APP1 segment of Exif (CIPA DC-008, tag 0x0112): 1 to 8,
// or 0 if there is none. The reader must be at the segment's payload.
std::uint8_t exif_orientation (ByteReader reader, std::size_t length);

} // namespace rfc2435
