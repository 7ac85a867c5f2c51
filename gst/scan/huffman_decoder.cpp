// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "huffman_decoder.h"

#include <algorithm>

namespace rfc2435 {

// T.81 C.2: no more codes of each length than the shorter ones leave room for,
// and none that consists of ones only.
static bool
is_prefix_code (const HuffmanTable &table)
{
  unsigned code = 0;
  for (unsigned length = 1; length <= table.counts.size (); length++) {
    unsigned count = table.counts[length - 1];
    code += count;
    if (count != 0 && code >= 1u << length)
      return false;
    code <<= 1;
  }
  return table.symbol_count () <= table.symbols.size ();
}

// T.81 tables F.1 and F.2
bool
HuffmanDecoder::is_baseline (std::uint8_t symbol) const
{
  return class_ == Class::dc ? symbol <= 11 : (symbol & 15) <= 10;
}

bool
HuffmanDecoder::build (const HuffmanTable &table, Class table_class)
{
  if (!is_prefix_code (table))
    return false;
  table_ = table;
  class_ = table_class;
  fast_.fill ({});

  unsigned code = 0, index = 0;
  for (unsigned length = 1; length <= max_length; length++) {
    symbol_offset_[length] = static_cast<int> (index) - static_cast<int> (code);
    for (unsigned i = 0; i < table.counts[length - 1]; i++, code++, index++) {
      auto symbol = table.symbols[index];
      if (length <= fast_bits && is_baseline (symbol))
        std::fill_n (fast_.begin () + (code << (fast_bits - length)),
            1 << (fast_bits - length),
            HuffmanCode{static_cast<std::uint8_t> (length), symbol});
    }
    limit_[length] = code << (max_length - length);
    code <<= 1;
  }
  return true;
}

HuffmanCode
HuffmanDecoder::search (std::uint64_t bits) const
{
  auto prefix = static_cast<std::uint32_t> (bits >> (64 - max_length));
  for (unsigned length = 1; length <= max_length; length++) {
    if (prefix >= limit_[length])
      continue;
    auto code = static_cast<int> (prefix >> (max_length - length));
    auto symbol = table_.symbols[code + symbol_offset_[length]];
    if (!is_baseline (symbol))
      break;
    return {static_cast<std::uint8_t> (length), symbol};
  }
  return {};
}

} // namespace rfc2435
