// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_choice.h"

#include "paths.h"

#include <algorithm>
#include <cctype>

namespace v4l2mjpeg {

namespace {

bool
contains_ignoring_case (const std::string &text, const std::string &part)
{
  auto equal = [] (unsigned char a, unsigned char b) {
    return std::tolower (a) == std::tolower (b);
  };
  return std::search (text.begin (), text.end (), part.begin (), part.end (),
             equal) != text.end ();
}

bool
usable (const Candidate &candidate, bool allow_raw)
{
  return candidate.mjpeg || (allow_raw && candidate.raw);
}

// The first for which all of `tests` hold, tried from the strictest.
template <typename List, typename... Tests>
auto
first_match (const List &list, Tests... tests)
    -> std::optional<typename List::value_type>
{
  auto found = list.end ();
  auto try_one = [&] (auto test) {
    if (found == list.end ())
      found = std::find_if (list.begin (), list.end (), test);
  };
  (try_one (tests), ...);
  if (found == list.end ())
    return {};
  return *found;
}

} // namespace

std::string
resolve_link (const std::string &device)
{
  return resolve (device).value_or (device);
}

bool
answers_to (const Camera &camera, const std::string &text)
{
  return camera.serial == text || camera.bus == text ||
         contains_ignoring_case (camera.name, text);
}

std::optional<Candidate>
choose_camera (const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw)
{
  auto is_device = [path = resolve_link (wish.device)] (const Candidate &c) {
    return c.camera.path == path;
  };
  if (!wish.device.empty ())
    return first_match (candidates, is_device);

  auto mjpeg = [] (const Candidate &c) {
    return c.mjpeg;
  };
  auto any = [&] (const Candidate &c) {
    return usable (c, allow_raw);
  };
  if (wish.camera.empty ())
    return first_match (candidates, mjpeg, any);

  // A name in part is the weakest claim: "1" is in many names, but may well be
  // somebody's serial number.
  auto exact = [&] (const Candidate &c) {
    return c.camera.serial == wish.camera || c.camera.bus == wish.camera ||
           c.camera.name == wish.camera;
  };
  auto in_part = [&] (const Candidate &c) {
    return answers_to (c.camera, wish.camera);
  };
  // One device may have several nodes that capture.
  auto both = [] (auto a, auto b) {
    return [=] (const Candidate &c) {
      return a (c) && b (c);
    };
  };
  return first_match (candidates, both (exact, mjpeg), both (exact, any), exact,
      both (in_part, mjpeg), both (in_part, any), in_part);
}

KnownBy
known_by (const CameraWish &wish, const Camera &chosen)
{
  bool by_path = wish.device.find ("/by-path/") != std::string::npos;
  bool by_bus = wish.device.empty () && wish.camera == chosen.bus;
  return by_path || by_bus ? KnownBy::position : KnownBy::itself;
}

std::optional<Camera>
find_again (const std::vector<Camera> &nodes, const Camera &lost, KnownBy how)
{
  auto same_place = [&] (const Camera &c) {
    return c.bus == lost.bus && c.index == lost.index;
  };
  if (how == KnownBy::position)
    return first_match (nodes, same_place);

  auto same_unit = [&] (const Camera &c) {
    return c.model == lost.model && c.serial == lost.serial &&
           c.name == lost.name && c.index == lost.index;
  };
  auto both = [&] (const Camera &c) {
    return same_place (c) && same_unit (c);
  };
  if (lost.serial.empty ())
    return first_match (nodes, both);
  return first_match (nodes, both, same_unit);
}

} // namespace v4l2mjpeg
