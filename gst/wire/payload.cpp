// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "payload.h"

namespace rfc2435 {
namespace {

constexpr std::uint8_t min_in_band_q = 128;

// RFC 2435 section 3.1.8. FFmpeg sends a single table if the picture has one
// for all components; gortsplib sends one per component.
std::optional<PayloadFault>
read_tables (Bytes &rest, std::optional<QuantizationTables> &tables)
{
  constexpr auto fixed = QuantizationHeader::fixed_size;
  if (rest.size () < fixed)
    return PayloadFault::too_short;
  std::size_t length = rest[2] << 8 | rest[3];
  if (rest.size () < fixed + length)
    return PayloadFault::too_short;

  tables.reset ();
  if (length != 0) {
    tables = QuantizationHeader::parse_lenient (rest);
    if (!tables)
      return PayloadFault::tables;
  }
  rest = rest.subspan (fixed + length);
  return std::nullopt;
}

} // namespace

std::optional<PayloadFault>
Payload::parse (Bytes payload)
{
  auto main = MainHeader::parse (payload);
  if (!main)
    return PayloadFault::too_short;
  header = *main;
  auto rest = payload.subspan (MainHeader::size);

  if ((header.type & ~type_restart_markers) > 1)
    return PayloadFault::type;
  if (header.q > max_formula_q && header.q < min_in_band_q)
    return PayloadFault::q;

  restart.reset ();
  if (header.type >= type_restart_markers) {
    restart = RestartHeader::parse (rest);
    if (!restart)
      return PayloadFault::too_short;
    if (restart->restart_interval == 0)
      return PayloadFault::restart_interval;
    rest = rest.subspan (RestartHeader::size);
  }

  tables.reset ();
  if (header.q >= min_in_band_q && header.fragment_offset == 0) {
    if (auto fault = read_tables (rest, tables))
      return fault;
  }
  scan = rest;
  return std::nullopt;
}

} // namespace rfc2435
