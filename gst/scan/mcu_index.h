// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace rfc2435 {

// The DC coefficients of Y, U and V from which the next ones are coded as
// differences (T.81 F.1.1.5.1).
using DcLevels = std::array<int, 3>;

// Where an MCU begins, in an UnstuffedScan.
struct McuPosition {
  std::uint32_t bit = 0;
  std::array<std::int16_t, 3> dc{}; // 0 after a restart marker

  DcLevels levels () const { return {dc[0], dc[1], dc[2]}; }
};

// The positions of MCU `first` of a scan and of every `interval`th MCU after
// it, as far as they are complete, and `end`, where the last complete MCU ends.
//
// With these, the MCUs of a scan can be read from anywhere, and their bits can
// be written after those of any other MCU: only the first DC difference of each
// component has to change.
struct McuIndex {
  std::uint32_t interval = 1; // in MCUs
  std::uint32_t first = 0;
  std::vector<McuPosition> positions;
  McuPosition end;
};

} // namespace rfc2435
