// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// The JPEG segments (DQT, SOF0 and the like) that ONVIF cameras send in an RTP
// header extension of this id, for pictures larger than RFC 2435's header can
// tell and more (ONVIF Streaming Specification, JPEG over RTP; with the replay
// extension, they follow that). They may have 0xff bytes around them.
std::optional<Bytes> onvif_jpeg_segments (std::uint16_t id, Bytes extension);

} // namespace rfc2435
