// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "corpus.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <tuple>

#include <jpeglib.h>

namespace corpus {

using rfc2435::RecodeKind;
using rfc2435::RecodeKinds;

static RecodeKinds
kinds (std::initializer_list<RecodeKind> list)
{
  RecodeKinds result;
  for (const auto kind : list)
    result.add (kind);
  return result;
}

std::vector<Class>
classes ()
{
  using Color = Spec::Color;
  using Kind = RecodeKind;
  const std::array<Spec::Factors, 4> f422{{{2, 1}, {1, 1}, {1, 1}, {2, 1}}};
  const std::array<Spec::Factors, 4> f444{};
  const std::array<Spec::Factors, 4> f440{{{1, 2}, {1, 1}, {1, 1}, {}}};
  const std::array<Spec::Factors, 4> f411{{{4, 1}, {1, 1}, {1, 1}, {}}};
  const std::array<Spec::Factors, 4> f410{{{4, 2}, {1, 1}, {1, 1}, {}}};

  return {
      {"420", {}, {}, true},
      {"422", {.factors = f422}, {}, true},
      {"420-restart", {.restart_interval = 5}, {}, true},
      {"420-16-bit-tables", {.quality = 2}, kinds ({Kind::wide_tables}), true},
      {"huffman-420", {.optimize = true}, kinds ({Kind::huffman_tables}), true},
      {"huffman-422", {.factors = f422, .optimize = true},
          kinds ({Kind::huffman_tables}), true},
      {"huffman-restart", {.optimize = true, .restart_interval = 11},
          kinds ({Kind::huffman_tables}), true},
      {"progressive-420", {.progressive = true}, kinds ({Kind::progressive}),
          true},
      {"progressive-422", {.factors = f422, .progressive = true},
          kinds ({Kind::progressive}), true},
      {"progressive-restart", {.progressive = true, .restart_interval = 7},
          kinds ({Kind::progressive}), true},
      {"arithmetic-420", {.arithmetic = true}, kinds ({Kind::arithmetic}),
          true},
      {"arithmetic-progressive", {.progressive = true, .arithmetic = true},
          kinds ({Kind::progressive, Kind::arithmetic}), true},
      {"several-scans", {.several_scans = true}, kinds ({Kind::several_scans}),
          true},
      {"several-scans-restart", {.several_scans = true, .restart_interval = 3},
          kinds ({Kind::several_scans}), true},
      {"422-as-2x2-1x2-1x2", {.factors = {{{2, 2}, {1, 2}, {1, 2}, {}}}},
          kinds ({Kind::sampling_factors}), true},
      {"422-as-4x1-2x1-2x1", {.factors = {{{4, 1}, {2, 1}, {2, 1}, {}}}},
          kinds ({Kind::sampling_factors}), true},
      {"420-as-4x2-2x1-2x1-scans",
          {.factors = {{{4, 2}, {2, 1}, {2, 1}, {}}}, .several_scans = true},
          kinds ({Kind::sampling_factors, Kind::several_scans}), true},
      {"gray", {.color = Color::gray}, kinds ({Kind::gray}), true},
      {"gray-1x1", {.color = Color::gray, .factors = f444},
          kinds ({Kind::gray}), true},
      {"gray-progressive", {.color = Color::gray, .progressive = true},
          kinds ({Kind::gray, Kind::progressive}), true},
      {"gray-restart", {.color = Color::gray, .restart_interval = 9},
          kinds ({Kind::gray}), true},
      {"chroma-tables", {.v_quality = 70}, kinds ({Kind::chroma_tables}), true},
      {"444", {.factors = f444}, kinds ({Kind::sampling_444}), false},
      {"444-progressive", {.factors = f444, .progressive = true},
          kinds ({Kind::sampling_444, Kind::progressive}), false},
      {"444-chroma-tables", {.factors = f444, .v_quality = 60},
          kinds ({Kind::sampling_444, Kind::chroma_tables}), false},
      {"440", {.factors = f440}, kinds ({Kind::sampling_440}), false},
      {"411", {.factors = f411}, kinds ({Kind::sampling_411}), false},
      {"410", {.factors = f410}, kinds ({Kind::sampling_410}), false},
      {"sampling-3x1-1x1-1x1", {.factors = {{{3, 1}, {1, 1}, {1, 1}, {}}}},
          kinds ({Kind::sampling_other}), false},
      {"sampling-1x3-1x1-1x1", {.factors = {{{1, 3}, {1, 1}, {1, 1}, {}}}},
          kinds ({Kind::sampling_other}), false},
      {"sampling-3x2-1x1-1x1-scans",
          {.factors = {{{3, 2}, {1, 1}, {1, 1}, {}}}, .several_scans = true},
          kinds ({Kind::sampling_other, Kind::several_scans}), false},
      {"sampling-2x2-2x1-1x2", {.factors = {{{2, 2}, {2, 1}, {1, 2}, {}}}},
          kinds ({Kind::sampling_other}), false},
      {"luma-subsampled", {.factors = {{{1, 1}, {2, 1}, {2, 1}, {}}}},
          kinds ({Kind::luma_subsampled}), false},
      {"rgb", {.color = Color::rgb, .factors = f444}, kinds ({Kind::rgb}),
          false},
      {"rgb-progressive",
          {.color = Color::rgb, .factors = f444, .progressive = true},
          kinds ({Kind::rgb, Kind::progressive}), false},
      {"cmyk", {.color = Color::cmyk, .factors = f444}, kinds ({Kind::cmyk}),
          false},
      {"ycck", {.color = Color::ycck}, kinds ({Kind::cmyk}), false},
  };
}

static std::uint32_t
hash (std::uint32_t x, std::uint32_t y, std::uint32_t seed)
{
  std::uint32_t n = x * 0x9e3779b1u ^ y * 0x85ebca77u ^ seed * 0xc2b2ae3du;
  n = (n ^ n >> 15) * 0x2c1b3c6du;
  n = (n ^ n >> 12) * 0x297a2d39u;
  return n ^ n >> 15;
}

// Smooth noise of period `size`, from -1 to 1.
static float
noise (unsigned x, unsigned y, unsigned size, std::uint32_t seed)
{
  const unsigned left = x / size;
  const unsigned top = y / size;
  const auto corner = [&] (unsigned i, unsigned j) {
    return static_cast<float> (hash (left + i, top + j, seed) & 0xffff) /
               32768.0f -
           1;
  };
  const auto smooth = [] (float t) {
    return t * t * (3 - 2 * t);
  };
  const float u = smooth (static_cast<float> (x % size) / size);
  const float v = smooth (static_cast<float> (y % size) / size);
  const float upper = corner (0, 0) + (corner (1, 0) - corner (0, 0)) * u;
  const float lower = corner (0, 1) + (corner (1, 1) - corner (0, 1)) * u;
  return upper + (lower - upper) * v;
}

// Noise whose amplitude falls with its frequency, as in photographs, with
// colours that vary more slowly, and edges of brightness and colour.
static std::array<float, 3>
natural (unsigned x, unsigned y)
{
  float luma = 125;
  float u = 0;
  float v = 0;
  float amplitude = 50;
  for (unsigned size = 128; size >= 1; size /= 2) {
    luma += amplitude * noise (x, y, size, size);
    if (size >= 8) {
      u += amplitude * 0.6f * noise (x, y, size, size + 1000);
      v += amplitude * 0.6f * noise (x, y, size, size + 2000);
    }
    amplitude *= 0.55f;
  }
  const float dx = static_cast<float> (x % 160) - 80;
  const float dy = static_cast<float> (y % 120) - 60;
  if (dx * dx + dy * dy < 40 * 40) {
    luma = luma * 0.6f + 80;
    v += 45;
    u -= 20;
  }
  return {luma + 1.402f * v, luma - 0.344f * u - 0.714f * v, luma + 1.772f * u};
}

static std::array<float, 3>
synthetic (unsigned x, unsigned y)
{
  // Colour bars over one-pixel stripes, checks and a sweep.
  const unsigned bar = x / 22 % 8;
  if (y % 96 < 48)
    return {
        bar & 4 ? 235.f : 16.f, bar & 2 ? 235.f : 16.f, bar & 1 ? 235.f : 16.f};
  if (y % 96 < 72)
    return (x ^ y) & 1 ? std::array<float, 3>{255, 0, 0}
                       : std::array<float, 3>{0, 0, 255};
  const float sweep = std::sin (static_cast<float> (x) * x * 0.002f);
  return {128 + 127 * sweep, 128, 128 - 127 * sweep};
}

const std::vector<std::uint8_t> &
picture (const Spec &spec)
{
  // Few sizes are used, but often.
  static std::map<std::tuple<unsigned, unsigned, bool>,
      std::vector<std::uint8_t>>
      made;
  auto &pixels = made[{spec.width, spec.height, spec.synthetic}];
  if (!pixels.empty ())
    return pixels;
  pixels.reserve (std::size_t{spec.width} * spec.height * 3);
  for (unsigned y = 0; y < spec.height; y++)
    for (unsigned x = 0; x < spec.width; x++)
      for (const auto value :
          spec.synthetic ? synthetic (x, y) : natural (x, y))
        pixels.push_back (static_cast<std::uint8_t> (
            std::clamp (std::lround (value), 0l, 255l)));
  return pixels;
}

static void
set_color (jpeg_compress_struct &jpeg, Spec::Color color)
{
  using Color = Spec::Color;
  const bool four = color == Color::cmyk || color == Color::ycck;
  jpeg.input_components = four ? 4 : color == Color::gray ? 1 : 3;
  jpeg.in_color_space = four                   ? JCS_CMYK
                        : color == Color::gray ? JCS_GRAYSCALE
                                               : JCS_RGB;
  jpeg_set_defaults (&jpeg);
  switch (color) {
  case Color::ycc:
  case Color::gray:
    break;
  case Color::rgb:
    jpeg_set_colorspace (&jpeg, JCS_RGB);
    break;
  case Color::cmyk:
    jpeg_set_colorspace (&jpeg, JCS_CMYK);
    break;
  case Color::ycck:
    jpeg_set_colorspace (&jpeg, JCS_YCCK);
    break;
  }
}

static void
set_tables (jpeg_compress_struct &jpeg, const Spec &spec)
{
  if (spec.v_quality) {
    jpeg_set_quality (&jpeg, spec.v_quality, FALSE);
    auto *table =
        jpeg_alloc_quant_table (reinterpret_cast<j_common_ptr> (&jpeg));
    std::copy_n (jpeg.quant_tbl_ptrs[1]->quantval, 64, table->quantval);
    jpeg.quant_tbl_ptrs[2] = table;
    jpeg.comp_info[2].quant_tbl_no = 2;
  }
  jpeg_set_quality (&jpeg, spec.quality, FALSE);
}

Jpeg
make (const Spec &spec)
{
  using Color = Spec::Color;
  const auto &rgb = picture (spec);
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error (&errors);
  // Coarse tables are intended.
  errors.emit_message = [] (j_common_ptr, int) {
  };
  jpeg_create_compress (&jpeg);

  unsigned char *bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest (&jpeg, &bytes, &size);
  jpeg.image_width = spec.width;
  jpeg.image_height = spec.height;
  set_color (jpeg, spec.color);
  set_tables (jpeg, spec);
  for (int i = 0; i < jpeg.num_components; i++) {
    jpeg.comp_info[i].h_samp_factor = spec.factors[i].h;
    jpeg.comp_info[i].v_samp_factor = spec.factors[i].v;
  }
  jpeg.optimize_coding = spec.optimize;
  jpeg.arith_code = spec.arithmetic;
  jpeg.restart_interval = spec.restart_interval;
  if (spec.progressive)
    jpeg_simple_progression (&jpeg);
  jpeg_scan_info scans[4] = {};
  if (spec.several_scans) {
    for (int i = 0; i < jpeg.num_components; i++)
      scans[i] = {1, {i}, 0, 63, 0, 0};
    jpeg.scan_info = scans;
    jpeg.num_scans = jpeg.num_components;
  }

  jpeg_start_compress (&jpeg, TRUE);
  std::vector<std::uint8_t> line (std::size_t{spec.width} * 4);
  for (unsigned y = 0; y < spec.height; y++) {
    const auto *in = &rgb[std::size_t{y} * spec.width * 3];
    for (unsigned x = 0; x < spec.width; x++, in += 3) {
      if (spec.color == Color::gray) {
        line[x] = in[1];
      } else if (jpeg.input_components == 3) {
        std::copy_n (in, 3, &line[x * 3]);
      } else {
        // Inverted, as the Adobe marker that libjpeg writes implies.
        const auto k = std::max ({in[0], in[1], in[2], std::uint8_t{1}});
        for (int c = 0; c < 3; c++)
          line[x * 4 + c] = static_cast<std::uint8_t> (in[c] * 255 / k);
        line[x * 4 + 3] = k;
      }
    }
    JSAMPROW row = line.data ();
    jpeg_write_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);

  Jpeg result (bytes, bytes + size);
  std::free (bytes);
  return result;
}

// In a frame with its components in this order, the scan would be in order.
Jpeg
swap_in_scan (const Jpeg &jpeg, unsigned a, unsigned b)
{
  jpeg_decompress_struct in;
  jpeg_compress_struct out;
  jpeg_error_mgr errors;
  in.err = out.err = jpeg_std_error (&errors);
  jpeg_create_decompress (&in);
  jpeg_create_compress (&out);
  jpeg_mem_src (&in, jpeg.data (), jpeg.size ());
  jpeg_read_header (&in, TRUE);
  auto *arrays = jpeg_read_coefficients (&in);
  std::vector<jvirt_barray_ptr> swapped (arrays, arrays + in.num_components);
  std::swap (swapped[a], swapped[b]);

  unsigned char *bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest (&out, &bytes, &size);
  jpeg_copy_critical_parameters (&in, &out);
  std::swap (out.comp_info[a], out.comp_info[b]);
  out.restart_interval = in.restart_interval;
  out.arith_code = in.arith_code;
  if (in.progressive_mode)
    jpeg_simple_progression (&out);
  jpeg_write_coefficients (&out, swapped.data ());
  jpeg_finish_compress (&out);
  jpeg_destroy_compress (&out);
  jpeg_destroy_decompress (&in);

  Jpeg result (bytes, bytes + size);
  std::free (bytes);
  for (std::size_t i = 2; i < result.size ();
       i += 2 + (result[i + 2] << 8 | result[i + 3]))
    // SOF: a marker, length, precision, height, width and count; id, factors
    // and table of each.
    if (const auto code = result[i + 1];
        code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xcc) {
      auto *components = &result[i + 10];
      std::swap_ranges (
          components + 3 * a, components + 3 * a + 3, components + 3 * b);
      break;
    }
  return result;
}

} // namespace corpus
