// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

G_BEGIN_DECLS

/**
 * GstRfc2435QuantizationTables:
 * @GST_RFC2435_QUANTIZATION_TABLES_AUTO: send a picture's quantization tables
 *   unless they are those that RFC 2435 section 4.2 derives from a Q between 1
 *   and 99; then send that Q alone
 * @GST_RFC2435_QUANTIZATION_TABLES_IN_BAND: send the tables of every picture
 *
 * How quantization tables are sent to receivers.
 *
 * Since: 0.1
 */
typedef enum {
  GST_RFC2435_QUANTIZATION_TABLES_AUTO,
  GST_RFC2435_QUANTIZATION_TABLES_IN_BAND,
} GstRfc2435QuantizationTables;

/**
 * GstRfc2435Recode:
 * @GST_RFC2435_RECODE_AUTO: losslessly where possible, otherwise with as little
 *   loss as possible
 * @GST_RFC2435_RECODE_LOSSLESS: only where that is lossless
 * @GST_RFC2435_RECODE_NEVER: never
 *
 * Whether to recode pictures that RFC 2435 can't carry unchanged.
 *
 * Since: 0.1
 */
typedef enum {
  GST_RFC2435_RECODE_AUTO,
  GST_RFC2435_RECODE_LOSSLESS,
  GST_RFC2435_RECODE_NEVER,
} GstRfc2435Recode;

/**
 * GstRfc2435ErrorResilience:
 * @GST_RFC2435_ERROR_RESILIENCE_NONE: pictures are sent unchanged
 * @GST_RFC2435_ERROR_RESILIENCE_MARKERS: every picture has restart markers,
 *   every few hundred bytes
 * @GST_RFC2435_ERROR_RESILIENCE_CHUNKS: in addition, packets end on restart
 *   intervals and say which ones they contain (RFC 2435 section 3.1.7)
 *
 * How to make a lost packet cost a strip of the picture instead of the whole
 * frame.
 *
 * Since: 0.2
 */
typedef enum {
  GST_RFC2435_ERROR_RESILIENCE_NONE,
  GST_RFC2435_ERROR_RESILIENCE_MARKERS,
  GST_RFC2435_ERROR_RESILIENCE_CHUNKS,
} GstRfc2435ErrorResilience;

#define GST_TYPE_RFC2435_PAY (gst_rfc2435_pay_get_type ())
G_DECLARE_FINAL_TYPE (
    GstRfc2435Pay, gst_rfc2435_pay, GST, RFC2435_PAY, GstRTPBasePayload)

G_END_DECLS
