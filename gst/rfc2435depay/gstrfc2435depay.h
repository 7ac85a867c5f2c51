// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

G_BEGIN_DECLS

/**
 * GstRfc2435Conceal:
 * @GST_RFC2435_CONCEAL_PREVIOUS: take missing parts from the previous picture
 * @GST_RFC2435_CONCEAL_GRAY: fill missing parts with gray
 * @GST_RFC2435_CONCEAL_NONE: drop frames of which a packet is missing, as
 *   rtpjpegdepay does
 *
 * What replaces the parts of a picture whose packets were lost.
 *
 * Since: 0.2
 */
typedef enum {
  GST_RFC2435_CONCEAL_PREVIOUS,
  GST_RFC2435_CONCEAL_GRAY,
  GST_RFC2435_CONCEAL_NONE,
} GstRfc2435Conceal;

#define GST_TYPE_RFC2435_DEPAY (gst_rfc2435_depay_get_type ())
G_DECLARE_FINAL_TYPE (
    GstRfc2435Depay, gst_rfc2435_depay, GST, RFC2435_DEPAY, GstRTPBaseDepayload)

G_END_DECLS
