// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "video_nodes.h"

#include <string>

namespace v4l2mjpeg {

// Which other processes have the device open, "ffmpeg (process 1234)", as far
// as /proc shows: those of other users are hidden from all but root. Otherwise
// empty.
std::string users_of_device (
    const DeviceNumber &number, const std::string &proc = "/proc");

} // namespace v4l2mjpeg
