// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "quantization_table.h"

#include <vector>

namespace rfc2435 {

// Gives each set of quantization tables in a session its own number, a Q from
// 128 to 254, which stands for these tables from then on (RFC 2435 section
// 3.1.8). A receiver that has lost the packet with the tables can take them
// from any other frame with this Q.
class TableNumbers {
public:
  static constexpr std::uint8_t first = 128;
  static constexpr std::uint8_t last = 254;
  // For tables that may change with every frame: used when no numbers are left.
  static constexpr std::uint8_t none = 255;

  std::uint8_t number (const QuantizationTables &tables)
  {
    for (std::size_t i = 0; i < known_.size (); i++)
      if (known_[i] == tables)
        return static_cast<std::uint8_t> (first + i);
    if (known_.size () > last - first)
      return none;
    known_.push_back (tables);
    return static_cast<std::uint8_t> (first + known_.size () - 1);
  }

private:
  std::vector<QuantizationTables> known_;
};

} // namespace rfc2435
