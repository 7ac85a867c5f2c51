// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

namespace rfc2435 {

// The capture time of a picture, as carried by its packets: in the header
// extension `ntp-64` (RFC 6051 section 3.3), whose id in the stream is `ntp_id`
// (0 for none), or in a GstReferenceTimestampMeta, which jitter buffers and
// sources derive from RTCP.

bool has_capture_time (GstRTPBuffer *packet, guint ntp_id);

// Adds the capture time to `picture` as GstReferenceTimestampMeta: that of the
// header extension as `timestamp/x-ntp`, and existing metadata unchanged.
void copy_capture_time (GstBuffer *packet, guint ntp_id, GstBuffer *picture);

} // namespace rfc2435
