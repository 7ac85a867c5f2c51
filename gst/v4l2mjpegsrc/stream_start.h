// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mode_choice.h"

#include <string>

namespace v4l2mjpeg {

// The errno with which the driver refuses to stream MJPEG in this mode, 0 if it
// does not refuse. v4l2src only writes it to its log. Nothing else may be
// streaming from the device.
int stream_start_error (const std::string &path, const Mode &mode);

} // namespace v4l2mjpeg
