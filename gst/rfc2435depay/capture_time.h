// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

namespace rfc2435 {

// When a picture was captured, as its packets say it: in the header extension
// `ntp-64` (RFC 6051 section 3.3), whose id in the stream is `ntp_id` (0 for
// none), or in a GstReferenceTimestampMeta, which jitter buffers and sources
// derive from RTCP.

bool has_capture_time (GstRTPBuffer *packet, guint ntp_id);

// Adds it to `picture` as GstReferenceTimestampMeta: the sender's word as
// `timestamp/x-ntp`, and what else there is as it is.
void copy_capture_time (GstBuffer *packet, guint ntp_id, GstBuffer *picture);

} // namespace rfc2435
