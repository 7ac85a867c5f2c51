// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "symbol_runs.h"

#include "bit_writer.h"

namespace rfc2435 {
namespace {

constexpr unsigned prefix_bits = RunTable<SymbolRun>::look_up_bits;

// The most coefficients in a run of symbols: a run that begins with the first
// AC coefficient, number 1, ends before number 63, so that a block's last
// symbol is always read by itself.
constexpr unsigned max_advance = 62;

bool
append (SymbolRun &, const HuffmanEncoder *, HuffmanCode, unsigned)
{
  return true;
}

bool
append (RecodedRun &run, const HuffmanEncoder *encoder, HuffmanCode code,
    unsigned value)
{
  // There are two between two flushes.
  constexpr unsigned max_bits = BitWriter::max_bits / 2;
  std::uint8_t symbol = code.is_end_of_block () ? 0 : code.symbol;
  auto coded = encoder->code (symbol);
  auto count = coded.length + code.size ();
  if (run.bit_count + count > max_bits)
    return false;
  auto bits = static_cast<std::uint64_t> (coded.bits) << code.size () | value;
  run.bits = static_cast<std::uint32_t> (
      static_cast<std::uint64_t> (run.bits) << count | bits);
  run.bit_count = static_cast<std::uint8_t> (run.bit_count + count);
  return true;
}

template <typename Run>
Run
make_run (
    const HuffmanDecoder &decoder, const HuffmanEncoder *encoder, unsigned bits)
{
  Run run;
  unsigned left = prefix_bits, advance = 0, end = 0;
  while (end == 0 && left > 0) {
    auto rest = bits & ((1u << left) - 1);
    auto code = decoder.code (static_cast<std::uint64_t> (rest) << (64 - left));
    unsigned length = code.length + code.size ();
    unsigned step = code.is_end_of_block () ? 0 : code.run () + 1;
    if (code.length == 0 || code.is_zero_run () || length > left ||
        advance + step > max_advance)
      break;
    auto value = rest >> (left - length) & ((1u << code.size ()) - 1);
    if (!append (run, encoder, code, value))
      break;
    left -= length;
    advance += step;
    if (code.is_end_of_block ())
      end = SymbolRun::end_of_block;
  }
  if (left != prefix_bits) {
    run.length = static_cast<std::uint8_t> (prefix_bits - left);
    run.advance = static_cast<std::uint8_t> (advance + end);
  }
  return run;
}

template <typename Run>
void
build (const HuffmanDecoder &decoder, const HuffmanEncoder *encoder,
    RunTable<Run> &table)
{
  for (unsigned prefix = 0; prefix < 1u << prefix_bits; prefix++)
    table[prefix] = make_run<Run> (decoder, encoder, prefix);
}

} // namespace

void
build_runs (const HuffmanDecoder &decoder, RunTable<SymbolRun> &table)
{
  build (decoder, nullptr, table);
}

void
build_runs (const HuffmanDecoder &decoder, const HuffmanEncoder &encoder,
    RunTable<RecodedRun> &table)
{
  build (decoder, &encoder, table);
}

} // namespace rfc2435
