// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace v4l2mjpeg {

// What tells one camera from another, as far as sysfs knows without opening
// the device and without udev, which containers don't have.
struct Camera {
  std::string path;   // "/dev/video0"; changes with every plugging
  std::string name;   // "HD Pro Webcam C920", as the driver calls it
  std::string serial; // empty when the USB device has none
  std::string model;  // USB vendor and product, "046d:082d"; else empty
  // "usb-0000:00:14.0-2", as VIDIOC_QUERYCAP has it for USB; else the name of
  // the parent device.
  std::string bus;
  // Which of the device's nodes it is: a UVC camera has a second one for
  // metadata, and may have several sensors.
  unsigned index = 0;

  bool operator== (const Camera &) const = default;
};

// "/dev/video0 (HD Pro Webcam C920, serial 1A2B3C4D, usb-0000:00:14.0-2)"
std::string describe (const Camera &camera);
std::string describe (const std::vector<Camera> &cameras);

// Every node of /sys/class/video4linux by number, capturing or not. `sysfs` is
// another folder in tests.
std::vector<Camera> list_video_nodes (const std::string &sysfs = "/sys");

} // namespace v4l2mjpeg
