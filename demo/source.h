// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

/// Where the JPEG frames come from.
struct Source {
  std::string description; ///< for people: "the camera USB Cam, /dev/video0"
  std::string launch;      ///< the pipeline, in gst-launch's syntax
  bool is_camera = false;
};

/// The first camera that offers JPEG. If there is none, prints the devices that
/// this user may not open.
std::optional<Source> find_camera ();

/// A moving test picture, generated and encoded here.
Source test_picture ();
