// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "planar_picture.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace planar {
namespace {

Plane
empty_plane (unsigned width, unsigned height)
{
  Plane plane{.width = width, .height = height, .stride = (width + 31) & ~31u};
  plane.samples.resize (plane.stride * std::size_t{(height + 15) & ~15u});
  return plane;
}

Picture
empty_picture (unsigned width, unsigned height, unsigned vertical_factor)
{
  auto chroma_width = (width + 1) / 2;
  auto chroma_height = (height + vertical_factor - 1) / vertical_factor;
  return {width, height, vertical_factor,
      {empty_plane (width, height), empty_plane (chroma_width, chroma_height),
          empty_plane (chroma_width, chroma_height)}};
}

// The rows of an MCU row; below the plane, its last row is repeated.
struct Rows {
  std::array<JSAMPROW, 16> y;
  std::array<JSAMPROW, 8> u, v;
  std::array<JSAMPARRAY, 3> all{y.data (), u.data (), v.data ()};

  Rows () = default;
  Rows (const Rows &) = delete;
  Rows &operator= (const Rows &) = delete;

  void set (Picture &picture, unsigned line, bool writing)
  {
    for (unsigned p = 0; p < 3; p++) {
      auto &plane = picture.planes[p];
      auto first = p == 0 ? line : line / picture.vertical_factor;
      unsigned count = p == 0 ? 8 * picture.vertical_factor : 8;
      for (unsigned i = 0; i < count; i++) {
        auto row = writing ? first + i : std::min (first + i, plane.height - 1);
        all[p][i] = plane.samples.data () + row * std::size_t{plane.stride};
      }
    }
  }
};

} // namespace

Picture
from_bytes (rfc2435::Bytes bytes, unsigned width, unsigned height,
    unsigned vertical_factor)
{
  auto picture = empty_picture (width, height, vertical_factor);
  for (auto &plane : picture.planes) {
    for (unsigned y = 0; y < plane.height; y++) {
      auto row = plane.samples.data () + y * std::size_t{plane.stride};
      if (bytes.size () < plane.width) {
        std::fprintf (stderr, "The file ends before its picture\n");
        std::exit (1);
      }
      std::copy_n (bytes.begin (), plane.width, row);
      std::fill (row + plane.width, row + plane.stride, row[plane.width - 1]);
      bytes = bytes.subspan (plane.width);
    }
  }
  return picture;
}

std::vector<std::uint8_t>
encode (const Picture &picture, int quality)
{
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  unsigned char *bytes = nullptr;
  unsigned long size = 0;

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &bytes, &size);
  jpeg.image_width = picture.width;
  jpeg.image_height = picture.height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_YCbCr;
  jpeg_set_defaults (&jpeg);
  jpeg.comp_info[0].v_samp_factor = static_cast<int> (picture.vertical_factor);
  jpeg_set_quality (&jpeg, quality, TRUE);
  jpeg.raw_data_in = TRUE;
  jpeg_start_compress (&jpeg, TRUE);
  Rows rows;
  while (jpeg.next_scanline < jpeg.image_height) {
    // libjpeg only reads them.
    rows.set (const_cast<Picture &> (picture), jpeg.next_scanline, false);
    jpeg_write_raw_data (&jpeg, rows.all.data (), 8 * picture.vertical_factor);
  }
  jpeg_finish_compress (&jpeg);
  std::vector<std::uint8_t> result (bytes, bytes + size);
  jpeg_destroy_compress (&jpeg);
  std::free (bytes);
  return result;
}

void
decode (rfc2435::Bytes bytes, Picture &picture)
{
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_decompress (&jpeg);
  jpeg_mem_src (&jpeg, bytes.data (), bytes.size ());
  jpeg_read_header (&jpeg, TRUE);
  jpeg.raw_data_out = TRUE;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg_start_decompress (&jpeg);
  auto factor = static_cast<unsigned> (jpeg.comp_info[0].v_samp_factor);
  if (picture.width != jpeg.image_width ||
      picture.height != jpeg.image_height || picture.vertical_factor != factor)
    picture = empty_picture (jpeg.image_width, jpeg.image_height, factor);
  Rows rows;
  while (jpeg.output_scanline < jpeg.output_height) {
    rows.set (picture, jpeg.output_scanline, true);
    jpeg_read_raw_data (&jpeg, rows.all.data (), 8 * picture.vertical_factor);
  }
  jpeg_finish_decompress (&jpeg);
  jpeg_destroy_decompress (&jpeg);
}

double
psnr (const Plane &a, const Plane &b)
{
  double sum = 0;
  for (unsigned y = 0; y < a.height; y++) {
    auto p = a.samples.data () + y * std::size_t{a.stride};
    auto q = b.samples.data () + y * std::size_t{b.stride};
    unsigned row = 0;
    for (unsigned x = 0; x < a.width; x++)
      row += static_cast<unsigned> ((p[x] - q[x]) * (p[x] - q[x]));
    sum += row;
  }
  auto error = sum / (double{1} * a.width * a.height);
  return error == 0 ? 99 : 10 * std::log10 (255 * 255 / error);
}

double
ssim (const Plane &a, const Plane &b)
{
  constexpr double c1 = 6.5025, c2 = 58.5225; // (0.01 L)^2, (0.03 L)^2
  constexpr unsigned size = 8, step = 4, n = size * size;
  double sum = 0;
  unsigned windows = 0;
  for (unsigned y = 0; y + size <= a.height; y += step) {
    for (unsigned x = 0; x + size <= a.width; x += step) {
      unsigned sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
      for (unsigned i = 0; i < size; i++) {
        auto p = a.samples.data () + (y + i) * std::size_t{a.stride} + x;
        auto q = b.samples.data () + (y + i) * std::size_t{b.stride} + x;
        for (unsigned j = 0; j < size; j++) {
          sa += p[j];
          sb += q[j];
          saa += unsigned{p[j]} * p[j];
          sbb += unsigned{q[j]} * q[j];
          sab += unsigned{p[j]} * q[j];
        }
      }
      double ma = double (sa) / n, mb = double (sb) / n;
      double va = double (saa) / n - ma * ma, vb = double (sbb) / n - mb * mb;
      double cov = double (sab) / n - ma * mb;
      sum += (2 * ma * mb + c1) * (2 * cov + c2) /
             ((ma * ma + mb * mb + c1) * (va + vb + c2));
      windows++;
    }
  }
  return windows ? sum / windows : 1;
}

} // namespace planar
