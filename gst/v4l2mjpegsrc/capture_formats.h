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
  bool raw = false; // in a format that JPEG encoders take
};

// Nothing if it is not a capture device or has no format at all. (A camera that
// is just being unplugged is both.)
std::optional<CaptureFormats> read_capture_formats (const std::string &path);

// All capture devices that can be opened, in the order of their numbers. It
// queries the devices rather than a GstDeviceProvider, which is shared by the
// whole process and, once somebody else has started it, returns a list that
// never changes without udevd. `extra_path` is a device node in addition to
// those in /dev.
std::vector<Candidate> list_candidates (const std::string &extra_path = {});

// All video nodes, without opening any where there is a sysfs.
std::vector<Camera> list_present (const std::string &extra_path = {});

} // namespace v4l2mjpeg
