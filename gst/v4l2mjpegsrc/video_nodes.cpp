// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_nodes.h"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace v4l2mjpeg {

namespace fs = std::filesystem;

namespace {

// The attribute's line, empty when there is none: a device may vanish under
// the reader at any time.
std::string
attribute (const fs::path &file)
{
  std::ifstream in (file);
  std::string line;
  std::getline (in, line);
  return line;
}

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

void
identify_usb (Camera &camera, const fs::path &device)
{
  camera.serial = attribute (device / "serial");
  camera.model =
      attribute (device / "idVendor") + ":" + attribute (device / "idProduct");
  // The root hub "usb1" is a child of the controller (usb_make_path() in the
  // kernel's include/linux/usb.h).
  auto root = device;
  while (root.has_relative_path () &&
         !root.filename ().string ().starts_with ("usb"))
    root = root.parent_path ();
  camera.bus = "usb-" + root.parent_path ().filename ().string () + "-" +
               attribute (device / "devpath");
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

std::vector<Camera>
list_video_nodes (const fs::path &sysfs)
{
  std::vector<Camera> cameras;
  std::error_code error;
  auto entry = fs::directory_iterator (sysfs / "class/video4linux", error);
  for (; !error && entry != fs::directory_iterator ();
       entry.increment (error)) {
    auto node = entry->path ();
    auto kernel_name = node.filename ().string ();
    if (!kernel_name.starts_with ("video"))
      continue;

    Camera camera;
    camera.path = "/dev/" + kernel_name;
    camera.name = attribute (node / "name");
    camera.index = number_in (attribute (node / "index"));
    std::error_code gone;
    auto parent = fs::canonical (node / "device", gone);
    if (gone)
      continue;
    // A USB driver binds to an interface; the device is above it.
    auto device = parent.parent_path ();
    if (fs::exists (device / "idVendor", gone))
      identify_usb (camera, device);
    else
      camera.bus = parent.filename ().string ();
    cameras.push_back (std::move (camera));
  }
  std::sort (
      cameras.begin (), cameras.end (), [] (const Camera &a, const Camera &b) {
        return number_in (a.path) < number_in (b.path);
      });
  return cameras;
}

} // namespace v4l2mjpeg
