// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_users.h"

// Included before check.h, whose macro fail() would break it
#include <filesystem>
#include <fstream>

#include "assert_text.h"

#include <gst/check/gstcheck.h>

#include <unistd.h>

using namespace v4l2mjpeg;
namespace fs = std::filesystem;

GST_START_TEST (test_users)
{
  char name[] = "/tmp/device-users-XXXXXX";
  const fs::path proc = mkdtemp (name);
  auto add = [&] (const std::string &process, const std::string &program,
                 const std::string &device) {
    fs::create_directories (proc / process / "fd");
    std::ofstream (proc / process / "comm") << program << "\n";
    fs::create_symlink ("/dev/full", proc / process / "fd/3");
    fs::create_symlink (device, proc / process / "fd/4");
  };
  add ("12", "ffmpeg", "/dev/null");
  add ("13", "cheese", "/dev/zero");
  // This process itself, and something that is not a process
  add (std::to_string (getpid ()), "self", "/dev/null");
  add ("sys", "none", "/dev/null");
  // A process that may not be inspected
  fs::create_directories (proc / "14");

  auto null = device_number ("/dev/null").value ();
  assert_text (users_of_device (null, proc), "ffmpeg (process 12)");
  assert_text (users_of_device ({9, 9}, proc), "");
  fs::remove_all (proc);
}
GST_END_TEST;

static Suite *
device_users_suite ()
{
  auto suite = suite_create ("device_users");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_users);

  return suite;
}

GST_CHECK_MAIN (device_users)
