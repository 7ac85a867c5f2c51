// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace rfc2435 {

// The ways to turn a picture without scaling it, in the order of
// GstVideoOrientationMethod.
enum class Turn : std::uint8_t {
  none,
  rotate_90, // clockwise
  rotate_180,
  rotate_270, // clockwise; 90 degrees counterclockwise
  flip_horizontal,
  flip_vertical,
  transpose,  // across the diagonal from upper left to lower right
  transverse, // across the diagonal from upper right to lower left
};

// Every turn consists of up to three steps: mirror the source left to right,
// then top to bottom, then swap its axes.
struct TurnSteps {
  bool mirror_x;
  bool mirror_y;
  bool swap_axes;
};

TurnSteps steps_of (Turn turn);

// Turns the coefficients of one block, 64 in rows of rising horizontal
// frequency. `out` must not be `in`.
void turn_block (
    const std::int16_t *in, std::int16_t *out, const TurnSteps &steps);

} // namespace rfc2435
