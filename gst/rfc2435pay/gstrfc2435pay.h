// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

G_BEGIN_DECLS

#define GST_TYPE_RFC2435_PAY (gst_rfc2435_pay_get_type ())
G_DECLARE_FINAL_TYPE (
    GstRfc2435Pay, gst_rfc2435_pay, GST, RFC2435_PAY, GstRTPBasePayload)

G_END_DECLS
