// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// v4l2mjpegsrc with the kernel's UVC driver and a camera that fails on request.
// Runs in the guest, as root.
#include "camera_process.h"
#include "patience.h"
#include "rig.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include "assert_text.h"

#include <gst/check/gstcheck.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace testcamera;
using namespace std::chrono_literals;

namespace {

std::string picture_folder;
Pictures all_pictures;

// How soon after it is plugged in again a camera must deliver frames. If QEMU
// emulates on a busy machine, the kernel alone may take two seconds to find the
// camera.
std::chrono::seconds
comeback_limit ()
{
  std::ifstream in ("/proc/cpuinfo");
  std::string text (std::istreambuf_iterator<char> (in), {});
  return text.find ("TCG") == text.npos ? 2s : 6s;
}

Model
model_with_serial (const std::string &serial)
{
  Model model;
  model.serial = serial;
  return model;
}

const std::vector<Picture> &
pictures_of (unsigned width, unsigned height)
{
  return all_pictures.at ({width, height});
}

// All frames are among those fed, in the same order if `in_sequence`.
void
assert_fed (const std::vector<Frame> &frames, const std::vector<Picture> &fed,
    bool in_sequence = true)
{
  int previous = -1;
  for (const auto &frame : frames) {
    auto index = index_of (frame, fed);
    fail_unless (index >= 0, "a frame of %zu bytes that was not fed",
        frame.bytes.size ());
    auto next = (previous + 1) % static_cast<int> (fed.size ());
    fail_unless (!in_sequence || previous < 0 || index == next,
        "picture %d after %d", index, previous);
    previous = index;
  }
}

void
assert_running_on (const std::vector<Frame> &frames)
{
  for (std::size_t i = 1; i < frames.size (); i++)
    fail_unless (frames[i].running_time > frames[i - 1].running_time);
}

template <typename Condition>
bool
wait_until (Condition condition)
{
  auto end = Clock::now () + patience (20s);
  while (!condition ()) {
    if (Clock::now () > end)
      return false;
    g_usleep (10000);
  }
  return true;
}

// After a fault, the stream must go on.
void
wait_for_whole_frames (Rig &rig, std::size_t count)
{
  fail_unless (rig.wait_frames (rig.frames ().size () + count, 40s));
}

void
assert_alive (const Rig &rig)
{
  fail_unless (rig.still_playing ());
  fail_unless_equals_int (rig.count (GST_MESSAGE_ERROR), 0);
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
}

} // namespace

struct Size {
  int width, height;
};
static const Size sizes[] = {{640, 480}, {1280, 720}, {1920, 1080}};

// Loop: sizes with isochronous, then with bulk transfers.
GST_START_TEST (test_identical)
{
  auto size = sizes[__i__ % 3];
  auto model = model_with_serial ("A");
  model.isochronous = __i__ < 3;
  CameraProcess camera (picture_folder, model);
  camera.plug (0);

  Rig rig ("width=" + std::to_string (size.width) +
           " height=" + std::to_string (size.height) + " num-buffers=30");
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_EOS, 40s));
  auto frames = rig.frames ();
  fail_unless_equals_int (frames.size (), 30);
  // Pictures are missing if the host was slow to ask for them.
  assert_fed (frames, pictures_of (size.width, size.height),
      camera.counter ("late") == 0 && rig.stat ("frames-lost") == 0);
  assert_running_on (frames);
  fail_unless_equals_uint64 (rig.stat ("frames-out"), 30);
  fail_unless_equals_int (rig.dropped (), 0);
  auto seconds = (frames[29].running_time - frames[0].running_time) / 1e9;
  printf ("  %dx%d %s: %.2f fps\n", size.width, size.height,
      model.isochronous ? "iso" : "bulk", 29 / seconds);
}
GST_END_TEST;

GST_START_TEST (test_default_mode)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  assert_text (rig.mode (), "image/jpeg, width=(int)1920, height=(int)1080, "
                            "framerate=(fraction)30/1");
  auto message = rig.element_message ("v4l2mjpegsrc-mode");
  fail_unless (message.find ("device=(string)/dev/video0") != message.npos,
      "%s", message.c_str ());
  assert_fed (rig.frames (), pictures_of (1920, 1080), false);
}
GST_END_TEST;

GST_START_TEST (test_mode_by_downstream_caps)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("", "image/jpeg,width=640,framerate=15/1");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  assert_text (rig.mode (), "image/jpeg, width=(int)640, height=(int)480, "
                            "framerate=(fraction)15/1");
}
GST_END_TEST;

GST_START_TEST (test_mode_that_does_not_exist)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=800");
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_ERROR, 40s));
  assert_text (rig.text_of (GST_MESSAGE_ERROR),
      "The camera does not have the requested mode. It has: "
      "2592x1944 at 10 fps; 1920x1080 at 30, 15 fps; 1280x720 at 30, 15 fps; "
      "640x480 at 30, 15 fps.");
}
GST_END_TEST;

// The old node is kept open, so the number changes. Loop: with a serial number
// and without.
GST_START_TEST (test_replug)
{
  auto model = model_with_serial (__i__ == 0 ? "A" : "");
  CameraProcess camera (picture_folder, model);
  camera.plug (0);
  // A busy machine must not be mistaken for a silent camera.
  Rig rig ("frame-timeout=30000000000");
  rig.play ();
  fail_unless (rig.wait_frames (10, 40s));
  assert_text (rig.text_stat ("device"), "/dev/video0");
  assert_text (rig.status (), "streaming");

  int holder = open ("/dev/video0", O_RDWR | O_CLOEXEC);
  fail_unless (holder >= 0);
  camera.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  fail_unless (rig.wait_for (GST_MESSAGE_WARNING, 20s));
  auto warning = rig.text_of (GST_MESSAGE_WARNING);
  // If the guest is slow, the kernel takes longer to notice.
  fail_unless (warning.ends_with (" was unplugged. Waiting for the camera.") ||
                   patience (1s) > 1s,
      "%s", warning.c_str ());
  g_usleep (500000);
  auto before = rig.frames ().size ();

  auto plugged = Clock::now ();
  camera.order ("plug 0");
  fail_unless (rig.wait_frames (before + 1, 40s));
  auto comeback = Clock::now () - plugged;
  fail_unless (rig.wait_frames (before + 30, 40s));
  close (holder);

  printf ("  streaming again %.2f s after the plug\n", seconds (comeback));
  fail_unless (comeback < patience (comeback_limit ()));
  auto frames = rig.frames ();
  assert_fed (frames, pictures_of (1920, 1080), false);
  assert_running_on (frames);
  for (std::size_t i = 1; i < frames.size (); i++)
    fail_unless_equals_int (frames[i].discont, i == before);
  // Running time has continued without a camera.
  fail_unless (frames[before].running_time >
               frames[before - 1].running_time + 400 * GST_MSECOND);
  assert_text (rig.text_stat ("device"), "/dev/video1");
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 1);
  fail_unless (rig.wait_status ("streaming", 20s));
  fail_unless (rig.still_playing ());
  fail_unless_equals_int (rig.count (GST_MESSAGE_ERROR), 0);
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_STREAM_START), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_SEGMENT), 1);
  fail_unless_equals_int (rig.events (GST_EVENT_EOS), 0);
  fail_if (rig.element_message ("v4l2mjpegsrc-lost").empty ());
  fail_if (rig.element_message ("v4l2mjpegsrc-recovered").empty ());
}
GST_END_TEST;

// From the camera to a receiver.
GST_START_TEST (test_replug_over_rtp)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  RtpReceiver receiver;
  Rig rig ("width=1280 height=720",
      "rfc2435pay ! udpsink sync=false host=127.0.0.1 port=" +
          std::to_string (receiver.port ()));
  rig.play ();
  fail_unless (receiver.wait_pictures (15, 40s));
  camera.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto before = receiver.pictures ().size ();
  camera.order ("plug 0");
  fail_unless (receiver.wait_pictures (before + 15, 40s));
  rig.stop ();

  fail_unless_equals_int (receiver.sequence_gaps (), 0);
  fail_unless_equals_int (receiver.sources (), 1);
  auto received = receiver.pictures ();
  for (std::size_t i = 0; i < received.size (); i++) {
    fail_unless (scan_index_of (received[i].scan, pictures_of (1280, 720)) >= 0,
        "picture %zu is not as it was fed", i);
    if (i > 0) {
      auto step = received[i].timestamp - received[i - 1].timestamp;
      fail_unless (step > 0 && step < 90000 * 10, "timestamps %u, %u",
          received[i - 1].timestamp, received[i].timestamp);
    }
  }
  printf ("  %zu pictures over RTP, identical\n", received.size ());
}
GST_END_TEST;

GST_START_TEST (test_two_cameras_swapped)
{
  CameraProcess left (picture_folder + "/left", model_with_serial ("LEFT"));
  CameraProcess right (picture_folder + "/right", model_with_serial ("RIGHT"));
  auto left_pictures = read_pictures (picture_folder + "/left");
  auto right_pictures = read_pictures (picture_folder + "/right");
  left.plug (0);
  right.plug (1);

  Rig left_rig ("camera=LEFT width=640 height=480");
  Rig right_rig ("camera=RIGHT width=640 height=480");
  left_rig.play ();
  right_rig.play ();
  fail_unless (left_rig.wait_frames (5, 40s));
  fail_unless (right_rig.wait_frames (5, 40s));

  left.order ("unplug");
  right.order ("unplug");
  fail_unless (left_rig.wait_status ("waiting", 20s));
  fail_unless (right_rig.wait_status ("waiting", 20s));
  auto left_before = left_rig.frames ().size ();
  auto right_before = right_rig.frames ().size ();
  // Swapped: each on the other's port, and in the other order. While there is
  // only one, only its own pipeline may use it.
  right.order ("plug 0");
  fail_unless (right_rig.wait_frames (right_before + 10, 40s));
  fail_unless_equals_int (left_rig.frames ().size (), left_before);
  left.order ("plug 1");
  fail_unless (left_rig.wait_frames (left_before + 10, 40s));

  assert_fed (left_rig.frames (), left_pictures[{640, 480}], false);
  assert_fed (right_rig.frames (), right_pictures[{640, 480}], false);
  assert_text (left_rig.text_stat ("serial"), "LEFT");
  assert_text (right_rig.text_stat ("serial"), "RIGHT");
}
GST_END_TEST;

// A bus position means whatever camera is plugged in there.
GST_START_TEST (test_by_position)
{
  auto model = model_with_serial ("A");
  CameraProcess one (picture_folder, model);
  CameraProcess another (picture_folder, model_with_serial ("B"));
  one.plug (0);
  another.plug (1);
  Rig rig ("camera=usb-vhci_hcd.0-2");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  assert_text (rig.text_stat ("serial"), "B");
  one.order ("unplug");
  another.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto before = rig.frames ().size ();
  one.order ("plug 1");
  fail_unless (rig.wait_frames (before + 3, 40s));
  assert_text (rig.text_stat ("serial"), "A");
}
GST_END_TEST;

// Like all C270s: two cameras of one model with the same serial number. The hub
// is reset, and the other one is back first, later on a third port.
GST_START_TEST (test_same_serial)
{
  CameraProcess left (picture_folder + "/left", model_with_serial ("SN0001"));
  CameraProcess right (picture_folder + "/right", model_with_serial ("SN0001"));
  auto left_pictures = read_pictures (picture_folder + "/left");
  left.plug (0);
  right.plug (1);
  // The serial number alone selects the first one.
  Rig by_serial ("camera=SN0001 width=640 height=480");
  by_serial.play ();
  fail_unless (by_serial.wait_frames (5, 40s));
  assert_text (by_serial.text_stat ("bus"), "usb-vhci_hcd.0-1");

  left.order ("unplug");
  right.order ("unplug");
  fail_unless (by_serial.wait_status ("waiting", 20s));
  auto before = by_serial.frames ().size ();
  right.plug (1);
  g_usleep (1500000);
  fail_unless_equals_int (by_serial.frames ().size (), before);
  right.order ("unplug");
  right.plug (2);
  g_usleep (1500000);
  fail_unless_equals_int (by_serial.frames ().size (), before);
  left.plug (0);
  fail_unless (by_serial.wait_frames (before + 5, 40s));
  assert_fed (by_serial.frames (), left_pictures[{640, 480}], false);
}
GST_END_TEST;

// Another one with this serial number is plugged in later, and stays.
GST_START_TEST (test_same_serial_later)
{
  CameraProcess left (picture_folder + "/left", model_with_serial ("SN0001"));
  CameraProcess right (picture_folder + "/right", model_with_serial ("SN0001"));
  auto left_pictures = read_pictures (picture_folder + "/left");
  left.plug (0);
  Rig rig ("width=640 height=480");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  right.plug (1);
  left.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto before = rig.frames ().size ();
  g_usleep (1500000);
  fail_unless_equals_int (rig.frames ().size (), before);
  left.plug (0);
  fail_unless (rig.wait_frames (before + 5, 40s));
  assert_fed (rig.frames (), left_pictures[{640, 480}], false);
}
GST_END_TEST;

// Plugged in briefly: unplugged again at various moments of the start.
GST_START_TEST (test_bouncing_plug)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480 frame-timeout=30000000000");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  for (unsigned i = 0; i < 25; i++) {
    camera.order ("unplug");
    fail_unless (rig.wait_status ("waiting", 20s));
    // Its nodes exist, and the element may be at any step of its start.
    camera.plug (0);
    g_usleep (i * 16000);
    assert_alive (rig);
  }
  wait_for_whole_frames (rig, 3);
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  assert_alive (rig);
}
GST_END_TEST;

// A device provider started by someone else doesn't know cameras that were
// plugged in later, unless udevd reports them.
GST_START_TEST (test_beside_a_device_monitor)
{
  auto monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (monitor, "Video/Source", nullptr);
  fail_unless (gst_device_monitor_start (monitor));
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_status ("waiting", 20s));
  camera.order ("plug 0");
  fail_unless (rig.wait_frames (3, 40s));
  gst_device_monitor_stop (monitor);
  gst_object_unref (monitor);
}
GST_END_TEST;

// Nodes as in a container: with another name, or with that of another camera's.
GST_START_TEST (test_other_node_names)
{
  CameraProcess one (picture_folder, model_with_serial ("A"));
  CameraProcess two (picture_folder, model_with_serial ("B"));
  one.plug (0);
  two.plug (1);
  struct stat node = {};
  fail_unless (stat ("/dev/video2", &node) == 0);
  fail_unless (mknod ("/tmp/camera", S_IFCHR | 0600, node.st_rdev) == 0);
  {
    Rig rig ("device=/tmp/camera");
    rig.play ();
    fail_unless (rig.wait_frames (3, 40s));
    assert_text (rig.text_stat ("serial"), "B");
  }
  unlink ("/tmp/camera");

  // docker run --device /dev/video2:/dev/video0
  fail_unless (rename ("/dev/video0", "/dev/video0.away") == 0);
  fail_unless (mknod ("/dev/video0", S_IFCHR | 0600, node.st_rdev) == 0);
  for (auto wish : {"device=/dev/video0", "camera=B"}) {
    Rig rig (wish);
    rig.play ();
    auto streams = rig.wait_frames (3, 40s);
    if (!streams)
      rename ("/dev/video0.away", "/dev/video0");
    fail_unless (streams);
    assert_text (rig.text_stat ("serial"), "B");
  }
  fail_unless (rename ("/dev/video0.away", "/dev/video0") == 0);
}
GST_END_TEST;

// The message doesn't name this process, which holds the camera itself.
GST_START_TEST (test_busy)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig holder ("width=640 height=480");
  holder.play ();
  fail_unless (holder.wait_frames (3, 40s));
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_WARNING, 40s));
  auto text = rig.text_of (GST_MESSAGE_WARNING);
  fail_unless (
      text.find (" is busy. Waiting") != text.npos, "%s", text.c_str ());
  holder.stop ();
  fail_unless (rig.wait_frames (3, 40s));
}
GST_END_TEST;

GST_START_TEST (test_silent)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480 frame-timeout=1000000000");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order ("fault silence");
  // The source waits only for a moment, since the camera is there.
  for (int i = 0; i < 4000 && rig.stat ("reconnects") == 0; i++)
    g_usleep (10000);
  auto before = rig.frames ().size ();
  fail_unless (rig.wait_frames (before + 10, 40s));
  fail_unless (rig.wait_status ("streaming", 20s));
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 1);
  fail_unless (rig.text_of (GST_MESSAGE_WARNING).find ("no picture for 1 s.") !=
               std::string::npos);
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  assert_running_on (rig.frames ());
  fail_unless (rig.still_playing ());
}
GST_END_TEST;

// A camera whose endpoint halts again and again.
GST_START_TEST (test_ten_stalls)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480 frame-timeout=1000000000");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  for (unsigned i = 1; i <= 10; i++) {
    auto streams = camera.counter ("streams");
    camera.order ("fault stall");
    fail_unless (
        wait_until ([&] { return camera.counter ("streams") > streams; }));
    wait_for_whole_frames (rig, 3);
    fail_unless (rig.wait_status ("streaming", 20s));
    fail_unless (rig.stat ("reconnects") >= i);
  }
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  assert_running_on (rig.frames ());
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 10);
  assert_alive (rig);
}
GST_END_TEST;

struct FaultCase {
  const char *fault;
  const char *cause; // null: uvcvideo repairs it
};
static const FaultCase fault_cases[] = {
    {"truncated", "cut-short"},
    {"corrupted", "corrupted"},
    {"no-start", "not-jpeg"},
    {"no-end", nullptr},
    {"wrong-id", nullptr},
};

GST_START_TEST (test_faulty_frames)
{
  const auto &c = fault_cases[__i__];
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  camera.order (std::string ("fault ") + c.fault + " 3");
  Rig rig ("width=640 height=480");
  rig.play ();
  fail_unless (rig.wait_frames (20, 40s));
  rig.pause ();
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  if (c.cause) {
    // Every third frame is bad.
    auto dropped = rig.dropped (c.cause);
    fail_unless (dropped >= 9, "%" G_GUINT64_FORMAT " dropped", dropped);
    fail_unless_equals_int (rig.dropped (), dropped);
  }
}
GST_END_TEST;

struct RowOfFaultsCase {
  const char *fault;
  const char *cause; // null: the driver drops empty frames
};
static const RowOfFaultsCase row_of_faults_cases[] = {
    {"truncated", "cut-short"},
    {"corrupted", "corrupted"},
    {"no-start", "not-jpeg"},
    {"empty", nullptr},
};

GST_START_TEST (test_ten_faulty_frames_in_a_row)
{
  const auto &c = row_of_faults_cases[__i__];
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order (std::string ("fault ") + c.fault + " 1 10");
  fail_unless (wait_until ([&] { return camera.counter ("faulty") == 10; }));
  wait_for_whole_frames (rig, 10);
  assert_alive (rig);
  rig.pause ();

  assert_fed (rig.frames (), pictures_of (640, 480), false);
  fail_unless_equals_int (camera.counter ("faulty"), 10);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  auto dropped = c.cause ? rig.dropped (c.cause) : 0;
  auto lost = rig.stat ("frames-lost");
  // The driver may have had no free buffer for some of them.
  fail_unless ((c.cause && dropped == 10) || (lost > 0 && dropped + lost >= 10),
      "%" G_GUINT64_FORMAT " dropped, %" G_GUINT64_FORMAT " lost", dropped,
      lost);
  fail_unless_equals_uint64 (rig.dropped (), dropped);
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 0);
}
GST_END_TEST;

// A camera that sends another size than negotiated: each picture contains its
// size, and so does every packet.
GST_START_TEST (test_ten_frames_of_another_size)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  RtpReceiver receiver;
  Rig rig ("width=640 height=480",
      "rfc2435pay ! udpsink sync=false host=127.0.0.1 port=" +
          std::to_string (receiver.port ()));
  rig.play ();
  fail_unless (receiver.wait_pictures (5, 40s));
  camera.order ("fault wrong-size 1 10");
  fail_unless (wait_until ([&] { return camera.counter ("faulty") == 10; }));
  fail_unless (receiver.wait_pictures (receiver.pictures ().size () + 10, 40s));
  assert_alive (rig);
  auto lost = rig.stat ("frames-lost");
  fail_unless_equals_int (rig.dropped (), 0);
  fail_unless_equals_uint64 (rig.stat ("reconnects"), 0);
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 0);
  rig.stop ();

  unsigned others = 0;
  for (const auto &picture : receiver.pictures ()) {
    bool other = picture.width == 1280;
    others += other;
    fail_unless_equals_int (picture.width, other ? 1280 : 640);
    fail_unless_equals_int (picture.height, other ? 720 : 480);
    fail_unless (scan_index_of (picture.scan,
                     pictures_of (picture.width, picture.height)) >= 0);
  }
  fail_unless (others <= 10 && others + lost >= 10, "%u others", others);
  auto last = receiver.pictures ().back ();
  fail_unless_equals_int (last.width, 640);
  fail_unless_equals_int (receiver.sequence_gaps (), 0);
}
GST_END_TEST;

// Unplugged when half of a picture has been sent.
GST_START_TEST (test_ten_unplugs_in_mid_frame)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480 frame-timeout=30000000000");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  for (unsigned i = 1; i <= 10; i++) {
    camera.order ("fault unplug-in-frame");
    fail_unless (rig.wait_status ("waiting", 20s));
    fail_unless_equals_int (camera.counter ("unplugs"), i);
    camera.order ("plug 0");
    wait_for_whole_frames (rig, 3);
    fail_unless (rig.wait_status ("streaming", 20s));
    fail_unless_equals_uint64 (rig.stat ("reconnects"), i);
  }
  // No half picture was output.
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  assert_running_on (rig.frames ());
  assert_alive (rig);
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 10);
}
GST_END_TEST;

// Unplugged instead of answering one of the requests of a start: the first, the
// last, and some in between.
GST_START_TEST (test_ten_unplugs_at_start)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("width=640 height=480 frame-timeout=30000000000");
  auto before = camera.counter ("requests");
  rig.play ();
  fail_unless (rig.wait_frames (3, 40s));
  auto requests = camera.counter ("requests") - before;
  printf ("  a start takes %u requests\n", requests);
  for (unsigned i = 0; i < 10; i++) {
    rig.stop ();
    camera.order ("fault unplug-at-request " +
                  std::to_string (1 + i * (requests - 1) / 9));
    rig.play ();
    fail_unless (
        wait_until ([&] { return camera.counter ("unplugs") == i + 1; }));
    fail_unless (rig.wait_status ("waiting", 20s));
    camera.order ("plug 0");
    wait_for_whole_frames (rig, 3);
    assert_alive (rig);
  }
  assert_fed (rig.frames (), pictures_of (640, 480), false);
}
GST_END_TEST;

// Unplugged instead of answering the request that ends the stream.
GST_START_TEST (test_ten_unplugs_at_stop)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  Rig rig ("width=640 height=480 frame-timeout=30000000000");
  for (unsigned i = 0; i < 10; i++) {
    camera.plug (0);
    rig.play ();
    wait_for_whole_frames (rig, 3);
    assert_alive (rig);
    camera.order ("fault unplug-at-request");
    rig.stop ();
    assert_text (rig.status (), "stopped");
    fail_unless_equals_int (camera.counter ("unplugs"), i + 1);
  }
  assert_fed (rig.frames (), pictures_of (640, 480), false);
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 0);
}
GST_END_TEST;

GST_START_TEST (test_unguarded)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  camera.order ("fault truncated");
  Rig rig ("width=640 height=480 guard=false");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  for (const auto &frame : rig.frames ())
    fail_unless (index_of (frame, pictures_of (640, 480)) < 0);
  fail_unless_equals_int (rig.dropped (), 0);
}
GST_END_TEST;

GST_START_TEST (test_warm_up)
{
  auto model = model_with_serial ("A");
  model.vendor = 0x046d;
  model.product = 0x082d;
  CameraProcess camera (picture_folder, model);
  camera.plug (0);
  Rig rig ("width=640 height=480");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  // Under load, the camera may have skipped more.
  fail_unless (index_of (rig.frames ().front (), pictures_of (640, 480)) > 0);
  fail_unless_equals_uint64 (rig.dropped ("warm-up"), 1);
}
GST_END_TEST;

GST_START_TEST (test_yuyv_only)
{
  auto model = model_with_serial ("A");
  model.mjpeg = false;
  CameraProcess camera (picture_folder, model);
  camera.plug (0);
  Rig rig ("width=640 height=480 framerate=15/1 quality=40");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  for (const auto &frame : rig.frames ())
    fail_unless (frame.is_jpeg ());
  assert_text (rig.mode (),
      "video/x-raw, format=(string)YUY2, width=(int)640, height=(int)480, "
      "framerate=(fraction)15/1");
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 1);
  assert_text (rig.text_of (GST_MESSAGE_WARNING),
      "The camera does not offer MJPEG; its raw pictures are encoded.");

  // The same after a replug, but reported only once.
  camera.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto before = rig.frames ().size ();
  camera.order ("plug 0");
  fail_unless (rig.wait_frames (before + 5, 40s));
  fail_unless_equals_int (rig.count (GST_MESSAGE_WARNING), 2);
}
GST_END_TEST;

GST_START_TEST (test_yuyv_forbidden)
{
  auto model = model_with_serial ("A");
  model.mjpeg = false;
  CameraProcess camera (picture_folder, model);
  camera.plug (0);
  Rig rig ("camera=A allow-raw=false");
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_ERROR, 40s));
  auto text = rig.text_of (GST_MESSAGE_ERROR);
  fail_unless (
      text.find ("does not offer MJPEG") != text.npos, "%s", text.c_str ());
}
GST_END_TEST;

GST_START_TEST (test_stop_while_unplugged)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto began = Clock::now ();
  rig.stop ();
  auto took = Clock::now () - began;
  printf ("  stopped in %.3f s\n", seconds (took));
  fail_unless (took < patience (1s));
  assert_text (rig.status (), "stopped");

  // It can be started again.
  camera.order ("plug 0");
  rig.play ();
  auto before = rig.frames ().size ();
  fail_unless (rig.wait_frames (before + 5, 40s));
}
GST_END_TEST;

GST_START_TEST (test_eos_while_unplugged)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  rig.send_eos ();
  fail_unless (rig.wait_for (GST_MESSAGE_EOS, 20s));
}
GST_END_TEST;

GST_START_TEST (test_plugged_in_after_start)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_status ("waiting", 20s));
  fail_unless (rig.wait_for (GST_MESSAGE_WARNING, 20s));
  auto plugged = Clock::now ();
  camera.order ("plug 0");
  fail_unless (rig.wait_frames (5, 40s));
  printf ("  five frames %.2f s after the plug\n",
      seconds (Clock::now () - plugged));
  fail_unless (rig.wait_status ("streaming", 20s));
}
GST_END_TEST;

// uvcvideo reports ENOSPC if the host has no bandwidth left, which may be freed
// later.
GST_START_TEST (test_no_bandwidth)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  camera.order ("fault no-bandwidth");
  Rig rig;
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_WARNING, 40s));
  auto text = rig.text_of (GST_MESSAGE_WARNING);
  fail_unless (text.find ("not enough USB bandwidth for 1920x1080 at 30 "
                          "fps") != text.npos,
      "%s", text.c_str ());
  fail_unless (
      text.find ("1280x720 at 30, 15 fps") != text.npos, "%s", text.c_str ());
  camera.order ("fault none");
  fail_unless (rig.wait_frames (5, 40s));
}
GST_END_TEST;

GST_START_TEST (test_reconnect_timeout)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("reconnect-timeout=1000000000");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order ("unplug");
  fail_unless (rig.wait_for (GST_MESSAGE_ERROR, 40s));
  assert_text (rig.text_of (GST_MESSAGE_ERROR),
      "The camera did not come back within 1 s.");
}
GST_END_TEST;

GST_START_TEST (test_no_reconnect)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("reconnect=false");
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  camera.order ("unplug");
  fail_unless (rig.wait_for (GST_MESSAGE_ERROR, 40s));
  fail_unless (rig.source_of (GST_MESSAGE_ERROR) == "source");
}
GST_END_TEST;

GST_START_TEST (test_metadata_node)
{
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  camera.plug (0);
  Rig rig ("device=/dev/video1");
  rig.play ();
  fail_unless (rig.wait_for (GST_MESSAGE_ERROR, 40s));
  auto text = rig.text_of (GST_MESSAGE_ERROR);
  fail_unless (
      text.find ("does not capture video") != text.npos, "%s", text.c_str ());
}
GST_END_TEST;

// Loop: a link for the camera, and one for the port.
GST_START_TEST (test_links)
{
  const char *links[] = {
      "/dev/v4l/by-id/usb-Testcam_Virtual_UVC_camera_A-video-index0",
      "/dev/v4l/by-path/platform-vhci_hcd.0-usb-0:1:1.0-video-index0"};
  CameraProcess other (picture_folder, model_with_serial ("B"));
  CameraProcess camera (picture_folder, model_with_serial ("A"));
  other.plug (1);
  camera.plug (0);
  Rig rig (std::string ("device=") + links[__i__]);
  rig.play ();
  fail_unless (rig.wait_frames (5, 40s));
  assert_text (rig.text_stat ("serial"), "A");
  assert_text (rig.text_stat ("device"), "/dev/video2");
  camera.order ("unplug");
  other.order ("unplug");
  fail_unless (rig.wait_status ("waiting", 20s));
  auto before = rig.frames ().size ();
  camera.order ("plug 0");
  fail_unless (rig.wait_frames (before + 5, 40s));
  assert_text (rig.text_stat ("serial"), "A");
}
GST_END_TEST;

static Suite *
camera_suite ()
{
  auto suite = suite_create ("camera");
  auto tc = tcase_create ("general");
  // For each case; guest-cases.sh multiplies it if the guest is slow.
  tcase_set_timeout (tc, 90);
  suite_add_tcase (suite, tc);

  tcase_add_test (tc, test_replug_over_rtp);
  tcase_add_test (tc, test_plugged_in_after_start);
  if (getenv ("WITH_UDEV")) {
    tcase_add_loop_test (tc, test_links, 0, 2);
    tcase_add_loop_test (tc, test_replug, 0, 1);
    return suite;
  }
  tcase_add_loop_test (tc, test_identical, 0, 6);
  tcase_add_test (tc, test_default_mode);
  tcase_add_test (tc, test_mode_by_downstream_caps);
  tcase_add_test (tc, test_mode_that_does_not_exist);
  tcase_add_loop_test (tc, test_replug, 0, 2);
  tcase_add_test (tc, test_two_cameras_swapped);
  tcase_add_test (tc, test_by_position);
  tcase_add_test (tc, test_same_serial);
  tcase_add_test (tc, test_same_serial_later);
  tcase_add_test (tc, test_bouncing_plug);
  tcase_add_test (tc, test_beside_a_device_monitor);
  tcase_add_test (tc, test_other_node_names);
  tcase_add_test (tc, test_busy);
  tcase_add_test (tc, test_silent);
  tcase_add_test (tc, test_ten_stalls);
  tcase_add_loop_test (tc, test_faulty_frames, 0, G_N_ELEMENTS (fault_cases));
  tcase_add_loop_test (tc, test_ten_faulty_frames_in_a_row, 0,
      G_N_ELEMENTS (row_of_faults_cases));
  tcase_add_test (tc, test_ten_frames_of_another_size);
  tcase_add_test (tc, test_ten_unplugs_in_mid_frame);
  tcase_add_test (tc, test_ten_unplugs_at_start);
  tcase_add_test (tc, test_ten_unplugs_at_stop);
  tcase_add_test (tc, test_unguarded);
  tcase_add_test (tc, test_warm_up);
  tcase_add_test (tc, test_yuyv_only);
  tcase_add_test (tc, test_yuyv_forbidden);
  tcase_add_test (tc, test_stop_while_unplugged);
  tcase_add_test (tc, test_eos_while_unplugged);
  tcase_add_test (tc, test_no_bandwidth);
  tcase_add_test (tc, test_reconnect_timeout);
  tcase_add_test (tc, test_no_reconnect);
  tcase_add_test (tc, test_metadata_node);

  return suite;
}

int
main (int argc, char **argv)
{
  gst_check_init (&argc, &argv);
  if (argc != 2) {
    fprintf (stderr, "usage: %s PICTURES\n", argv[0]);
    return 2;
  }
  // No output is lost or written twice if a case is forked or dies.
  setvbuf (stdout, nullptr, _IOLBF, 0);
  picture_folder = argv[1];
  all_pictures = read_pictures (picture_folder);
  // Loaded once for all cases, since loading is slow under emulation.
  for (auto name : {"v4l2mjpegsrc", "rfc2435pay", "udpsink", "jpegenc"}) {
    auto element = gst_element_factory_make (name, nullptr);
    if (!element) {
      fprintf (stderr, "there is no element %s\n", name);
      return 2;
    }
    gst_object_unref (gst_object_ref_sink (element));
  }
  return gst_check_run_suite (camera_suite (), "camera", __FILE__);
}
