// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>

namespace rfc2435 {

// Decides which levels are worth their bits. A level that has become small is
// reduced to 0, or from 2 to 1, if the distortion this causes is less than
// `lambda` times the number of bits it saves, in squares of the quantization
// step: the longer the run of zeros before a level, the longer its code. Levels
// halfway between two are rounded down.
class DeadZone {
public:
  // Levels are scaled by 2^16.
  static constexpr unsigned fraction_bits = 16;
  static constexpr std::uint32_t one = 1u << fraction_bits;

  // Strengths range from 0, the weakest, to this number less one.
  static constexpr unsigned strengths = 64;

  // `strength` is less than `strengths`.
  static const DeadZone &luma (unsigned strength);
  static const DeadZone &chroma (unsigned strength);

  // `level` is scaled; `run` is the number of zeros before it.
  unsigned quantize (std::uint64_t level, unsigned run) const
  {
    // Masks instead of branches, which would be unpredictable.
    auto more_than_one = 0u - unsigned{level >= keep_two[run]};
    auto any = 0u - unsigned{level >= keep_one[run]};
    auto rounded = static_cast<unsigned> ((level + rounding) >> fraction_bits);
    return any & (((rounded ^ 1) & more_than_one) ^ 1);
  }

private:
  friend struct DeadZones;

  // For levels over 2.
  static constexpr std::uint32_t rounding = one * 46 / 100;

  // From these thresholds on, a level is kept, or kept above 1.
  std::array<std::uint32_t, 64> keep_one{};
  std::array<std::uint32_t, 64> keep_two{};
};

} // namespace rfc2435
