// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "uvc_descriptors.h"

#include <string>

namespace testcamera {

// The program testcamera, at the other end of a socket. It must be a process of
// its own: closing a video device waits for the camera's answer, also when it
// is the kernel that closes it after its owner was killed.
class CameraProcess {
public:
  // Looked for in $TESTCAMERA; the pictures are those of `pictures`.
  CameraProcess (const std::string &pictures, const Model &model);
  ~CameraProcess ();
  CameraProcess (const CameraProcess &) = delete;
  CameraProcess &operator= (const CameraProcess &) = delete;

  // Plugs it in, and waits until the kernel has made its two nodes.
  void plug (unsigned port);
  // Gives one of testcamera's orders ("plug 1", "fault truncated 3") and waits
  // until it is carried out. Returns the answer; fails the test when it is an
  // error.
  std::string order (const std::string &text);
  // One of the counters ("faulty").
  unsigned counter (const std::string &name);

private:
  int socket_ = -1;
  int pid_ = -1;
};

} // namespace testcamera
