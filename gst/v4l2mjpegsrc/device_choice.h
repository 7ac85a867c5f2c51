// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "video_nodes.h"

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Which camera the user asks for; empty strings ask for nothing.
struct CameraWish {
  std::string device; // "/dev/video0", or a link to one
  std::string camera; // a serial number, a bus position or a name
};

// A camera and what it can capture.
struct Candidate {
  Camera camera;
  bool mjpeg = false;
  bool raw = false; // in a format that can be encoded
};

// How to know a camera again.
enum class KnownBy : unsigned char {
  itself,   // the same unit, wherever it is plugged in
  position, // whatever is plugged in there
};

// Where a link leads; the path as it is when there is no such file.
std::string resolve_link (const std::string &device);

// The camera that `wish` means among `candidates`, the capture devices in the
// order of their numbers: the first that offers MJPEG, or else, with
// `allow_raw`, the first that has pictures to encode. A wish that names a
// camera does not pass on to another one because of its formats.
std::optional<Candidate> choose_camera (
    const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw);

// True when `text` is the camera's serial number, bus position or name. Names
// match in any case of letters and in part.
bool answers_to (const Camera &camera, const std::string &text);

KnownBy known_by (const CameraWish &wish, const Camera &chosen);

// The camera `lost` among the present `nodes`, whatever its path is now. A unit
// with a serial number is known by it; of several with the same one, which bad
// factories make, the one in the old place is taken. A unit without is the same
// model in the same place: two of them must never be swapped.
std::optional<Camera> find_again (
    const std::vector<Camera> &nodes, const Camera &lost, KnownBy how);

} // namespace v4l2mjpeg
