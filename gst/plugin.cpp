// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * plugin-rfc2435:
 *
 * Motion JPEG cameras over RTP, as defined by RFC 2435.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstrfc2435elements.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean registered = FALSE;

  registered |= GST_ELEMENT_REGISTER (jpegflip, plugin);
  registered |= GST_ELEMENT_REGISTER (rfc2435depay, plugin);
  registered |= GST_ELEMENT_REGISTER (rfc2435pay, plugin);
#ifdef HAVE_UDPGSOSINK
  registered |= GST_ELEMENT_REGISTER (udpgsosink, plugin);
#endif
#ifdef HAVE_V4L2
  registered |= GST_ELEMENT_REGISTER (v4l2mjpegsrc, plugin);
#endif

  return registered;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, rfc2435,
    "Motion JPEG cameras over RTP (RFC 2435)", plugin_init, VERSION,
    GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
