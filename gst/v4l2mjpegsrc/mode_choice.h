// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Frames per second; 0/1 requests the best.
struct Rate {
  int numerator = 0;
  int denominator = 1;

  double value () const { return double (numerator) / denominator; }
  bool operator== (const Rate &) const = default;
};

// One mode of a camera. In a wish, 0 stands for the best.
struct Mode {
  int width = 0;
  int height = 0;
  Rate rate;
  // From a range of sizes or rates, not all of which a driver really supports
  bool from_range = false;

  bool operator== (const Mode &) const = default;
};

// Larger pictures are chosen on request only: the header of RFC 2435 has no
// room for more than 2040 pixels.
constexpr int default_width = 1920;
constexpr int default_height = 1080;
// Smaller pictures are chosen only if there are no others.
constexpr int least_width = 640;
constexpr int least_height = 360;
// A larger picture does not make up for a lower rate than this: cameras offer
// their largest ones at 5 fps. Film has 24000/1001.
constexpr double smooth_rate = 23.9;
constexpr double fair_rate = 14.9;
// Requested from a camera that has several rates, or a range of them.
constexpr Rate usual_rate = {30, 1};

// The largest size that fits into the default one and is available at a smooth
// rate; if there is none, at a fair rate; failing that, the fastest. Of its
// rates, the one closest to the usual rate. Nothing if no mode meets the wish;
// rates meet it if they differ by less than 1 % (30 and 30000/1001). If the
// wish gives a width or a height, sizes larger than the default are considered
// as well.
std::optional<Mode> choose_mode (
    const std::vector<Mode> &modes, const Mode &wish);

// The modes with pictures no larger than those of `mode` that take less
// bandwidth of the bus.
std::vector<Mode> smaller_modes (
    const std::vector<Mode> &modes, const Mode &mode);

// "1920x1080 at 30, 15 fps; 640x480 at 30 fps", largest first.
std::string describe (std::vector<Mode> modes);
std::string describe (const Mode &mode);

} // namespace v4l2mjpeg
