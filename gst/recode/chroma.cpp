// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chroma.h"

#include <algorithm>
#include <numbers>

namespace rfc2435 {

using Matrix = std::array<std::array<float, 8>, 8>;

// cos (k pi / 16), computed at compile time: with std::cos, each process that
// loads the plugin would also load a quarter of a megabyte of libm.
static constexpr std::array<double, 32>
cosines ()
{
  std::array<double, 32> out{1, 0.98078528040323044913};
  for (unsigned k = 2; k < 32; k++)
    out[k] = 2 * out[1] * out[k - 1] - out[k - 2];
  return out;
}

// The DCT of ITU-T T.81 section A.3.3: row u of `basis` is the u-th cosine.
struct Dct {
  Matrix basis{};
  Matrix transposed{};

  constexpr Dct ()
  {
    for (unsigned u = 0; u < 8; u++) {
      for (unsigned x = 0; x < 8; x++) {
        const double scale = u == 0 ? std::numbers::sqrt2 / 4 : 0.5;
        const double cosine = cosines ()[(2 * x + 1) * u % 32];
        basis[u][x] = static_cast<float> (scale * cosine);
        transposed[x][u] = basis[u][x];
      }
    }
  }
};

static constexpr Dct dct;

static void
forward_dct (const float *samples, std::size_t stride, Matrix &out)
{
  Matrix columns{};
  for (unsigned v = 0; v < 8; v++)
    for (unsigned y = 0; y < 8; y++)
      for (unsigned x = 0; x < 8; x++)
        columns[v][x] += dct.basis[v][y] * samples[y * stride + x];

  out = {};
  for (unsigned v = 0; v < 8; v++)
    for (unsigned x = 0; x < 8; x++)
      for (unsigned u = 0; u < 8; u++)
        out[v][u] += columns[v][x] * dct.transposed[x][u];
}

void
ChromaResampler::make_taps (
    std::vector<Tap> &taps, unsigned source, unsigned target, const Step &step)
{
  const double size = static_cast<double> (step.numerator) / step.denominator;
  const auto last = static_cast<int> (source) - 1;

  taps.resize (target);
  for (unsigned i = 0; i < target; i++) {
    auto &tap = taps[i];
    // The mean of [begin, end).
    const double begin = i * size;
    const double end = begin + size;
    const auto first = static_cast<int> (begin);
    for (int n = 0; n < 3; n++) {
      const double overlap =
          std::min (end, first + n + 1.0) - std::max (begin, first + n + 0.0);
      tap.index[n] = std::min (first + n, last);
      tap.weight[n] = static_cast<float> (std::max (overlap, 0.0) / size);
    }
  }
}

void
ChromaResampler::set (const Plane &source, unsigned width, unsigned height,
    Step horizontal, Step vertical, const QuantTable &table)
{
  source_ = source;
  make_taps (horizontal_, source.width, width, horizontal);
  make_taps (vertical_, source.height, height, vertical);
  for (unsigned k = 0; k < 64; k++)
    reciprocal_[k] = 1.0f / table[k];
  line_.resize (source.width);
  strip_.resize ((width + 7) / 8 * 64);
}

void
ChromaResampler::block_row (unsigned row, std::int16_t (*blocks)[64])
{
  const std::size_t block_count = strip_.size () / 64;
  const std::size_t stride = block_count * 8;

  for (unsigned y = 0; y < 8; y++) {
    const auto &v =
        vertical_[std::min<std::size_t> (row * 8 + y, vertical_.size () - 1)];
    const auto *a = source_.samples + v.index[0] * source_.stride;
    const auto *b = source_.samples + v.index[1] * source_.stride;
    const auto *c = source_.samples + v.index[2] * source_.stride;
    // 128 is the level shift of T.81 section A.3.1.
    for (std::size_t x = 0; x < line_.size (); x++)
      line_[x] =
          v.weight[0] * a[x] + v.weight[1] * b[x] + v.weight[2] * c[x] - 128.0f;

    float *out = &strip_[y * stride];
    for (const auto &h : horizontal_)
      *out++ = h.weight[0] * line_[h.index[0]] +
               h.weight[1] * line_[h.index[1]] +
               h.weight[2] * line_[h.index[2]];
    std::fill (out, &strip_[y * stride] + stride, out[-1]);
  }

  Matrix spectrum;
  for (std::size_t i = 0; i < block_count; i++) {
    forward_dct (&strip_[i * 8], stride, spectrum);
    for (unsigned k = 0; k < 64; k++) {
      const float level = spectrum[k / 8][k % 8] * reciprocal_[k];
      const int rounded = static_cast<int> (level + (level < 0 ? -0.5f : 0.5f));
      // The range that baseline coding has for AC coefficients.
      blocks[i][k] = static_cast<std::int16_t> (
          std::clamp (rounded, k == 0 ? -1024 : -1023, 1023));
    }
  }
}

} // namespace rfc2435
