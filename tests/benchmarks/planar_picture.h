// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <array>
#include <cstdint>
#include <vector>

// Planes of Y, U and V as in a JPEG, in whole blocks, and JPEGs made from them.
namespace planar {

struct Plane {
  unsigned width = 0;
  unsigned height = 0;
  unsigned stride = 0; // columns beyond the width repeat the last one
  std::vector<std::uint8_t> samples{};
};

struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  unsigned vertical_factor = 2; // of luma: 2 in 4:2:0, 1 in 4:2:2
  std::array<Plane, 3> planes;
};

// `bytes` are the planes, one after the other.
Picture from_bytes (rfc2435::Bytes bytes, unsigned width, unsigned height,
    unsigned vertical_factor);
// With libjpeg, the standard Huffman tables and no upsampling.
std::vector<std::uint8_t> encode (const Picture &picture, int quality);
// Reuses the memory of `picture`.
void decode (rfc2435::Bytes jpeg, Picture &picture);

// In dB; 99 if they are equal.
double psnr (const Plane &a, const Plane &b);
// The mean over windows of 8x8 samples, 4 apart.
double ssim (const Plane &a, const Plane &b);

} // namespace planar
