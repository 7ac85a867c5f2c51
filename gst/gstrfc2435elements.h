// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GST_ELEMENT_REGISTER_DECLARE (jpegflip);
GST_ELEMENT_REGISTER_DECLARE (rfc2435depay);
GST_ELEMENT_REGISTER_DECLARE (rfc2435pay);
GST_ELEMENT_REGISTER_DECLARE (udpgsosink);
GST_ELEMENT_REGISTER_DECLARE (v4l2mjpegsrc);

G_END_DECLS
