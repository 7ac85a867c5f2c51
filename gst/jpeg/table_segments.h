// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "jpeg_header.h"

#include <vector>

namespace rfc2435 {

// DQT and DHT segments, including markers, that define these tables (T.81
// B.2.4.1 and B.2.4.2), for decoding a picture that omits them.
std::vector<std::uint8_t> table_segments (const JpegTables &tables);

} // namespace rfc2435
