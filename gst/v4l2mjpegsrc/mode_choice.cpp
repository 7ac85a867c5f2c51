// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mode_choice.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
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
fits (const Mode &mode)
{
  return mode.width <= default_width && mode.height <= default_height;
}

bool
tiny (const Mode &mode)
{
  return area (mode) < static_cast<long long> (least_width) * least_height;
}

// Higher is better. Among modes that are too slow, the fastest is best;
// otherwise, the largest.
std::tuple<int, double, long long, double>
merit (const Mode &mode, const Rate &rate)
{
  auto fps = mode.rate.value ();
  int pace = fps >= smooth_rate ? 2 : fps >= fair_rate ? 1 : 0;
  return {
      pace, pace > 0 ? 0 : fps, area (mode), -std::abs (fps - rate.value ())};
}

// "30", "7.5", "29.97", whatever the locale.
std::string
describe (const Rate &rate)
{
  auto hundredths = static_cast<long long> (rate.value () * 100 + 0.5);
  auto text = std::to_string (hundredths / 100);
  if (auto rest = hundredths % 100; rest != 0) {
    text += '.' + std::to_string (rest / 10);
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
  auto keep = [] (std::vector<Mode> &list, auto test) {
    if (std::any_of (list.begin (), list.end (), test))
      std::erase_if (list, std::not_fn (test));
  };
  std::vector<Mode> possible;
  std::copy_if (modes.begin (), modes.end (), std::back_inserter (possible),
      [&] (const Mode &mode) { return meets (mode, wish); });
  if (possible.empty ())
    return {};

  if (wish.width == 0 && wish.height == 0) {
    keep (possible, std::not_fn (tiny));
    auto smallest = *std::min_element (possible.begin (), possible.end (),
        [] (const Mode &a, const Mode &b) { return area (a) < area (b); });
    if (std::any_of (possible.begin (), possible.end (), fits))
      keep (possible, fits);
    else
      keep (possible,
          [&] (const Mode &mode) { return area (mode) == area (smallest); });
  }
  auto rate = wish.rate.numerator > 0 ? wish.rate : usual_rate;
  return *std::max_element (
      possible.begin (), possible.end (), [&] (const Mode &a, const Mode &b) {
        return merit (a, rate) < merit (b, rate);
      });
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
  auto same = [] (const Mode &a, const Mode &b) {
    return a.width == b.width && a.height == b.height && a.rate == b.rate;
  };
  modes.erase (std::unique (modes.begin (), modes.end (), same), modes.end ());

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
