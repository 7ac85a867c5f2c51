// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

/// Where the JPEG frames come from.
struct Source {
  std::string description; ///< for people: "the camera USB Cam, /dev/video0"
  std::string launch;      ///< the pipeline, in gst-launch's language
  bool is_camera = false;
};

/// The first camera that gives JPEG. If there is none, names the devices that
/// this user may not open.
std::optional<Source> find_camera ();

/// A moving test picture, made and encoded on the spot.
Source test_picture ();
