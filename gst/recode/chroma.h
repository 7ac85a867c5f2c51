// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace rfc2435 {

// Quantization steps in rows of rising horizontal frequency (not zig-zag).
using QuantTable = std::array<std::uint16_t, 64>;

// One decoded component.
struct Plane {
  const std::uint8_t *samples = nullptr;
  std::size_t stride = 0;
  unsigned width = 0;
  unsigned height = 0;
};

// How many samples of the source make one sample of the target.
struct Step {
  unsigned numerator = 1;
  unsigned denominator = 1;
};

// Resamples a chroma plane and transforms it into quantized coefficients.
// JFIF centres each chroma sample on the luma samples it belongs to, so each is
// the mean of the source over the area it covers: this comes closest to the
// source as a viewer displays it. Interpolation would look a little smoother,
// but deviate from the source.
class ChromaResampler {
public:
  // `step` at most 2 in each direction.
  void set (const Plane &source, unsigned width, unsigned height,
      Step horizontal, Step vertical, const QuantTable &table);
  // The row's coefficients: ceil(width / 8) blocks of 64. Beyond the target's
  // edge, its last sample is repeated.
  void block_row (unsigned row, std::int16_t (*blocks)[64]);

private:
  struct Tap {
    std::array<unsigned, 3> index{};
    std::array<float, 3> weight{};
  };

  static void make_taps (std::vector<Tap> &taps, unsigned source,
      unsigned target, const Step &step);

  Plane source_;
  std::vector<Tap> horizontal_;
  std::vector<Tap> vertical_;
  std::array<float, 64> reciprocal_{};
  std::vector<float> line_;
  std::vector<float> strip_;
};

} // namespace rfc2435
