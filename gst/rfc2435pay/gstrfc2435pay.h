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
 * How receivers are told the quantization tables.
 *
 * Since: 0.1
 */
typedef enum {
  GST_RFC2435_QUANTIZATION_TABLES_AUTO,
  GST_RFC2435_QUANTIZATION_TABLES_IN_BAND,
} GstRfc2435QuantizationTables;

/**
 * GstRfc2435Recode:
 * @GST_RFC2435_RECODE_AUTO: without loss where that is possible, else with as
 *   little loss as can be
 * @GST_RFC2435_RECODE_LOSSLESS: without loss, or not at all
 * @GST_RFC2435_RECODE_NEVER: never
 *
 * What happens to pictures that RFC 2435 can't carry as they are.
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
 * @GST_RFC2435_ERROR_RESILIENCE_NONE: pictures go out as they are
 * @GST_RFC2435_ERROR_RESILIENCE_MARKERS: every picture has restart markers,
 *   every few hundred bytes
 * @GST_RFC2435_ERROR_RESILIENCE_CHUNKS: packets end where restart intervals do,
 *   too, and say which they hold (RFC 2435 section 3.1.7)
 *
 * What is done so that a lost packet costs a strip of the picture instead of
 * the whole frame.
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
