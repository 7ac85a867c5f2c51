// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "turn.h"

namespace rfc2435 {

TurnSteps
steps_of (Turn turn)
{
  switch (turn) {
  case Turn::none:
    break;
  case Turn::rotate_90:
    return {.mirror_x = false, .mirror_y = true, .swap_axes = true};
  case Turn::rotate_180:
    return {.mirror_x = true, .mirror_y = true, .swap_axes = false};
  case Turn::rotate_270:
    return {.mirror_x = true, .mirror_y = false, .swap_axes = true};
  case Turn::flip_horizontal:
    return {.mirror_x = true, .mirror_y = false, .swap_axes = false};
  case Turn::flip_vertical:
    return {.mirror_x = false, .mirror_y = true, .swap_axes = false};
  case Turn::transpose:
    return {.mirror_x = false, .mirror_y = false, .swap_axes = true};
  case Turn::transverse:
    return {.mirror_x = true, .mirror_y = true, .swap_axes = true};
  }
  return {};
}

// A cosine of odd frequency changes its sign when the block is mirrored, one
// of even frequency is its own mirror image.
void
turn_block (const std::int16_t *in, std::int16_t *out, const TurnSteps &steps)
{
  for (unsigned v = 0; v < 8; v++) {
    // -1 where the sign changes, otherwise 0: (x ^ -1) - -1 is -x.
    const int row = steps.mirror_y && v % 2 ? -1 : 0;
    const int odd = steps.mirror_x ? ~row : row;
    const unsigned first = steps.swap_axes ? v : v * 8;
    const unsigned stride = steps.swap_axes ? 8 : 1;

    for (unsigned u = 0; u < 8; u += 2) {
      out[first + u * stride] =
          static_cast<std::int16_t> ((in[v * 8 + u] ^ row) - row);
      out[first + (u + 1) * stride] =
          static_cast<std::int16_t> ((in[v * 8 + u + 1] ^ odd) - odd);
    }
  }
}

} // namespace rfc2435
