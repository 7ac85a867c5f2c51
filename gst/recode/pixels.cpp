// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include <algorithm>
#include <numeric>

namespace rfc2435 {

static void
cmyk_to_rgb (
    const std::uint8_t *in, std::uint8_t *out, unsigned count, bool inverted)
{
  // Adobe writes CMYK inverted: 255 is no ink.
  const std::uint8_t flip = inverted ? 0 : 255;
  for (unsigned i = 0; i < count; i++, in += 4, out += 3) {
    const unsigned light = in[3] ^ flip;
    for (unsigned c = 0; c < 3; c++)
      out[c] = static_cast<std::uint8_t> (((in[c] ^ flip) * light + 127) / 255);
  }
}

// Copies a row of three bytes per pixel to its place in the turned picture.
static void
place_row (
    const State &s, const std::uint8_t *row, unsigned y, std::uint8_t *image)
{
  const std::size_t width = s.in.output_width;
  const std::size_t height = s.in.output_height;
  const std::size_t to_y = s.steps.mirror_y ? height - 1 - y : y;

  for (std::size_t x = 0; x < width; x++, row += 3) {
    const auto to_x = s.steps.mirror_x ? width - 1 - x : x;
    const auto place =
        s.steps.swap_axes ? to_x * height + to_y : to_y * width + to_x;
    std::copy_n (row, 3, image + place * 3);
  }
}

// Quantizes as finely as the source: with its own tables for luma and chroma if
// it has them, otherwise with Annex K's, scaled to the quality of its first.
static void
set_quality (State &s)
{
  const auto &in = s.in;
  const auto space = in.jpeg_color_space;
  const bool has_chroma = space == JCS_YCbCr || space == JCS_YCCK;

  jpeg_set_linear_quality (&s.out, 100, FALSE);
  const auto *standard = s.out.quant_tbl_ptrs[0]->quantval;
  const int component = space == JCS_RGB ? 1 : 0;
  const auto luma = table_of (s, component);
  const auto sum = std::accumulate (luma.begin (), luma.end (), 0u);
  const auto standard_sum = std::accumulate (standard, standard + 64, 0u);
  const auto percent = (sum * 100ull + standard_sum / 2) / standard_sum;
  jpeg_set_linear_quality (&s.out,
      static_cast<int> (std::clamp<unsigned long long> (percent, 1, 5000)),
      TRUE);

  set_table (s, 0, eight_bits (s.steps.swap_axes ? transposed (luma) : luma));
  if (has_chroma) {
    const auto chroma = smaller (table_of (s, 1), table_of (s, 2));
    set_table (
        s, 1, eight_bits (s.steps.swap_axes ? transposed (chroma) : chroma));
  }
}

void
recode_pixels (State &s)
{
  auto &in = s.in;
  auto &out = s.out;

  start_reading (s);
  read_scans (s);
  check_tables (s);
  find_coding (s);

  const std::size_t width = in.output_width;
  const std::size_t height = in.output_height;
  const std::size_t row_bytes = width * 4;
  auto *image = new_samples (s, width * height * 3 + row_bytes);
  auto *row = image + width * height * 3;

  jpeg_start_output (&in, in.input_scan_number);
  for (unsigned y = 0; y < height; y++) {
    jpeg_read_scanlines (&in, &row, 1);
    if (in.out_color_space == JCS_CMYK)
      cmyk_to_rgb (row, row, in.output_width, in.saw_Adobe_marker);
    place_row (s, row, y, image);
  }

  const auto from = in.out_color_space == JCS_YCbCr ? JCS_YCbCr : JCS_RGB;
  if (s.steps.swap_axes)
    std::swap (s.sampling.h, s.sampling.v);
  set_output (s, from);
  set_quality (s);
  jpeg_start_compress (&out, TRUE);
  for (unsigned y = 0; y < out.image_height; y++) {
    JSAMPROW line = image + std::size_t{y} * out.image_width * 3;
    jpeg_write_scanlines (&out, &line, 1);
  }
  jpeg_finish_compress (&out);
}

} // namespace rfc2435
