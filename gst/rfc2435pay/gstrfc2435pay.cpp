// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config.h"

#include "gstrfc2435pay.h"

#include "gstrfc2435elements.h"

GST_DEBUG_CATEGORY_STATIC (rfc2435pay_debug);
#define GST_CAT_DEFAULT rfc2435pay_debug

struct _GstRfc2435Pay {
  GstRTPBasePayload parent;
};

G_DEFINE_TYPE (GstRfc2435Pay, gst_rfc2435_pay, GST_TYPE_RTP_BASE_PAYLOAD)
GST_ELEMENT_REGISTER_DEFINE (
    rfc2435pay, "rfc2435pay", GST_RANK_SECONDARY + 1, GST_TYPE_RFC2435_PAY)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("image/jpeg"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (
            "application/x-rtp, media=(string)video, payload=(int)26, "
            "clock-rate=(int)90000, encoding-name=(string)JPEG; "
            "application/x-rtp, media=(string)video, payload=(int)[96, 127], "
            "clock-rate=(int)90000, encoding-name=(string)JPEG"));

static void
gst_rfc2435_pay_init (GstRfc2435Pay *)
{}

static void
gst_rfc2435_pay_class_init (GstRfc2435PayClass *klass)
{
  auto element_class = GST_ELEMENT_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RFC 2435 payloader",
      "Codec/Payloader/Network/RTP",
      "Sends JPEG pictures as RTP packets (RFC 2435)",
      "gst-rfc2435 contributors");

  GST_DEBUG_CATEGORY_INIT (
      rfc2435pay_debug, "rfc2435pay", 0, "RFC 2435 payloader");
}
