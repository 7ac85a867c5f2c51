// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "uvc_descriptors.h"

#include <string>

namespace testcamera {

// The program testcamera, controlled over a socket. It must be a separate
// process: closing a video device waits for the camera's answer, even if the
// kernel closes it because its owner was killed.
class CameraProcess {
public:
  // $TESTCAMERA names the program, `pictures` the folder of its pictures.
  CameraProcess (const std::string &pictures, const Model &model);
  ~CameraProcess ();
  CameraProcess (const CameraProcess &) = delete;
  CameraProcess &operator= (const CameraProcess &) = delete;

  // Plugs it in, and waits until the kernel has created its two nodes.
  void plug (unsigned port);
  // Sends an order to testcamera ("plug 1", "fault truncated 3") and waits
  // until it is carried out. Returns the answer; fails the test if it is an
  // error.
  std::string order (const std::string &text);
  // One of the counters ("faulty").
  unsigned counter (const std::string &name);

private:
  int socket_ = -1;
  int pid_ = -1;
};

} // namespace testcamera
