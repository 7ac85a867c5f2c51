// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "video_nodes.h"

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Which camera the user requests; empty strings request nothing.
struct CameraWish {
  std::string device; // "/dev/video0", a link to it, or another node
  std::string camera; // a serial number, a bus position or a name
};

// A camera and what it can capture.
struct Candidate {
  Camera camera;
  // The position reported by VIDIOC_QUERYCAP and `v4l2-ctl --list-devices`,
  // "platform:vivid-000"; for USB, the same as in `camera`.
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

// The camera requested by `wish` among `candidates`, the capture devices in the
// order of their numbers: the first that offers MJPEG; if there is none, with
// `allow_raw`, the first whose pictures can be encoded. If the wish names a
// camera, no other one is chosen because of its formats.
std::optional<Candidate> choose_camera (
    const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw);

// True if `text` is the camera's serial number, bus position or name. A part of
// the name is enough, and case is ignored.
bool answers_to (const Candidate &candidate, const std::string &text);

// True if another camera present has the same model and serial number, as
// cameras of some manufacturers do.
bool has_twin (const std::vector<Camera> &present, const Camera &camera);

// A unit is recognized by its serial number if that distinguishes it from all
// others that are present; otherwise by its model and place: two cameras must
// never be swapped.
KnownBy known_by (const CameraWish &wish, const Candidate &chosen,
    const std::vector<Camera> &present);

// The camera `lost` among the present `nodes`, whatever its path is now.
// Nothing if it could be one of several.
std::optional<Camera> find_again (
    const std::vector<Camera> &nodes, const Camera &lost, KnownBy how);

} // namespace v4l2mjpeg
