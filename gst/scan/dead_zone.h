// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>

namespace rfc2435 {

// Which levels are worth their bits. A level that has become small is taken
// down to 0, or from 2 to 1, where that costs less distortion than `lambda`
// times the bits it saves, in squares of the quantization step: the longer the
// run of zeros before it, the longer its code. Levels in the middle between two
// go to the smaller.
class DeadZone {
public:
  // Levels are scaled by 2^16.
  static constexpr unsigned fraction_bits = 16;
  static constexpr std::uint32_t one = 1u << fraction_bits;

  // From the least that is done to the most.
  static constexpr unsigned strengths = 64;

  // `strength` is less than `strengths`.
  static const DeadZone &luma (unsigned strength);
  static const DeadZone &chroma (unsigned strength);

  // `level` was scaled, `run` is how many zeros stand before it.
  unsigned quantize (std::uint64_t level, unsigned run) const
  {
    // Masks in place of branches: nothing could foretell which way they go.
    auto more_than_one = 0u - unsigned{level >= keep_two[run]};
    auto any = 0u - unsigned{level >= keep_one[run]};
    auto rounded = static_cast<unsigned> ((level + rounding) >> fraction_bits);
    return any & (((rounded ^ 1) & more_than_one) ^ 1);
  }

private:
  friend struct DeadZones;

  // Of levels over 2.
  static constexpr std::uint32_t rounding = one * 46 / 100;

  // From which on a level stays, and stays above 1.
  std::array<std::uint32_t, 64> keep_one{};
  std::array<std::uint32_t, 64> keep_two{};
};

} // namespace rfc2435
