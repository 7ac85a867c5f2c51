// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "camera_process.h"

#include "patience.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

// Included after <ios>, which its macro fail() would break
#include <gst/check/gstcheck.h>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace testcamera {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

template <typename Condition>
void
wait_until (Condition condition, const char *what)
{
  auto end = std::chrono::steady_clock::now () + patience (10s);
  while (!condition ()) {
    fail_unless (std::chrono::steady_clock::now () < end, "%s", what);
    std::this_thread::sleep_for (10ms);
  }
}

bool
has_nodes (const fs::path &device)
{
  std::error_code error;
  int nodes = 0;
  for (const auto &interface : fs::directory_iterator (device, error))
    for (const auto &node :
        fs::directory_iterator (interface.path () / "video4linux", error)) {
      auto path = "/dev" / node.path ().filename ();
      nodes += access (path.c_str (), R_OK | W_OK) == 0;
    }
  return nodes == 2;
}

} // namespace

CameraProcess::CameraProcess (const std::string &pictures, const Model &model)
{
  std::vector<std::string> words = {
      "testcamera", "-s", model.serial, "-n", model.name};
  char id[16];
  g_snprintf (id, sizeof id, "%04x:%04x", model.vendor, model.product);
  words.insert (words.end (), {"-i", id});
  if (!model.isochronous)
    words.push_back ("-b");
  if (!model.mjpeg)
    words.push_back ("-y");
  words.push_back (pictures);

  auto program = getenv ("TESTCAMERA");
  fail_unless (program != nullptr);
  int pair[2];
  fail_unless (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  pid_ = fork ();
  fail_unless (pid_ >= 0);
  if (pid_ == 0) {
    std::vector<char *> arguments;
    for (auto &word : words)
      arguments.push_back (word.data ());
    arguments.push_back (nullptr);
    dup2 (pair[1], STDIN_FILENO);
    dup2 (pair[1], STDOUT_FILENO);
    // Check kills the process group of a failed case; the camera outlives it.
    setsid ();
    execv (program, arguments.data ());
    _exit (127);
  }
  close (pair[1]);
  socket_ = pair[0];
}

CameraProcess::~CameraProcess ()
{
  close (socket_);
  waitpid (pid_, nullptr, 0);
}

void
CameraProcess::plug (unsigned port)
{
  auto device = fs::path ("/sys/devices/platform/vhci_hcd.0/usb1") /
                ("1-" + std::to_string (port + 1));
  wait_until ([&] { return !fs::exists (device); },
      "the camera that was plugged in there does not go away");
  order ("plug " + std::to_string (port));
  wait_until ([&] { return has_nodes (device); }, "the camera is not found");
}

std::string
CameraProcess::order (const std::string &text)
{
  auto line = text + "\n";
  fail_unless (write (socket_, line.data (), line.size ()) ==
               static_cast<ssize_t> (line.size ()));
  std::string answer;
  for (char c = 0; c != '\n';) {
    fail_unless (read (socket_, &c, 1) == 1, "%s: no answer", text.c_str ());
    answer += c;
  }
  answer.pop_back ();
  fail_unless (
      answer.starts_with ("ok"), "%s: %s", text.c_str (), answer.c_str ());
  return answer;
}

unsigned
CameraProcess::counter (const std::string &name)
{
  auto counters = order ("counters");
  auto at = counters.find (" " + name + "=");
  fail_unless (
      at != counters.npos, "%s in %s", name.c_str (), counters.c_str ());
  return static_cast<unsigned> (
      std::stoul (counters.substr (at + name.size () + 2)));
}

} // namespace testcamera
