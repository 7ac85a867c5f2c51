// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "main_header.h"
#include "quantization_header.h"
#include "restart_header.h"

namespace rfc2435 {

// Types of RFC 2435 section 4.1: 0 and 1, plus 64 with restart markers.
inline constexpr std::uint8_t type_restart_markers = 64;

// Why a payload can't be read.
enum class PayloadFault : std::uint8_t {
  too_short,
  type,             // not 0, 1, 64 or 65
  q,                // 100 to 127 are reserved
  restart_interval, // 0
  tables,           // neither two tables nor one for all components
};

// What an RTP packet contains: headers and a piece of the scan.
struct Payload {
  MainHeader header;
  // With types 64 and 65.
  std::optional<RestartHeader> restart;
  // In a frame's first packet, if Q is 128 or more; none if Length is 0, which
  // refers to earlier tables with the same Q.
  std::optional<QuantizationTables> tables;
  Bytes scan;

  std::optional<PayloadFault> parse (Bytes payload);
};

} // namespace rfc2435
