// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "video_nodes.h"

#include <string>

namespace v4l2mjpeg {

// The other processes that have the device open, "ffmpeg (process 1234)", as
// far as /proc shows them: only root sees those of other users. Empty if there
// are none.
std::string users_of_device (
    const DeviceNumber &number, const std::string &proc = "/proc");

} // namespace v4l2mjpeg
