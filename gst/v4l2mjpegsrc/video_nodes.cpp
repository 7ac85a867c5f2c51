// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_nodes.h"

#include "paths.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <dirent.h>
#include <memory>

namespace v4l2mjpeg {

namespace {

// The attribute's line, empty when there is none: a device may vanish under
// the reader at any time.
std::string
attribute (const std::string &file)
{
  std::array<char, 256> text{};
  auto in = std::fopen (file.c_str (), "re");
  if (!in)
    return {};
  auto got = std::fgets (text.data (), text.size (), in);
  std::fclose (in);
  if (!got)
    return {};
  std::string line = text.data ();
  return line.substr (0, line.find ('\n'));
}

std::vector<std::string>
entries_of (const std::string &directory)
{
  std::vector<std::string> names;
  std::unique_ptr<DIR, int (*) (DIR *)> listing (
      opendir (directory.c_str ()), closedir);
  if (!listing)
    return names;
  while (auto entry = readdir (listing.get ()))
    names.emplace_back (entry->d_name);
  return names;
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
identify_usb (Camera &camera, const std::string &device)
{
  camera.serial = attribute (device + "/serial");
  camera.model = attribute (device + "/idVendor") + ":" +
                 attribute (device + "/idProduct");
  // The root hub "usb1" is a child of the controller (usb_make_path() in the
  // kernel's include/linux/usb.h).
  auto root = device;
  while (!root.empty () && !name_of (root).starts_with ("usb"))
    root = parent_of (root);
  camera.bus = "usb-" + name_of (parent_of (root)) + "-" +
               attribute (device + "/devpath");
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
list_video_nodes (const std::string &sysfs)
{
  std::vector<Camera> cameras;
  auto directory = sysfs + "/class/video4linux";
  for (const auto &kernel_name : entries_of (directory)) {
    if (!kernel_name.starts_with ("video"))
      continue;

    auto node = directory + "/" + kernel_name;
    Camera camera;
    camera.path = "/dev/" + kernel_name;
    camera.name = attribute (node + "/name");
    camera.index = number_in (attribute (node + "/index"));
    auto parent = resolve (node + "/device");
    if (!parent)
      continue;
    // A USB driver binds to an interface; the device is above it.
    auto device = parent_of (*parent);
    if (exists (device + "/idVendor"))
      identify_usb (camera, device);
    else
      camera.bus = name_of (*parent);
    cameras.push_back (std::move (camera));
  }
  std::sort (
      cameras.begin (), cameras.end (), [] (const Camera &a, const Camera &b) {
        return number_in (a.path) < number_in (b.path);
      });
  return cameras;
}

} // namespace v4l2mjpeg
