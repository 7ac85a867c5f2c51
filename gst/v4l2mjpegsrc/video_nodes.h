// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// What identifies a device node to the kernel, whatever the file is called.
struct DeviceNumber {
  unsigned major = 0;
  unsigned minor = 0;

  auto operator<=> (const DeviceNumber &) const = default;
};

// The number of the character device that `path` is or leads to.
std::optional<DeviceNumber> device_number (const std::string &path);

// What identifies a camera, as far as sysfs shows it: without opening the
// device, and without udev, which containers don't have.
struct Camera {
  // "/dev/video0"; may change whenever the camera is plugged in. Empty for a
  // camera that is visible in sysfs but has no node here, as in a container.
  std::string path;
  std::string name;   // "HD Pro Webcam C920", as the driver calls it
  std::string serial; // empty if the USB device has none
  std::string model;  // USB vendor and product, "046d:082d"; otherwise empty
  // "usb-0000:00:14.0-2", as reported by VIDIOC_QUERYCAP for USB; otherwise the
  // name of the parent device.
  std::string bus;
  // Which of the device's nodes it is: a UVC camera has a second one for
  // metadata, and may have several sensors.
  unsigned index = 0;
  DeviceNumber number;

  bool operator== (const Camera &) const = default;
};

// "/dev/video0 (HD Pro Webcam C920, serial 1A2B3C4D, usb-0000:00:14.0-2)"
std::string describe (const Camera &camera);
std::string describe (const std::vector<Camera> &cameras);

// Where to look, in tests.
struct NodePlaces {
  std::string sysfs = "/sys";
  std::string dev = "/dev";
};

// All nodes in /sys/class/video4linux by number, whether they capture or not.
// Files in /dev are matched by device number, since nodes in containers may
// have other names. `extra_path` is another file that may be a node. Nothing if
// there is no sysfs.
std::vector<Camera> list_video_nodes (
    const std::string &extra_path = {}, const NodePlaces &places = {});

// The same without sysfs: /dev/video*, with just path and number.
std::vector<Camera> list_device_files (const NodePlaces &places = {});

// Whether this very node is present, and not another one under its name.
// Without sysfs, only the device file shows that.
bool is_present (const Camera &camera, const std::string &extra_path = {},
    const NodePlaces &places = {});

} // namespace v4l2mjpeg
