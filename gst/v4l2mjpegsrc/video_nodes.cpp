// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_nodes.h"

#include "paths.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace v4l2mjpeg {

namespace {

unsigned
number_in (const std::string &text)
{
  unsigned number = 0;
  auto digits = text.find_first_of ("0123456789");
  if (digits != std::string::npos)
    std::from_chars (
        text.data () + digits, text.data () + text.size (), number);
  return number;
}

// "81:0", as in the sysfs attribute "dev"
std::optional<DeviceNumber>
parse_number (const std::string &text)
{
  DeviceNumber number;
  if (std::sscanf (text.c_str (), "%u:%u", &number.major, &number.minor) != 2)
    return {};
  return number;
}

// The file that is the node with this number, whatever its name; otherwise
// empty.
std::string
find_file (const std::string &dev, const std::string &kernel_name,
    const DeviceNumber &number, const std::string &extra_path)
{
  auto usual = dev + "/" + kernel_name;
  if (device_number (usual) == number)
    return usual;
  if (device_number (extra_path) == number)
    return extra_path;
  for (const auto *folder : {"", "/v4l/by-id", "/v4l/by-path"})
    for (const auto &entry : entries_of (dev + folder))
      if (auto path = dev + folder + "/" + entry;
          device_number (path) == number)
        return path;
  return {};
}

void
identify_usb (Camera &camera, const std::string &device)
{
  camera.serial = first_line (device + "/serial");
  camera.model = first_line (device + "/idVendor") + ":" +
                 first_line (device + "/idProduct");
  // The root hub "usb1" is a child of the controller (usb_make_path() in the
  // kernel's include/linux/usb.h).
  auto root = device;
  while (!root.empty () && !name_of (root).starts_with ("usb"))
    root = parent_of (root);
  camera.bus = "usb-" + name_of (parent_of (root)) + "-" +
               first_line (device + "/devpath");
}

std::string
class_folder (const NodePlaces &places)
{
  return places.sysfs + "/class/video4linux";
}

} // namespace

std::string
describe (const Camera &camera)
{
  auto text = camera.path + " (" + camera.name;
  if (!camera.serial.empty ())
    text += ", serial " + camera.serial;
  return text + ", " + camera.bus + ")";
}

std::string
describe (const std::vector<Camera> &cameras)
{
  if (cameras.empty ())
    return "none";
  std::string text;
  for (const auto &camera : cameras)
    text += (text.empty () ? "" : ", ") + describe (camera);
  return text;
}

std::optional<DeviceNumber>
device_number (const std::string &path)
{
  struct stat status = {};
  if (path.empty () || stat (path.c_str (), &status) != 0 ||
      !S_ISCHR (status.st_mode))
    return {};
  return DeviceNumber{major (status.st_rdev), minor (status.st_rdev)};
}

std::vector<Camera>
list_device_files (const NodePlaces &places)
{
  std::vector<Camera> cameras;
  for (const auto &entry : entries_of (places.dev))
    if (auto number = device_number (places.dev + "/" + entry);
        number && entry.starts_with ("video")) {
      Camera camera;
      camera.path = places.dev + "/" + entry;
      camera.number = *number;
      cameras.push_back (std::move (camera));
    }
  std::sort (cameras.begin (), cameras.end (),
      [] (const Camera &a, const Camera &b) { return a.number < b.number; });
  return cameras;
}

std::vector<Camera>
list_video_nodes (const std::string &extra_path, const NodePlaces &places)
{
  std::vector<Camera> cameras;
  auto directory = class_folder (places);
  for (const auto &kernel_name : entries_of (directory)) {
    if (!kernel_name.starts_with ("video"))
      continue;

    auto node = directory + "/" + kernel_name;
    Camera camera;
    camera.name = first_line (node + "/name");
    camera.index = number_in (first_line (node + "/index"));
    auto number = parse_number (first_line (node + "/dev"));
    auto parent = resolve (node + "/device");
    if (!number)
      continue;
    camera.number = *number;
    // A USB driver binds to an interface; the device is above it. v4l2loopback
    // has no device.
    auto device = parent ? parent_of (*parent) : "";
    if (exists (device + "/idVendor"))
      identify_usb (camera, device);
    else
      camera.bus = parent ? name_of (*parent) : kernel_name;
    camera.path = find_file (places.dev, kernel_name, *number, extra_path);
    cameras.push_back (std::move (camera));
  }
  std::sort (cameras.begin (), cameras.end (),
      [] (const Camera &a, const Camera &b) { return a.number < b.number; });
  return cameras;
}

bool
is_present (const Camera &camera, const std::string &extra_path,
    const NodePlaces &places)
{
  if (!exists (class_folder (places)))
    return device_number (camera.path) == camera.number;
  auto nodes = list_video_nodes (extra_path, places);
  return std::find (nodes.begin (), nodes.end (), camera) != nodes.end ();
}

} // namespace v4l2mjpeg
