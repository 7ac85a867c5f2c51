// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg_pixels.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

namespace {

// libjpeg requires an error handler that does not return.
struct Decoder {
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  std::jmp_buf failed;
};

void
give_up (j_common_ptr jpeg)
{
  std::longjmp (static_cast<Decoder *> (jpeg->client_data)->failed, 1);
}

void
stay_quiet (j_common_ptr)
{}

// No local object here may have a destructor, which longjmp would skip.
bool
decode (Decoder &decoder, std::span<const uint8_t> data, JpegPixels &pixels)
{
  jpeg_decompress_struct &jpeg = decoder.jpeg;
  jpeg.err = jpeg_std_error (&decoder.errors);
  decoder.errors.error_exit = give_up;
  decoder.errors.output_message = stay_quiet;
  jpeg.client_data = &decoder;
  if (setjmp (decoder.failed))
    return false;

  jpeg_create_decompress (&jpeg);
  jpeg_mem_src (&jpeg, data.data (), data.size ());
  jpeg_read_header (&jpeg, TRUE);
  jpeg.out_color_space = jpeg.jpeg_color_space;
  // Fancy upsampling mixes neighbours, so that pixels at the edge would depend
  // on the padding beyond it.
  jpeg.do_fancy_upsampling = FALSE;
  jpeg_start_decompress (&jpeg);

  pixels.width = jpeg.output_width;
  pixels.height = jpeg.output_height;
  pixels.components = jpeg.output_components;
  const std::size_t stride = pixels.width * pixels.components;
  pixels.samples.resize (stride * pixels.height);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = &pixels.samples[stride * jpeg.output_scanline];
    jpeg_read_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_decompress (&jpeg);
  return true;
}

} // namespace

std::optional<JpegPixels>
decode_jpeg (std::span<const uint8_t> jpeg)
{
  Decoder decoder{};
  JpegPixels pixels;
  const bool decoded = decode (decoder, jpeg, pixels);
  jpeg_destroy_decompress (&decoder.jpeg);
  if (!decoded)
    return std::nullopt;
  return pixels;
}

bool
same_pixels (const JpegPixels &sent, const JpegPixels &received)
{
  const auto carried = [] (std::size_t from, std::size_t to) {
    return to == from || to == (from + 7) / 8 * 8;
  };
  if (sent.components != received.components ||
      !carried (sent.width, received.width) ||
      !carried (sent.height, received.height))
    return false;
  const std::size_t length = sent.width * sent.components;
  for (std::size_t row = 0; row < sent.height; row++) {
    auto from = sent.samples.begin () + row * length;
    if (!std::equal (from, from + length,
            received.samples.begin () +
                row * received.width * received.components))
      return false;
  }
  return true;
}
