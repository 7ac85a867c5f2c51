// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// How well a limit of the bit rate is kept:
//
//   bitrate_sequence WIDTH HEIGHT PERCENT FILE…
//
// 300 frames at 30 a second, ten scenes of 30, of which every other one has
// noise: 1280x720 windows that pan over the pictures (4:2:0 planes of WIDTH x
// HEIGHT), at quality 90. The limit is a percentage of their mean rate.
// Prints JSON.

#include "frame.h"
#include "planar_picture.h"
#include "rate_share.h"
#include "scan_thinner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

using namespace rfc2435;
using ByteVector = std::vector<std::uint8_t>;

namespace {

constexpr unsigned width = 1280, height = 720;
constexpr unsigned scenes = 10, scene_frames = 30, fps = 30;
constexpr int quality = 90;

ByteVector
make_frame (const planar::Picture &picture, unsigned scene, unsigned frame,
    std::mt19937 &random)
{
  std::normal_distribution<float> noise (0, 2);
  auto left = (scene * 40 + frame * 4) % (picture.width - width + 1) & ~1u;
  auto top = frame * 2 % (picture.height - height + 1) & ~1u;
  ByteVector planes;
  for (unsigned p = 0; p < 3; p++) {
    auto &plane = picture.planes[p];
    unsigned factor = p == 0 ? 1 : 2;
    for (unsigned y = 0; y < height / factor; y++) {
      for (unsigned x = 0; x < width / factor; x++) {
        int value =
            plane
                .samples[(y + top / factor) * plane.stride + x + left / factor];
        if (p == 0 && scene % 2 != 0)
          value = std::clamp (
              value + static_cast<int> (std::lround (noise (random))), 0, 255);
        planes.push_back (static_cast<std::uint8_t> (value));
      }
    }
  }
  return planar::encode (
      planar::from_bytes (planes, width, height, 2), quality);
}

} // namespace

int
main (int argc, char **argv)
{
  if (argc < 5) {
    std::fprintf (stderr, "Usage: %s WIDTH HEIGHT PERCENT FILE...\n", argv[0]);
    return 2;
  }
  auto source_width = static_cast<unsigned> (std::atoi (argv[1]));
  auto source_height = static_cast<unsigned> (std::atoi (argv[2]));
  std::vector<planar::Picture> pictures;
  for (int i = 4; i < argc; i++) {
    std::ifstream file (argv[i], std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char> (file), {}};
    pictures.push_back (planar::from_bytes (
        {reinterpret_cast<const std::uint8_t *> (bytes.data ()), bytes.size ()},
        source_width, source_height, 2));
  }

  std::mt19937 random (1);
  std::vector<ByteVector> frames;
  double total = 0;
  for (unsigned scene = 0; scene < scenes; scene++)
    for (unsigned frame = 0; frame < scene_frames; frame++) {
      frames.push_back (make_frame (
          pictures[scene % pictures.size ()], scene, frame, random));
      total += static_cast<double> (frames.back ().size ());
    }

  auto share =
      total / static_cast<double> (frames.size ()) * std::atof (argv[3]) / 100;
  auto bit_rate = static_cast<std::uint32_t> (share * 8 * fps);
  RateShare share_of;
  ScanTranscoder transcoder;
  ScanThinner thinner;
  std::vector<double> sizes;
  double deviation = 0, worst = 0;
  unsigned limited = 0, dropped = 0, table_changes = 0;
  std::optional<QuantizationTables> last;
  for (std::size_t n = 0; n < frames.size (); n++) {
    Bytes jpeg (frames[n]);
    FrameParser parser;
    Frame frame;
    if (parser.parse ({&jpeg, 1}, TableMode::automatic, frame))
      std::abort ();
    auto size = frame.scan_size;
    auto room = share_of.begin_frame (bit_rate,
        static_cast<RateShare::Time> (n * 1'000'000'000 / fps),
        1'000'000'000 / fps);
    if (size > room) {
      transcoder.read (
          {&jpeg, 1}, frame.scan_offset, ScanLayout::of (parser.header ()));
      if (!thinner.thin (transcoder, {.huffman_tables = standard_scan_tables,
                                         .quantization_tables = frame.tables,
                                         .mcus_in_row = width / 16,
                                         .budget = room,
                                         .min_quality = 10})) {
        share_of.dropped ();
        dropped++;
        sizes.push_back (0);
        continue;
      }
      size = transcoder.scan ().size ();
      auto part = static_cast<double> (size) / share;
      deviation += std::abs (part - 1);
      worst = std::max (worst, part);
      limited++;
      auto &tables = thinner.rung ().tables;
      table_changes += last && *last != tables;
      last = tables;
    }
    share_of.sent (size);
    sizes.push_back (static_cast<double> (size));
  }

  double least = 9, most = 0;
  for (std::size_t i = 0; i + fps <= sizes.size (); i++) {
    double sum = 0;
    for (std::size_t k = 0; k < fps; k++)
      sum += sizes[i + k];
    least = std::min (least, sum / (share * fps));
    most = std::max (most, sum / (share * fps));
  }
  std::printf ("{\"percent\": %s, \"bit_rate\": %u, \"limited\": %u, "
               "\"dropped\": %u, \"deviation\": %.5f, \"worst\": %.4f, "
               "\"window_least\": %.4f, \"window_most\": %.4f, "
               "\"table_changes\": %u}\n",
      argv[3], bit_rate, limited, dropped, limited ? deviation / limited : 0,
      worst, least, most, table_changes);
}
