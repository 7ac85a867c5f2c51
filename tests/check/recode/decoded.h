// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <array>
#include <cstdint>
#include <vector>

namespace decoded {

// The coefficients of a JPEG, without padding blocks.
struct Component {
  int h = 0;
  int v = 0;
  unsigned width = 0; // in blocks
  unsigned height = 0;
  std::array<std::uint16_t, 64> table{};
  std::vector<std::array<std::int16_t, 64>> blocks;

  bool operator== (const Component &) const = default;
};

struct Coefficients {
  unsigned width = 0;
  unsigned height = 0;
  unsigned restart_interval = 0;
  std::vector<Component> components;
};

// The picture that a viewer sees: three bytes per pixel.
struct Pixels {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<std::uint8_t> bytes;

  bool operator== (const Pixels &) const = default;
};

enum class Format { rgb, ycc };
enum class Upsampling { plain, fancy };

// These abort if libjpeg fails.
Coefficients coefficients (rfc2435::Bytes jpeg);
Pixels pixels (rfc2435::Bytes jpeg, Format format, Upsampling upsampling);

// For one of the three planes, in dB; 99 if they are equal.
double psnr (const Pixels &a, const Pixels &b, unsigned plane);

} // namespace decoded
