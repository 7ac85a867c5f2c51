// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "side_by_side.h"

#include "jpeg_pixels.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace {

constexpr int quality = 80;

/// Every second pixel of every second row.
void
put_half (const JpegPixels &picture, JpegPixels &into, std::size_t column)
{
  for (std::size_t y = 0; y < std::min (into.height, picture.height / 2); y++) {
    for (std::size_t x = 0; x < picture.width / 2; x++) {
      auto from = picture.samples.begin () +
                  (2 * y * picture.width + 2 * x) * picture.components;
      auto to = into.samples.begin () +
                (y * into.width + column + x) * into.components;
      for (std::size_t c = 0; c < into.components; c++)
        to[c] = c < picture.components ? from[c] : uint8_t{128};
    }
  }
}

Bytes
encode (const JpegPixels &pixels)
{
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors;
  unsigned char *data = nullptr;
  unsigned long size = 0;
  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &size);
  jpeg.image_width = JDIMENSION (pixels.width);
  jpeg.image_height = JDIMENSION (pixels.height);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_YCbCr;
  jpeg_set_defaults (&jpeg);
  jpeg_set_quality (&jpeg, quality, TRUE);
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    // libjpeg does not modify its input.
    auto *row = const_cast<JSAMPROW> (
        &pixels.samples[jpeg.next_scanline * pixels.width * 3]);
    jpeg_write_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  Bytes bytes (data, data + size);
  std::free (data);
  return bytes;
}

} // namespace

Bytes
side_by_side (const Bytes &left, const Bytes &right)
{
  const auto first = decode_jpeg (left), second = decode_jpeg (right);
  if (!first || !second)
    return {};
  constexpr std::size_t gap = 8;
  JpegPixels both;
  both.components = 3;
  both.width = first->width / 2 + gap + second->width / 2;
  both.height = std::min (first->height, second->height) / 2;
  both.samples.assign (both.width * both.height * 3, 128);
  put_half (*first, both, 0);
  put_half (*second, both, first->width / 2 + gap);
  return encode (both);
}
