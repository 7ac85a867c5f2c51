// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decoded.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <jpeglib.h>

namespace decoded {

static void
open (
    jpeg_decompress_struct &jpeg, jpeg_error_mgr &errors, rfc2435::Bytes bytes)
{
  jpeg.err = jpeg_std_error (&errors);
  // Damaged data is part of some tests.
  errors.emit_message = [] (j_common_ptr, int) {
  };
  jpeg_create_decompress (&jpeg);
  jpeg_mem_src (&jpeg, bytes.data (), bytes.size ());
  jpeg_read_header (&jpeg, TRUE);
}

Coefficients
coefficients (rfc2435::Bytes bytes)
{
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  open (jpeg, errors, bytes);
  auto *arrays = jpeg_read_coefficients (&jpeg);

  Coefficients result{.width = jpeg.image_width,
      .height = jpeg.image_height,
      .restart_interval = jpeg.restart_interval};
  for (int i = 0; i < jpeg.num_components; i++) {
    const auto &c = jpeg.comp_info[i];
    Component component{.h = c.h_samp_factor,
        .v = c.v_samp_factor,
        .width = c.width_in_blocks,
        .height = c.height_in_blocks};
    std::copy_n (c.quant_table->quantval, 64, component.table.begin ());
    for (unsigned y = 0; y < component.height; y++) {
      auto *row = jpeg.mem->access_virt_barray (
          reinterpret_cast<j_common_ptr> (&jpeg), arrays[i], y, 1, FALSE)[0];
      for (unsigned x = 0; x < component.width; x++)
        std::copy_n (row[x], 64, component.blocks.emplace_back ().begin ());
    }
    result.components.push_back (std::move (component));
  }
  jpeg_destroy_decompress (&jpeg);
  return result;
}

Pixels
pixels (rfc2435::Bytes bytes, Format format, Upsampling upsampling)
{
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  open (jpeg, errors, bytes);
  jpeg.dct_method = JDCT_ISLOW;
  jpeg.do_fancy_upsampling = upsampling == Upsampling::fancy;
  jpeg.do_block_smoothing = FALSE;
  const bool four = jpeg.num_components == 4;
  jpeg.out_color_space = four                                 ? JCS_CMYK
                         : format == Format::rgb              ? JCS_RGB
                         : jpeg.jpeg_color_space == JCS_YCbCr ? JCS_YCbCr
                                                              : JCS_RGB;
  const auto space = jpeg.out_color_space;
  jpeg_start_decompress (&jpeg);

  Pixels result{.width = jpeg.output_width, .height = jpeg.output_height};
  std::vector<std::uint8_t> line (std::size_t{jpeg.output_width} * 4);
  for (unsigned y = 0; y < result.height; y++) {
    JSAMPROW row = line.data ();
    jpeg_read_scanlines (&jpeg, &row, 1);
    if (!four && (format == Format::rgb || space == JCS_YCbCr)) {
      result.bytes.insert (result.bytes.end (), line.begin (),
          line.begin () + std::size_t{result.width} * 3);
      continue;
    }
    for (unsigned x = 0; x < result.width; x++) {
      std::array<double, 3> p;
      for (unsigned c = 0; c < 3; c++)
        p[c] =
            four ? line[x * 4 + c] * line[x * 4 + 3] / 255.0 : line[x * 3 + c];
      if (format == Format::ycc && space != JCS_YCbCr) {
        const auto [r, g, b] = p;
        p = {0.299 * r + 0.587 * g + 0.114 * b,
            128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
            128 + 0.5 * r - 0.418688 * g - 0.081312 * b};
      }
      for (const auto value : p)
        result.bytes.push_back (static_cast<std::uint8_t> (
            std::clamp (std::lround (value), 0l, 255l)));
    }
  }
  jpeg_destroy_decompress (&jpeg);
  return result;
}

double
psnr (const Pixels &a, const Pixels &b, unsigned plane)
{
  double sum = 0;
  for (std::size_t i = plane; i < a.bytes.size (); i += 3) {
    const double difference = a.bytes[i] - b.bytes[i];
    sum += difference * difference;
  }
  const double mean = sum / (a.bytes.size () / 3);
  return mean == 0 ? 99 : 10 * std::log10 (255 * 255 / mean);
}

} // namespace decoded
