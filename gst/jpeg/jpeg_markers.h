// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace rfc2435::marker {

// The second bytes of the markers of T.81 table B.1; the first is 0xff.
inline constexpr std::uint8_t tem = 0x01;
inline constexpr std::uint8_t sof0 = 0xc0; // baseline
inline constexpr std::uint8_t sof1 = 0xc1; // extended sequential
inline constexpr std::uint8_t sof2 = 0xc2; // progressive
inline constexpr std::uint8_t sof3 = 0xc3; // lossless
inline constexpr std::uint8_t dht = 0xc4;
inline constexpr std::uint8_t jpg = 0xc8;
inline constexpr std::uint8_t sof9 = 0xc9;  // arithmetic, sequential
inline constexpr std::uint8_t sof10 = 0xca; // arithmetic, progressive
inline constexpr std::uint8_t dac = 0xcc;
inline constexpr std::uint8_t sof15 = 0xcf;
inline constexpr std::uint8_t rst0 = 0xd0;
inline constexpr std::uint8_t rst7 = 0xd7;
inline constexpr std::uint8_t soi = 0xd8;
inline constexpr std::uint8_t eoi = 0xd9;
inline constexpr std::uint8_t sos = 0xda;
inline constexpr std::uint8_t dqt = 0xdb;
inline constexpr std::uint8_t dnl = 0xdc;
inline constexpr std::uint8_t dri = 0xdd;
inline constexpr std::uint8_t app0 = 0xe0;
inline constexpr std::uint8_t app1 = 0xe1;
inline constexpr std::uint8_t app14 = 0xee;

constexpr bool
is_rst (int code)
{
  return code >= rst0 && code <= rst7;
}

constexpr bool
is_sof (int code)
{
  return code >= sof0 && code <= sof15 && code != dht && code != jpg &&
         code != dac;
}

} // namespace rfc2435::marker
