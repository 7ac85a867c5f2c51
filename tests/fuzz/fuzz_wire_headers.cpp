// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The headers of RFC 2435 in both directions: bytes that can be read as a
// header are written the same again, and a header that is written is read the
// same again.

#include "check.h"
#include "main_header.h"
#include "quantization_header.h"
#include "restart_header.h"

#include <algorithm>
#include <vector>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

constexpr std::uint8_t fence = 0xa5;

// Writes into exactly `size` bytes.
template <typename Write>
std::vector<std::uint8_t>
written (std::size_t size, Write write)
{
  std::vector<std::uint8_t> out (size + 1, fence);
  CHECK (write (out.data ()) == out.data () + size);
  CHECK (out.back () == fence);
  out.pop_back ();
  return out;
}

// From a copy of exactly the size needed, so that a sanitizer detects reads
// beyond it.
template <typename Header>
void
check_read_and_write (Bytes bytes)
{
  auto header = Header::parse (bytes);
  CHECK (header.has_value () == (bytes.size () >= Header::size));
  if (!header)
    return;
  auto out = written (
      Header::size, [&] (std::uint8_t *to) { return header->write (to); });
  CHECK (std::equal (out.begin (), out.end (), bytes.begin ()));
  CHECK (Header::parse (out) == header);
}

void
check_quantization (Bytes bytes)
{
  auto tables = QuantizationHeader::parse (bytes);
  if (!tables)
    return;
  auto size = QuantizationHeader::size (*tables);
  auto out = written (size, [&] (std::uint8_t *to) {
    return QuantizationHeader::write (*tables, to);
  });
  CHECK (QuantizationHeader::parse (out) == tables);
  CHECK (!QuantizationHeader::parse (Bytes (out).first (size - 1)));

  // The same bytes, unless a table had 16 bits per value but needed only 8, or
  // reserved bits were set.
  bool same_widths = size == 4u + (bytes[2] << 8 | bytes[3]);
  if (same_widths && bytes[0] == 0 && bytes[1] <= 3 && out[1] == bytes[1])
    CHECK (std::equal (out.begin (), out.end (), bytes.begin ()));
}

// Tables with arbitrary values, as long as there are bytes.
void
check_tables (Bytes bytes)
{
  QuantizationTables tables;
  std::size_t at = 0;
  auto next = [&] {
    return at < bytes.size () ? bytes[at++] : 0;
  };
  for (auto table : {&tables.luma, &tables.chroma}) {
    bool wide = next () & 1;
    for (auto &value : table->values) {
      value = static_cast<std::uint16_t> (next ());
      if (wide)
        value = static_cast<std::uint16_t> (value << 8 | next ());
    }
  }
  auto size = QuantizationHeader::size (tables);
  auto out = written (size, [&] (std::uint8_t *to) {
    return QuantizationHeader::write (tables, to);
  });
  CHECK (size == 4u + (out[2] << 8 | out[3]));
  auto again = QuantizationHeader::parse (out);
  CHECK (again && *again == tables);
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  const std::vector<std::uint8_t> bytes (data, data + n);

  check_read_and_write<MainHeader> (bytes);
  check_read_and_write<RestartHeader> (bytes);
  check_quantization (bytes);
  check_tables (bytes);
  return 0;
}
