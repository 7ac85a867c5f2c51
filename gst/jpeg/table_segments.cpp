// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table_segments.h"

#include "jpeg_markers.h"

namespace rfc2435 {
namespace {

using Segments = std::vector<std::uint8_t>;

void
begin_segment (Segments &out, std::uint8_t code, std::size_t payload_size)
{
  auto length = payload_size + 2;
  out.insert (out.end (), {0xff, code, static_cast<std::uint8_t> (length >> 8),
                              static_cast<std::uint8_t> (length)});
}

void
write_dqt (Segments &out, std::uint8_t id, const QuantizationTable &table)
{
  bool wide = !table.is_8bit ();
  begin_segment (out, marker::dqt, 1 + table.wire_size ());
  out.push_back (static_cast<std::uint8_t> (wide ? 0x10 | id : id));
  for (auto value : table.values) {
    if (wide)
      out.push_back (static_cast<std::uint8_t> (value >> 8));
    out.push_back (static_cast<std::uint8_t> (value));
  }
}

void
write_dht (Segments &out, std::uint8_t class_and_id, const HuffmanTable &table)
{
  auto symbols = table.symbol_count ();
  if (symbols == 0)
    return;
  begin_segment (out, marker::dht, 1 + table.counts.size () + symbols);
  out.push_back (class_and_id);
  out.insert (out.end (), table.counts.begin (), table.counts.end ());
  out.insert (
      out.end (), table.symbols.begin (), table.symbols.begin () + symbols);
}

} // namespace

std::vector<std::uint8_t>
table_segments (const JpegTables &tables)
{
  Segments out;
  for (std::uint8_t id = 0; id < 4; id++) {
    if (tables.quantization[id])
      write_dqt (out, id, *tables.quantization[id]);
    write_dht (out, id, tables.dc[id]);
    write_dht (out, 0x10 | id, tables.ac[id]);
  }
  return out;
}

} // namespace rfc2435
