// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "step_change.h"

#include <array>
#include <optional>

namespace rfc2435 {

// Adjusts the dead zone while a scan is requantized.
class DeadZoneControl {
public:
  // Called after each row of MCUs, when `read` bytes have become `written`
  // ones. Returns the strength for the next row, or nothing to stop.
  virtual std::optional<unsigned> next_row (
      std::size_t read, std::size_t written) = 0;

protected:
  ~DeadZoneControl () = default;
};

// How a scan is requantized.
struct Requantizing {
  std::array<StepChange, 3> steps; // of Y, U and V
  unsigned strength = 0;           // of the dead zone; for the first row
  DeadZoneControl *control = nullptr;
  std::uint32_t mcus_in_row = 1; // for the control

  Requantizing (const QuantizationTables &from, const QuantizationTables &to)
      : steps{StepChange (from.luma, to.luma),
            StepChange (from.chroma, to.chroma),
            StepChange (from.chroma, to.chroma)}
  {}
};

} // namespace rfc2435
