// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "video_nodes.h"

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Which camera the user requests; empty strings request nothing.
struct CameraWish {
  std::string device; // "/dev/video0", or a link to one, or another node
  std::string camera; // a serial number, a bus position or a name
};

// A camera and what it can capture.
struct Candidate {
  Camera camera;
  // The position as VIDIOC_QUERYCAP and `v4l2-ctl --list-devices` tell it,
  // "platform:vivid-000"; for USB it is that of `camera`.
  std::string bus_info;
  bool mjpeg = false;
  bool raw = false; // in a format that can be encoded
};

// How to recognize a camera.
enum class KnownBy : unsigned char {
  itself,        // the same unit, wherever it is plugged in
  unit_in_place, // the same model and serial number in the same place
  position,      // whatever is plugged in there
};

// The camera that `wish` means among `candidates`, the capture devices in the
// order of their numbers: the first that offers MJPEG, or else, with
// `allow_raw`, the first that has pictures to encode. If the wish names a
// camera, no other camera is chosen because of its formats.
std::optional<Candidate> choose_camera (
    const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw);

// True when `text` is the camera's serial number, bus position or name. Names
// match in any case of letters and in part.
bool answers_to (const Candidate &candidate, const std::string &text);

// True when another of the cameras present has its model and serial number, as
// some factories make them.
bool has_twin (const std::vector<Camera> &present, const Camera &camera);

// A unit is recognized by its serial number if that distinguishes it from all
// others that are present; otherwise by its model and place: two cameras must
// never be swapped.
KnownBy known_by (const CameraWish &wish, const Candidate &chosen,
    const std::vector<Camera> &present);

// The camera `lost` among the present `nodes`, whatever its path is now.
// Nothing when it could be one of several.
std::optional<Camera> find_again (
    const std::vector<Camera> &nodes, const Camera &lost, KnownBy how);

} // namespace v4l2mjpeg
