// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

namespace rfc2435 {

// The fields `extmap-<id>` of RTP caps, which name the RTP header extensions of
// the stream (RFC 8285 section 5).

// The id, or 0 for another field.
unsigned extension_id (const char *field);
// The extension's URI, or nullptr.
const char *extension_uri (const GValue *value);

} // namespace rfc2435
