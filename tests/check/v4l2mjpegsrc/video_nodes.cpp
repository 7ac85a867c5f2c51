// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_nodes.h"

// Included before check.h, whose macro fail() would break it
#include <filesystem>
#include <fstream>

#include "assert_text.h"

#include <gst/check/gstcheck.h>

#include <unistd.h>

using namespace v4l2mjpeg;
namespace fs = std::filesystem;

namespace {

// A separate /sys and /dev for each test. Nodes are links to /dev/null (1:3),
// zero (1:5) and full (1:7), and have their device numbers.
class Sysfs {
public:
  Sysfs ()
  {
    char name[] = "/tmp/video-nodes-XXXXXX";
    root_ = mkdtemp (name);
    fs::create_directories (root_ / "class/video4linux");
    fs::create_directories (root_ / "dev/v4l/by-id");
  }
  ~Sysfs () { fs::remove_all (root_); }

  const fs::path &root () const { return root_; }
  std::string dev (const std::string &file) const
  {
    return root_ / "dev" / file;
  }
  std::vector<Camera> list (const std::string &extra_path = {}) const
  {
    return list_video_nodes (
        extra_path, {.sysfs = root_, .dev = root_ / "dev"});
  }
  void link (const std::string &file, const std::string &device)
  {
    fs::create_symlink (device, dev (file));
  }

  void write (const fs::path &file, const std::string &text)
  {
    fs::create_directories ((root_ / file).parent_path ());
    std::ofstream (root_ / file) << text << "\n";
  }
  // A node "video7" of the device whose folder is `parent`.
  void add_node (const std::string &node, const fs::path &parent,
      const std::string &name, const std::string &index,
      const std::string &number = "1:3")
  {
    auto folder = parent / "video4linux" / node;
    write (folder / "name", name);
    write (folder / "index", index);
    write (folder / "dev", number);
    fs::create_directory_symlink (root_ / parent, root_ / folder / "device");
    fs::create_directory_symlink (
        root_ / folder, root_ / "class/video4linux" / node);
  }

private:
  fs::path root_;
};

} // namespace

GST_START_TEST (test_usb)
{
  Sysfs sysfs;
  const fs::path device = "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.3";
  sysfs.write (device / "idVendor", "046d");
  sysfs.write (device / "idProduct", "082d");
  sysfs.write (device / "serial", "1A2B3C4D");
  sysfs.write (device / "devpath", "2.3");
  sysfs.add_node (
      "video10", device / "1-2.3:1.0", "HD Pro Webcam C920", "1", "1:5");
  sysfs.add_node ("video2", device / "1-2.3:1.0", "HD Pro Webcam C920", "0");

  sysfs.link ("video2", "/dev/null");
  sysfs.link ("video10", "/dev/zero");

  Camera capture = {.path = sysfs.dev ("video2"),
      .name = "HD Pro Webcam C920",
      .serial = "1A2B3C4D",
      .model = "046d:082d",
      .bus = "usb-0000:00:14.0-2.3",
      .number = {1, 3}};
  auto metadata = capture;
  metadata.path = sysfs.dev ("video10");
  metadata.index = 1;
  metadata.number = {1, 5};
  // By number, not by letters.
  fail_unless (sysfs.list () == (std::vector<Camera>{capture, metadata}));
}
GST_END_TEST;

GST_START_TEST (test_not_usb)
{
  Sysfs sysfs;
  sysfs.add_node (
      "video0", "devices/platform/vivid.0", "vivid-000-vid-cap", "0");
  sysfs.add_node ("vbi0", "devices/platform/vivid.0", "vivid-000-vbi-cap", "0");
  sysfs.link ("video0", "/dev/null");
  auto nodes = sysfs.list ();
  fail_unless_equals_int (nodes.size (), 1);
  fail_unless (nodes[0] == (Camera{.path = sysfs.dev ("video0"),
                               .name = "vivid-000-vid-cap",
                               .bus = "vivid.0",
                               .number = {1, 3}}));
}
GST_END_TEST;

// v4l2loopback's nodes have no device above them.
GST_START_TEST (test_without_device)
{
  Sysfs sysfs;
  sysfs.write ("class/video4linux/video9/name", "Dummy video device");
  sysfs.write ("class/video4linux/video9/dev", "1:3");
  sysfs.link ("video9", "/dev/null");
  auto nodes = sysfs.list ();
  fail_unless_equals_int (nodes.size (), 1);
  assert_text (nodes[0].bus, "video9");
}
GST_END_TEST;

// In a container, nodes may have names other than in sysfs.
GST_START_TEST (test_renamed)
{
  Sysfs sysfs;
  sysfs.add_node ("video0", "devices/one", "One", "0", "1:3");
  sysfs.add_node ("video2", "devices/two", "Two", "0", "1:5");
  sysfs.add_node ("video4", "devices/three", "Three", "0", "1:7");
  // docker --device /dev/video2:/dev/video0
  sysfs.link ("video0", "/dev/zero");
  auto nodes = sysfs.list ();
  fail_unless_equals_int (nodes.size (), 3);
  assert_text (nodes[0].name, "One");
  assert_text (nodes[0].path, "");
  assert_text (nodes[1].name, "Two");
  assert_text (nodes[1].path, sysfs.dev ("video0"));
  assert_text (nodes[2].path, "");

  // A node where udev would have a link, and one that only the user knows.
  sysfs.link ("v4l/by-id/usb-Three", "/dev/full");
  sysfs.link ("v4l/one", "/dev/null");
  nodes = sysfs.list (sysfs.dev ("v4l/one"));
  assert_text (nodes[0].path, sysfs.dev ("v4l/one"));
  assert_text (nodes[2].path, sysfs.dev ("v4l/by-id/usb-Three"));
}
GST_END_TEST;

GST_START_TEST (test_device_number)
{
  fail_unless (device_number ("/dev/null") == (DeviceNumber{1, 3}));
  fail_if (device_number ("/dev/no-such-node").has_value ());
  fail_if (device_number ("/dev").has_value ());
  fail_if (device_number ("").has_value ());
}
GST_END_TEST;

// Only /dev, if there is no sysfs.
GST_START_TEST (test_device_files)
{
  Sysfs sysfs;
  sysfs.link ("video1", "/dev/zero");
  sysfs.link ("video7", "/dev/null");
  sysfs.link ("other", "/dev/full");
  auto nodes = list_device_files ({.dev = sysfs.root () / "dev"});
  fail_unless_equals_int (nodes.size (), 2);
  assert_text (nodes[0].path, sysfs.dev ("video7"));
  assert_text (nodes[1].path, sysfs.dev ("video1"));
}
GST_END_TEST;

// Devices that disappear: dangling links, missing attributes.
GST_START_TEST (test_vanishing)
{
  Sysfs sysfs;
  fail_unless (sysfs.list ().empty ());
  fs::create_directory_symlink (
      sysfs.root () / "nowhere", sysfs.root () / "class/video4linux/video0");
  fs::create_directories (sysfs.root () / "devices/d/video4linux/video1");
  fs::create_directory_symlink (sysfs.root () / "devices/d/video4linux/video1",
      sysfs.root () / "class/video4linux/video1");
  fail_unless (sysfs.list ().empty ());
  fail_unless (
      list_video_nodes ({}, {.sysfs = sysfs.root () / "not/there"}).empty ());
}
GST_END_TEST;

// The only camera, too; and another one that got its name.
GST_START_TEST (test_present)
{
  Sysfs sysfs;
  NodePlaces places = {.sysfs = sysfs.root (), .dev = sysfs.root () / "dev"};
  sysfs.link ("video0", "/dev/null");
  sysfs.add_node ("video0", "devices/a", "First", "0");
  auto camera = sysfs.list ().at (0);
  fail_unless (is_present (camera, {}, places));

  fs::remove (sysfs.root () / "class/video4linux/video0");
  fail_if (is_present (camera, {}, places));
  sysfs.add_node ("video0", "devices/b", "Second", "0");
  fail_if (is_present (camera, {}, places));

  fs::remove_all (sysfs.root () / "class");
  fail_unless (is_present (camera, {}, places));
  camera.number = {1, 5};
  fail_if (is_present (camera, {}, places));
  fs::remove (sysfs.dev ("video0"));
  camera.number = {1, 3};
  fail_if (is_present (camera, {}, places));
}
GST_END_TEST;

GST_START_TEST (test_describe)
{
  Camera camera = {.path = "/dev/video0",
      .name = "Cam",
      .serial = "7",
      .bus = "usb-0000:00:14.0-1"};
  assert_text (
      describe (camera), "/dev/video0 (Cam, serial 7, usb-0000:00:14.0-1)");
  camera.serial.clear ();
  assert_text (describe (std::vector{camera, camera}),
      "/dev/video0 (Cam, usb-0000:00:14.0-1), "
      "/dev/video0 (Cam, usb-0000:00:14.0-1)");
  assert_text (describe (std::vector<Camera>{}), "none");
}
GST_END_TEST;

static Suite *
video_nodes_suite ()
{
  auto suite = suite_create ("video_nodes");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_usb);
  tcase_add_test (tc, test_not_usb);
  tcase_add_test (tc, test_without_device);
  tcase_add_test (tc, test_renamed);
  tcase_add_test (tc, test_device_number);
  tcase_add_test (tc, test_device_files);
  tcase_add_test (tc, test_vanishing);
  tcase_add_test (tc, test_present);
  tcase_add_test (tc, test_describe);

  return suite;
}

GST_CHECK_MAIN (video_nodes)
