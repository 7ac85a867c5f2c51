// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_reader.h"

#include <array>

namespace test {

// Runs `check` on the bytes split into three pieces in every possible way,
// including empty pieces.
template <typename Function>
void
for_each_cut (rfc2435::Bytes whole, Function check)
{
  for (std::size_t i = 0; i <= whole.size (); i++) {
    for (std::size_t j = i; j <= whole.size (); j++) {
      std::array<rfc2435::Bytes, 3> pieces = {
          whole.first (i), whole.subspan (i, j - i), whole.subspan (j)};
      check (rfc2435::ByteReader (pieces));
    }
  }
}

} // namespace test
