// SPDX-License-Identifier: LGPL-2.1-or-later
#include "video_nodes.h"

// Before check.h, which makes a macro of "fail"
#include <filesystem>
#include <fstream>

#include "assert_text.h"

#include <gst/check/gstcheck.h>

#include <unistd.h>

using namespace v4l2mjpeg;
namespace fs = std::filesystem;

namespace {

// A /sys of its own for each test.
class Sysfs {
public:
  Sysfs ()
  {
    char name[] = "/tmp/video-nodes-XXXXXX";
    root_ = mkdtemp (name);
    fs::create_directories (root_ / "class/video4linux");
  }
  ~Sysfs () { fs::remove_all (root_); }

  const fs::path &root () const { return root_; }

  void write (const fs::path &file, const std::string &text)
  {
    fs::create_directories ((root_ / file).parent_path ());
    std::ofstream (root_ / file) << text << "\n";
  }
  // A node "video7" of the device whose folder is `parent`.
  void add_node (const std::string &node, const fs::path &parent,
      const std::string &name, const std::string &index)
  {
    auto folder = parent / "video4linux" / node;
    write (folder / "name", name);
    write (folder / "index", index);
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
  sysfs.add_node ("video10", device / "1-2.3:1.0", "HD Pro Webcam C920", "1");
  sysfs.add_node ("video2", device / "1-2.3:1.0", "HD Pro Webcam C920", "0");

  Camera capture = {.path = "/dev/video2",
      .name = "HD Pro Webcam C920",
      .serial = "1A2B3C4D",
      .model = "046d:082d",
      .bus = "usb-0000:00:14.0-2.3"};
  auto metadata = capture;
  metadata.path = "/dev/video10";
  metadata.index = 1;
  // By number, not by letters.
  fail_unless (list_video_nodes (sysfs.root ()) ==
               (std::vector<Camera>{capture, metadata}));
}
GST_END_TEST;

GST_START_TEST (test_not_usb)
{
  Sysfs sysfs;
  sysfs.add_node (
      "video0", "devices/platform/vivid.0", "vivid-000-vid-cap", "0");
  sysfs.add_node ("vbi0", "devices/platform/vivid.0", "vivid-000-vbi-cap", "0");
  auto nodes = list_video_nodes (sysfs.root ());
  fail_unless_equals_int (nodes.size (), 1);
  fail_unless (nodes[0] == (Camera{.path = "/dev/video0",
                               .name = "vivid-000-vid-cap",
                               .bus = "vivid.0"}));
}
GST_END_TEST;

// Gone, or going: links that lead nowhere, attributes that are missing.
GST_START_TEST (test_vanishing)
{
  Sysfs sysfs;
  fail_unless (list_video_nodes (sysfs.root ()).empty ());
  fs::create_directory_symlink (
      sysfs.root () / "nowhere", sysfs.root () / "class/video4linux/video0");
  fs::create_directories (sysfs.root () / "devices/d/video4linux/video1");
  fs::create_directory_symlink (sysfs.root () / "devices/d/video4linux/video1",
      sysfs.root () / "class/video4linux/video1");
  fail_unless (list_video_nodes (sysfs.root ()).empty ());
  fail_unless (list_video_nodes (sysfs.root () / "not/there").empty ());
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
  tcase_add_test (tc, test_vanishing);
  tcase_add_test (tc, test_describe);

  return suite;
}

GST_CHECK_MAIN (video_nodes)
