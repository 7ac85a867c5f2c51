// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Writes JPEG files like those of a camera, of a moving picture whose detail is
// like that of nature: the finer, the fainter. The same arguments produce the
// same files anywhere.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <jpeglib.h>

namespace {

constexpr unsigned texture_size = 2048; // a power of two: it wraps around

// Noise of all wavelengths from 2 to `longest` pixels around 128.
std::vector<std::uint8_t>
make_texture (unsigned seed, unsigned longest, double amplitude)
{
  std::mt19937 random (seed);
  std::vector<float> sum (texture_size * texture_size, 128.f);

  for (unsigned wavelength = longest; wavelength >= 2; wavelength /= 2) {
    unsigned points = texture_size / wavelength;
    std::vector<float> lattice (points * points);
    auto scale = amplitude * std::pow (wavelength / 256., 0.76);
    for (auto &value : lattice)
      value = static_cast<float> (
          scale * (static_cast<double> (random ()) / random.max () - 0.5));

    for (unsigned y = 0; y < texture_size; y++) {
      auto row = lattice.data () + y / wavelength * points;
      auto next_row = lattice.data () + (y / wavelength + 1) % points * points;
      auto down = static_cast<float> (y % wavelength) / wavelength;
      for (unsigned x = 0; x < texture_size; x++) {
        auto left = x / wavelength, right = (left + 1) % points;
        auto across = static_cast<float> (x % wavelength) / wavelength;
        auto top = row[left] + (row[right] - row[left]) * across;
        auto bottom =
            next_row[left] + (next_row[right] - next_row[left]) * across;
        sum[y * texture_size + x] += top + (bottom - top) * down;
      }
    }
  }

  std::vector<std::uint8_t> texture (sum.size ());
  for (std::size_t i = 0; i < sum.size (); i++)
    texture[i] = static_cast<std::uint8_t> (std::clamp (sum[i], 0.f, 255.f));
  return texture;
}

class Picture {
public:
  Picture (unsigned width, unsigned height) : width_ (width), height_ (height)
  {}

  // A background that pans, and in front of it a disc that moves in a circle.
  void draw_line (unsigned frame, unsigned y, std::uint8_t *ycbcr) const
  {
    auto angle = frame * 0.1;
    auto x0 = width_ * (0.5 + 0.3 * std::cos (angle));
    auto y0 = height_ * (0.5 + 0.3 * std::sin (angle));
    auto radius = height_ * 0.2;
    auto half = radius * radius - (y - y0) * (y - y0);
    half = half > 0 ? std::sqrt (half) : 0;

    for (unsigned x = 0; x < width_; x++) {
      bool disc = std::abs (x - x0) < half;
      auto u = disc ? x + 1000 - static_cast<unsigned> (x0) : x + 5 * frame;
      auto v = disc ? y + 1000 - static_cast<unsigned> (y0) : y + 2 * frame;
      auto i = v % texture_size * texture_size + u % texture_size;
      *ycbcr++ = luma_[i];
      *ycbcr++ = blue_[i];
      *ycbcr++ = red_[i];
    }
  }

private:
  unsigned width_, height_;
  std::vector<std::uint8_t> luma_ = make_texture (1, 512, 130);
  std::vector<std::uint8_t> blue_ = make_texture (2, 512, 40);
  std::vector<std::uint8_t> red_ = make_texture (3, 512, 40);
};

bool
write_jpeg (const std::string &path, const Picture &picture, unsigned width,
    unsigned height, unsigned frame, int quality)
{
  auto file = std::fopen (path.c_str (), "wb");
  if (!file)
    return false;

  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_stdio_dest (&jpeg, file);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_YCbCr;
  jpeg_set_defaults (&jpeg); // 4:2:0 and the standard Huffman tables
  jpeg_set_quality (&jpeg, quality, TRUE);
  jpeg_start_compress (&jpeg, TRUE);
  std::vector<std::uint8_t> line (width * 3);
  while (jpeg.next_scanline < height) {
    picture.draw_line (frame, jpeg.next_scanline, line.data ());
    auto row = line.data ();
    jpeg_write_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  return std::fclose (file) == 0;
}

} // namespace

int
main (int argc, char **argv)
{
  if (argc != 6) {
    std::fprintf (
        stderr, "Usage: %s WIDTH HEIGHT COUNT QUALITY DIRECTORY\n", argv[0]);
    return 2;
  }
  auto width = static_cast<unsigned> (std::atoi (argv[1]));
  auto height = static_cast<unsigned> (std::atoi (argv[2]));
  auto count = static_cast<unsigned> (std::atoi (argv[3]));
  auto quality = std::atoi (argv[4]);
  Picture picture (width, height);

  for (unsigned frame = 0; frame < count; frame++) {
    char name[32];
    std::snprintf (name, sizeof (name), "/%04u.jpg", frame);
    auto path = argv[5] + std::string (name);
    if (!write_jpeg (path, picture, width, height, frame, quality)) {
      std::perror (path.c_str ());
      return 1;
    }
  }
}
