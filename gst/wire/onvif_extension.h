// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// The JPEG segments (DQT, SOF0 and the like) that ONVIF cameras send in an RTP
// header extension with this id: for pictures larger than the header of RFC
// 2435 can describe, among other things (ONVIF Streaming Specification, JPEG
// over RTP; if there is a replay extension, they follow it). There may be 0xff
// bytes around them.
std::optional<Bytes> onvif_jpeg_segments (std::uint16_t id, Bytes extension);

} // namespace rfc2435
