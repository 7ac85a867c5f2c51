// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "device_choice.h"

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// What a device reports about itself when it is opened.
struct CaptureFormats {
  std::string card;     // its name
  std::string bus_info; // "usb-0000:00:14.0-2", "platform:vivid-000"
  bool mjpeg = false;
  bool raw = false; // in a format that JPEG encoders accept
};

// Nothing if it is not a capture device or has no format at all. (Both are true
// of a camera that is just being unplugged.)
std::optional<CaptureFormats> read_capture_formats (const std::string &path);

// All capture devices that can be opened, in the order of their numbers.
// Queries the devices rather than a GstDeviceProvider, which the whole process
// shares: once anybody has started it, and without udevd, its list never
// changes. `extra_path` is a device node in addition to those in /dev.
std::vector<Candidate> list_candidates (const std::string &extra_path = {});

// All video nodes. If there is a sysfs, none is opened.
std::vector<Camera> list_present (const std::string &extra_path = {});

} // namespace v4l2mjpeg
