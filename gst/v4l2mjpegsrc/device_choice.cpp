// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_choice.h"

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

bool
is_named (const Candidate &candidate, const std::string &text)
{
  return candidate.camera.serial == text || candidate.camera.bus == text ||
         candidate.bus_info == text;
}

bool
same_place (const Camera &a, const Camera &b)
{
  return a.bus == b.bus && a.index == b.index;
}

bool
same_unit (const Camera &a, const Camera &b)
{
  return a.model == b.model && a.serial == b.serial && a.name == b.name &&
         a.index == b.index;
}

// The first element that passes the first of `tests` that any element passes:
// tests are listed from the strictest to the weakest.
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

bool
answers_to (const Candidate &candidate, const std::string &text)
{
  return is_named (candidate, text) ||
         contains_ignoring_case (candidate.camera.name, text);
}

std::optional<Candidate>
choose_camera (const std::vector<Candidate> &candidates, const CameraWish &wish,
    bool allow_raw)
{
  if (!wish.device.empty ())
    return first_match (candidates,
        [number = device_number (wish.device)] (
            const Candidate &c) { return c.camera.number == number; });

  auto mjpeg = [] (const Candidate &c) {
    return c.mjpeg;
  };
  auto any = [&] (const Candidate &c) {
    return usable (c, allow_raw);
  };
  if (wish.camera.empty ())
    return first_match (candidates, mjpeg, any);

  // Part of a name is the weakest match: "1" is part of many names, but may
  // also be a serial number.
  auto exact = [&] (const Candidate &c) {
    return is_named (c, wish.camera) || c.camera.name == wish.camera;
  };
  auto in_part = [&] (const Candidate &c) {
    return answers_to (c, wish.camera);
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

bool
has_twin (const std::vector<Camera> &present, const Camera &camera)
{
  return std::any_of (
      present.begin (), present.end (), [&] (const Camera &other) {
        return same_unit (other, camera) && !same_place (other, camera);
      });
}

KnownBy
known_by (const CameraWish &wish, const Candidate &chosen,
    const std::vector<Camera> &present)
{
  bool by_path = wish.device.find ("/by-path/") != std::string::npos;
  bool by_bus =
      wish.device.empty () && !wish.camera.empty () &&
      (wish.camera == chosen.camera.bus || wish.camera == chosen.bus_info);
  if (by_path || by_bus)
    return KnownBy::position;
  return chosen.camera.serial.empty () || has_twin (present, chosen.camera)
             ? KnownBy::unit_in_place
             : KnownBy::itself;
}

std::optional<Camera>
find_again (const std::vector<Camera> &nodes, const Camera &lost, KnownBy how)
{
  auto in_place = [&] (const Camera &c) {
    return !c.path.empty () && same_place (c, lost) &&
           (how == KnownBy::position || same_unit (c, lost));
  };
  if (auto found = first_match (nodes, in_place))
    return found;
  if (how != KnownBy::itself)
    return {};

  auto unit = [&] (const Camera &c) {
    return same_unit (c, lost);
  };
  auto found = first_match (nodes, unit);
  bool usable = found && !found->path.empty () && !has_twin (nodes, *found);
  return usable ? found : std::nullopt;
}

} // namespace v4l2mjpeg
