// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "options.h"

#include <string>

#include <gst/rtsp-server/rtsp-server.h>

/// The source of a mount's pictures. Its media is created for the first client,
/// shared by all, and closed after the last. The media emits "ended" when no
/// more pictures will come: its source has failed for good, or is at its end.
GstRTSPMediaFactory *camera_factory_new (const Options &options,
    const std::string &mount, const std::string &camera);

/// A new reference to the rfc2435pay in use, or null while there is no client.
GstElement *camera_factory_payloader (GstRTSPMediaFactory *factory);

/// Whether the elements can be made; prints an error if not. For the start of
/// the program.
bool camera_factory_check (GstRTSPMediaFactory *factory);
