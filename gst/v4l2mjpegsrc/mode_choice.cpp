// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mode_choice.h"

#include <algorithm>
#include <tuple>

namespace v4l2mjpeg {

namespace {

long long
area (const Mode &mode)
{
  return static_cast<long long> (mode.width) * mode.height;
}

bool
meets (const Mode &mode, const Mode &wish)
{
  auto rate = mode.rate.value (), wished = wish.rate.value ();
  return (wish.width == 0 || wish.width == mode.width) &&
         (wish.height == 0 || wish.height == mode.height) &&
         (wished == 0 || std::abs (rate - wished) < wished / 100);
}

bool
worse (const Mode &a, const Mode &b)
{
  bool a_smooth = a.rate.value () >= smooth_rate;
  bool b_smooth = b.rate.value () >= smooth_rate;
  if (a_smooth != b_smooth)
    return b_smooth;
  if (a_smooth)
    return std::tuple (area (a), a.rate.value ()) <
           std::tuple (area (b), b.rate.value ());
  return std::tuple (a.rate.value (), area (a)) <
         std::tuple (b.rate.value (), area (b));
}

// "30", "7.5", "29.97", whatever the locale.
std::string
describe (const Rate &rate)
{
  auto hundredths = static_cast<long long> (rate.value () * 100 + 0.5);
  auto text = std::to_string (hundredths / 100);
  if (auto rest = hundredths % 100; rest != 0) {
    text += "." + std::to_string (rest / 10);
    if (rest % 10 != 0)
      text += std::to_string (rest % 10);
  }
  return text;
}

std::string
describe_size (const Mode &mode)
{
  return std::to_string (mode.width) + "x" + std::to_string (mode.height);
}

} // namespace

std::optional<Mode>
choose_mode (const std::vector<Mode> &modes, const Mode &wish)
{
  std::optional<Mode> best;
  for (const auto &mode : modes)
    if (meets (mode, wish) && (!best || worse (*best, mode)))
      best = mode;
  return best;
}

std::vector<Mode>
smaller_modes (const std::vector<Mode> &modes, const Mode &mode)
{
  auto load = [] (const Mode &m) {
    return static_cast<double> (area (m)) * m.rate.value ();
  };
  std::vector<Mode> smaller;
  for (const auto &other : modes)
    if (load (other) < load (mode) && area (other) <= area (mode))
      smaller.push_back (other);
  return smaller;
}

std::string
describe (std::vector<Mode> modes)
{
  std::sort (modes.begin (), modes.end (), [] (const Mode &a, const Mode &b) {
    return std::tuple (area (a), a.width, a.rate.value ()) >
           std::tuple (area (b), b.width, b.rate.value ());
  });
  modes.erase (std::unique (modes.begin (), modes.end ()), modes.end ());

  std::string text;
  const Mode *previous = nullptr;
  for (const auto &mode : modes) {
    bool same_size = previous && previous->width == mode.width &&
                     previous->height == mode.height;
    if (same_size)
      text += ", ";
    else
      text += (text.empty () ? "" : " fps; ") + describe_size (mode) + " at ";
    text += describe (mode.rate);
    previous = &mode;
  }
  return text.empty () ? "none" : text + " fps";
}

std::string
describe (const Mode &mode)
{
  return describe_size (mode) + " at " + describe (mode.rate) + " fps";
}

} // namespace v4l2mjpeg
