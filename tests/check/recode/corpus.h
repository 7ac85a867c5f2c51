// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "recode_kind.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace corpus {

using Jpeg = std::vector<std::uint8_t>;

// How a JPEG is made from a picture.
struct Spec {
  enum class Color { ycc, gray, rgb, cmyk, ycck };
  struct Factors {
    int h = 1;
    int v = 1;
  };

  unsigned width = 176;
  unsigned height = 144;
  Color color = Color::ycc;
  std::array<Factors, 4> factors{{{2, 2}, {1, 1}, {1, 1}, {2, 2}}};
  int quality = 85;
  // Quality of a separate quantization table for V; 0 to share U's.
  int v_quality = 0;
  bool progressive = false;
  bool arithmetic = false;
  bool optimize = false;
  bool several_scans = false;
  unsigned restart_interval = 0;
  // Hard edges and saturated colours instead of a natural picture.
  bool synthetic = false;
};

struct Class {
  std::string name;
  Spec spec;
  rfc2435::RecodeKinds kinds;
  bool lossless;
};

// Every kind of JPEG that RFC 2435 can't carry and the recoder can read, and a
// few that it can carry.
std::vector<Class> classes ();

// RGB, three bytes per pixel.
const std::vector<std::uint8_t> &picture (const Spec &spec);
Jpeg make (const Spec &spec);
// The same picture with two components of each scan swapped, but an unchanged
// frame header, which violates T.81 B.2.3.
Jpeg swap_in_scan (const Jpeg &jpeg, unsigned a, unsigned b);

} // namespace corpus
