// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dc_decoder.h"

namespace rfc2435 {

bool
DcDecoder::build (const HuffmanTable &table)
{
  if (!codes_.build (table, HuffmanDecoder::Class::dc))
    return false;
  for (std::uint64_t prefix = 0; prefix < short_.size (); prefix++) {
    auto difference = find (prefix << (64 - look_up_bits));
    short_[prefix] =
        difference.length <= look_up_bits ? difference : Difference{};
  }
  return true;
}

DcDecoder::Difference
DcDecoder::find (std::uint64_t bits) const
{
  auto code = codes_.code (bits);
  if (code.length == 0)
    return {};
  unsigned size = code.symbol;
  auto value = static_cast<int> (bits << code.length >> 1 >> (63 - size));
  // T.81 F.2.2.1, EXTEND: values that begin with a 0 bit are negative.
  if (value < 1 << size >> 1)
    value -= (1 << size) - 1;
  return {static_cast<std::int16_t> (value),
      static_cast<std::uint8_t> (code.length + size)};
}

} // namespace rfc2435
