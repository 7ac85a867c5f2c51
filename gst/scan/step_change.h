// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "block.h"
#include "dead_zone.h"
#include "quantization_table.h"

#include <algorithm>

namespace rfc2435 {

// Converts levels of a component from one set of quantization steps to another.
class StepChange {
public:
  StepChange (const QuantizationTable &from, const QuantizationTable &to)
  {
    for (unsigned k = 0; k < factors_.size (); k++)
      factors_[k] =
          factor (from.values[k], to.values[k], DeadZone::fraction_bits);
    dc_factor_ = factor (from.values[0], to.values[0], dc_fraction_bits);
  }

  // The nearest level.
  int dc (int level) const
  {
    std::uint64_t magnitude = level < 0 ? -level : level;
    constexpr auto half = std::uint64_t{1} << (dc_fraction_bits - 1);
    auto scaled =
        static_cast<int> ((magnitude * dc_factor_ + half) >> dc_fraction_bits);
    return std::clamp (
        level < 0 ? -scaled : scaled, min_dc_level, max_dc_level);
  }

  // The magnitude of coefficient k, for DeadZone::quantize ().
  std::uint64_t ac (unsigned k, unsigned magnitude) const
  {
    return magnitude * factors_[k];
  }

private:
  static constexpr unsigned dc_fraction_bits = 32;

  static std::uint64_t factor (unsigned from, unsigned to, unsigned bits)
  {
    return ((std::uint64_t{from} << bits) + to / 2) / to;
  }

  std::array<std::uint64_t, 64> factors_{};
  std::uint64_t dc_factor_;
};

} // namespace rfc2435
