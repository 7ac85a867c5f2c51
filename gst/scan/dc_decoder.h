// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_decoder.h"

namespace rfc2435 {

// Reads DC differences (T.81 F.2.2.1). Nearly all are short, together with
// their code, and take a single look-up.
class DcDecoder {
public:
  static constexpr unsigned look_up_bits = 12;

  struct Difference {
    std::int16_t value = 0;
    std::uint8_t length = 0; // of code and value; 0: invalid, or longer
  };

  // As HuffmanDecoder::build ().
  bool build (const HuffmanTable &table);

  const HuffmanTable &table () const { return codes_.table (); }

  // The difference at the start of these bits, left-aligned: only if it is
  // short, or in any case.
  Difference find_short (std::uint64_t bits) const
  {
    return short_[bits >> (64 - look_up_bits)];
  }
  [[gnu::cold]] Difference find (std::uint64_t bits) const;

private:
  HuffmanDecoder codes_;
  std::array<Difference, 1 << look_up_bits> short_{};
};

} // namespace rfc2435
