// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Frames a second; 0/1 asks for the best.
struct Rate {
  int numerator = 0;
  int denominator = 1;

  double value () const { return double (numerator) / denominator; }
  bool operator== (const Rate &) const = default;
};

// One way a camera can be run. In a wish, 0 stands for the best.
struct Mode {
  int width = 0;
  int height = 0;
  Rate rate;

  bool operator== (const Mode &) const = default;
};

// Below this, moving pictures are not smooth, and a larger picture does not
// make up for it: cameras offer their largest ones at 5 fps.
constexpr double smooth_rate = 25;

// The largest picture that comes at a smooth rate; without any, the fastest.
// Between modes of one size the fastest. Nothing when no mode meets the wish;
// rates meet it when they differ by less than 1 % (30 and 30000/1001).
std::optional<Mode> choose_mode (
    const std::vector<Mode> &modes, const Mode &wish);

// Those with pictures no larger than `mode` has that take less of the bus.
std::vector<Mode> smaller_modes (
    const std::vector<Mode> &modes, const Mode &mode);

// "1920x1080 at 30, 15 fps; 640x480 at 30 fps", largest first.
std::string describe (std::vector<Mode> modes);
std::string describe (const Mode &mode);

} // namespace v4l2mjpeg
