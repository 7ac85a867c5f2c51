// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "level_codes.h"

#include <algorithm>
#include <bit>

namespace rfc2435 {
namespace {

constexpr unsigned prefix_bits = RunTable<LevelRun>::look_up_bits;

LevelRun
make_run (const HuffmanDecoder &decoder, unsigned prefix)
{
  auto code =
      decoder.code (static_cast<std::uint64_t> (prefix) << (64 - prefix_bits));
  auto run = LevelRun::of (
      code, prefix >> (prefix_bits - std::min<unsigned> (prefix_bits,
                                         code.length + code.size ())) &
                ((1u << code.size ()) - 1));
  return run.length > prefix_bits ? LevelRun{} : run;
}

LevelEncoder::Code
of_symbol (const HuffmanEncoder &encoder, std::uint8_t symbol)
{
  auto code = encoder.code (symbol);
  return {code.bits, code.length};
}

} // namespace

void
build_runs (const HuffmanDecoder &decoder, RunTable<LevelRun> &table)
{
  for (unsigned prefix = 0; prefix < 1u << prefix_bits; prefix++)
    table[prefix] = make_run (decoder, prefix);
}

LevelEncoder::LevelEncoder (const HuffmanTable &table)
    : symbols_ (table), zero_run_ (of_symbol (symbols_, 0xf0)),
      end_of_block_ (of_symbol (symbols_, 0x00))
{
  for (unsigned run = 0; run <= max_run; run++) {
    for (unsigned level = 1; level <= max_small_level; level++) {
      for (unsigned sign = 0; sign < 2; sign++)
        small_[run << 4 | level << 1 | sign] = code (run, level, sign != 0);
    }
  }
}

LevelEncoder::Code
LevelEncoder::code (unsigned run, unsigned level, bool is_negative) const
{
  auto size = static_cast<unsigned> (std::bit_width (level));
  auto symbol =
      of_symbol (symbols_, static_cast<std::uint8_t> (run << 4 | size));
  auto value = is_negative ? level ^ ((1u << size) - 1) : level;
  return {symbol.bits << size | value, symbol.length + size};
}

const LevelEncoder &
luma_level_encoder ()
{
  static const LevelEncoder encoder (standard_ac_luma);
  return encoder;
}

const LevelEncoder &
chroma_level_encoder ()
{
  static const LevelEncoder encoder (standard_ac_chroma);
  return encoder;
}

} // namespace rfc2435
