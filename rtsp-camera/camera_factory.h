// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "options.h"

#include <string>

#include <gst/rtsp-server/rtsp-server.h>

/// Where a mount's pictures come from. One is made for the first client, shared
/// by all, and gone with the last. It emits "ended" when no more pictures will
/// come: its source has failed for good, or is at its end.
GstRTSPMediaFactory *camera_factory_new (const Options &options,
    const std::string &mount, const std::string &camera);

/// A new reference to the rfc2435pay at work, or null while there is no client.
GstElement *camera_factory_payloader (GstRTSPMediaFactory *factory);

/// Says so if the elements can't be made; for the start of the program.
bool camera_factory_check (GstRTSPMediaFactory *factory);
