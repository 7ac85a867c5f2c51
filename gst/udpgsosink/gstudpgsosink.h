// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define GST_TYPE_UDP_GSO_SINK (gst_udp_gso_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    GstUdpGsoSink, gst_udp_gso_sink, GST, UDP_GSO_SINK, GstBaseSink)

G_END_DECLS
