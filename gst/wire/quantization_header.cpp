// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quantization_header.h"

namespace rfc2435 {
namespace {

// Bits of Precision, one per table, in the order of the tables.
constexpr std::uint8_t luma_16bit = 1 << 0;
constexpr std::uint8_t chroma_16bit = 1 << 1;

constexpr std::size_t
table_size (bool wide)
{
  return wide ? 128 : 64;
}

std::uint8_t *
write_table (const QuantizationTable &table, std::uint8_t *out)
{
  bool wide = !table.is_8bit ();
  for (auto value : table.values) {
    if (wide)
      *out++ = static_cast<std::uint8_t> (value >> 8);
    *out++ = static_cast<std::uint8_t> (value);
  }
  return out;
}

const std::uint8_t *
read_table (const std::uint8_t *in, bool wide, QuantizationTable &table)
{
  for (auto &value : table.values) {
    value = wide ? static_cast<std::uint16_t> (in[0] << 8 | in[1]) : in[0];
    in += wide ? 2 : 1;
  }
  return in;
}

} // namespace

std::size_t
QuantizationHeader::size (const QuantizationTables &tables)
{
  return fixed_size + tables.luma.wire_size () + tables.chroma.wire_size ();
}

std::uint8_t *
QuantizationHeader::write (const QuantizationTables &tables, std::uint8_t *out)
{
  auto length = size (tables) - fixed_size;

  *out++ = 0; // MBZ
  *out++ = (tables.luma.is_8bit () ? 0 : luma_16bit) |
           (tables.chroma.is_8bit () ? 0 : chroma_16bit);
  *out++ = static_cast<std::uint8_t> (length >> 8);
  *out++ = static_cast<std::uint8_t> (length);
  out = write_table (tables.luma, out);
  return write_table (tables.chroma, out);
}

std::optional<QuantizationTables>
QuantizationHeader::parse (Bytes payload)
{
  if (payload.size () < fixed_size)
    return std::nullopt;

  auto precision = payload[1];
  std::size_t length = payload[2] << 8 | payload[3];
  if (length != table_size (precision & luma_16bit) +
                    table_size (precision & chroma_16bit))
    return std::nullopt;
  return parse_lenient (payload);
}

std::optional<QuantizationTables>
QuantizationHeader::parse_lenient (Bytes payload)
{
  if (payload.size () < fixed_size)
    return std::nullopt;

  bool luma_wide = payload[1] & luma_16bit;
  bool chroma_wide = payload[1] & chroma_16bit;
  std::size_t length = payload[2] << 8 | payload[3];
  auto luma_size = table_size (luma_wide);
  bool one = length == luma_size;
  if (payload.size () < fixed_size + length ||
      (!one && length < luma_size + table_size (chroma_wide)))
    return std::nullopt;

  QuantizationTables tables;
  auto in = payload.data () + fixed_size;
  in = read_table (in, luma_wide, tables.luma);
  if (one)
    tables.chroma = tables.luma;
  else
    read_table (in, chroma_wide, tables.chroma);
  return tables;
}

} // namespace rfc2435
