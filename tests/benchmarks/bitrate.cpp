// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What a limit of the bit rate does to single frames, compared with decoding
// them and encoding them again with libjpeg:
//
//   bitrate quality WIDTH HEIGHT 420|422 FILE…   PSNR and SSIM at equal size
//   bitrate time WIDTH HEIGHT 420|422 FILE…      CPU time, in turns
//   bitrate pictures WIDTH HEIGHT 420|422 FILE   three JPEGs to look at
//   bitrate source WIDTH HEIGHT 420|422 FILE     a JPEG to standard output
//   bitrate requantize|reencode|jpegtran WIDTH HEIGHT 420|422 FILE
//                         one of them once in measured_frame (), for callgrind
//
// The files hold the planes of Y, U and V, one after the other. Prints JSON.
// `source` is at quality 90. `pictures` writes the same as source.jpg and, with
// a third of its bytes, requantized.jpg and reencoded.jpg.

#include "frame.h"
#include "jpegtran_calls.h"
#include "planar_picture.h"
#include "scan_thinner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include <malloc.h>

using namespace rfc2435;
using ByteVector = std::vector<std::uint8_t>;

namespace {

constexpr int source_qualities[] = {80, 90, 95};
constexpr double sizes[] = {0.9, 0.7, 0.5, 0.3};
constexpr unsigned min_quality = 1;
constexpr unsigned warm_up = 12; // frames

// Makes frames smaller as rfc2435pay does.
struct Thinner {
  ScanTranscoder transcoder;
  ScanThinner scans;

  const TableLadder::Rung &rung () const { return scans.rung (); }
};

struct Source {
  ByteVector jpeg;
  Frame frame;
  ScanLayout layout;

  explicit Source (ByteVector bytes) : jpeg (std::move (bytes))
  {
    Bytes whole (jpeg);
    FrameParser parser;
    if (parser.parse ({&whole, 1}, TableMode::automatic, frame))
      std::abort ();
    layout = ScanLayout::of (parser.header ());
  }

  std::size_t scan_size () const { return frame.scan_size; }

  // The scan, or nothing if it can't be made that small.
  Bytes thin (Thinner &thinner, std::size_t budget) const
  {
    Bytes whole (jpeg);
    thinner.transcoder.read ({&whole, 1}, frame.scan_offset, layout);
    auto result = thinner.scans.thin (
        thinner.transcoder, {.huffman_tables = standard_scan_tables,
                                .quantization_tables = frame.tables,
                                .mcus_in_row = (frame.width + 15u) / 16,
                                .budget = budget,
                                .min_quality = min_quality});
    return result ? thinner.transcoder.scan () : Bytes{};
  }

  // The picture with another scan and other tables.
  ByteVector with (Bytes scan, const QuantizationTables &tables) const
  {
    ByteVector bytes (jpeg.begin (), jpeg.begin () + frame.scan_offset);
    // libjpeg writes a DQT segment for each table.
    constexpr std::uint8_t dqt[] = {0xff, 0xdb, 0, 67};
    auto next = bytes.begin ();
    for (auto *table : {&tables.luma, &tables.chroma}) {
      next = std::search (next, bytes.end (), std::begin (dqt), std::end (dqt));
      next += sizeof dqt + 1;
      next = std::copy (table->values.begin (), table->values.end (), next);
    }
    bytes.insert (bytes.end (), scan.begin (), scan.end ());
    bytes.push_back (0xff);
    bytes.push_back (0xd9);
    return bytes;
  }
};

struct Quality {
  double size = 0; // logarithm of the bytes
  double y_source = 0, y = 0, u = 0, v = 0, ssim = 0;

  Quality () = default;
  Quality (Bytes jpeg, const planar::Picture &source,
      const planar::Picture &original)
      : size (std::log (static_cast<double> (jpeg.size ())))
  {
    planar::Picture picture;
    planar::decode (jpeg, picture);
    auto &p = picture.planes;
    y_source = planar::psnr (p[0], source.planes[0]);
    y = planar::psnr (p[0], original.planes[0]);
    u = planar::psnr (p[1], original.planes[1]);
    v = planar::psnr (p[2], original.planes[2]);
    ssim = planar::ssim (p[0], original.planes[0]);
  }

  // Interpolates between two of them at this size.
  static Quality between (const Quality &a, const Quality &b, double size)
  {
    auto part = b.size == a.size ? 0 : (size - a.size) / (b.size - a.size);
    auto mix = [&] (double Quality::*of) {
      return a.*of + part * (b.*of - a.*of);
    };
    Quality result;
    result.size = size;
    for (auto of : {&Quality::y_source, &Quality::y, &Quality::u, &Quality::v,
             &Quality::ssim})
      result.*of = mix (of);
    return result;
  }
};

// The quality of the decoded source when encoded again at the same size; none
// if it does not become that large.
std::optional<Quality>
reencoded (
    const planar::Picture &source, const planar::Picture &original, double size)
{
  auto log_size = [&] (int quality) {
    return std::log (
        static_cast<double> (planar::encode (source, quality).size ()));
  };
  int low = 1, high = 100;
  while (high - low > 1) {
    auto middle = (low + high) / 2;
    (log_size (middle) <= size ? low : high) = middle;
  }
  Quality below (planar::encode (source, low), source, original);
  Quality above (planar::encode (source, high), source, original);
  if (size < below.size || size > above.size)
    return std::nullopt;
  return Quality::between (below, above, size);
}

void
compare_quality (const char *name, const planar::Picture &original, bool &first)
{
  for (int quality : source_qualities) {
    Source source (planar::encode (original, quality));
    planar::Picture decoded;
    planar::decode (source.jpeg, decoded);
    for (auto size : sizes) {
      Thinner thinner;
      auto budget = static_cast<std::size_t> (
          size * static_cast<double> (source.scan_size ()));
      auto scan = source.thin (thinner, budget);
      // It needs some frames to learn.
      for (unsigned i = 1; i < warm_up && !scan.empty (); i++)
        scan = source.thin (thinner, budget);
      if (scan.empty ()) {
        std::fprintf (stderr, "%s: can't be that small\n", name);
        continue;
      }
      auto jpeg = source.with (scan, thinner.rung ().tables);
      Quality ours (jpeg, decoded, original);
      auto theirs = reencoded (decoded, original, ours.size);
      if (!theirs)
        continue;
      auto number = [] (const Quality &q) {
        static char text[200];
        std::snprintf (text, sizeof text,
            "{\"y_source\": %.3f, \"y\": %.3f, \"u\": %.3f, \"v\": %.3f, "
            "\"ssim\": %.5f}",
            q.y_source, q.y, q.u, q.v, q.ssim);
        return text;
      };
      std::printf ("%s\n  {\"picture\": \"%s\", \"quality\": %d, "
                   "\"size\": %.2f, \"actual_size\": %.4f, \"q\": %u, ",
          first ? "[" : ",", name, quality, size,
          static_cast<double> (scan.size ()) /
              static_cast<double> (source.scan_size ()),
          thinner.rung ().quality);
      std::printf ("\"ours\": %s, ", number (ours));
      std::printf ("\"reencoded\": %s}", number (*theirs));
      std::fflush (stdout);
      first = false;
    }
  }
}

void
write_file (const char *path, Bytes bytes)
{
  std::ofstream file (path, std::ios::binary);
  file.write (reinterpret_cast<const char *> (bytes.data ()),
      static_cast<std::streamsize> (bytes.size ()));
}

void
write_pictures (const planar::Picture &original)
{
  Source source (planar::encode (original, 90));
  write_file ("source.jpg", source.jpeg);
  Thinner thinner;
  ByteVector requantized;
  for (unsigned i = 0; i < warm_up; i++) {
    auto scan = source.thin (thinner, source.scan_size () / 3);
    requantized = source.with (scan, thinner.rung ().tables);
  }
  write_file ("requantized.jpg", requantized);
  planar::Picture decoded;
  planar::decode (source.jpeg, decoded);
  // The best that is larger by at most a hundredth
  int quality = 100;
  auto most = requantized.size () * 101 / 100;
  while (quality > 1 && planar::encode (decoded, quality).size () > most)
    quality--;
  write_file ("reencoded.jpg", planar::encode (decoded, quality));
}

// Ways to make a frame smaller, each of which can be repeated.
class Ways {
public:
  static constexpr const char *names[] = {"jpegtran", "requantize", "reencode"};

  Ways (const planar::Picture &original, int quality, double size)
      : source_ (planar::encode (original, quality)),
        budget_ (static_cast<std::size_t> (
            size * static_cast<double> (source_.scan_size ())))
  {
    // To the same size.
    planar::decode (source_.jpeg, decoded_);
    for (quality_ = quality;
         quality_ > 1 && planar::encode (decoded_, quality_).size () > budget_;)
      quality_--;
    is_possible_ = requantize ();
  }

  bool is_possible () const { return is_possible_; }
  std::size_t bytes () const { return source_.jpeg.size (); }
  int reencoded_quality () const { return quality_; }

  void run (const std::string &way)
  {
    if (way == "reencode")
      reencode ();
    else if (way == "requantize" ? !requantize () : !jpegtran (source_.jpeg))
      std::abort ();
  }

private:
  bool requantize () { return !source_.thin (thinner_, budget_).empty (); }

  void reencode ()
  {
    planar::decode (source_.jpeg, decoded_);
    planar::encode (decoded_, quality_);
  }

  Source source_;
  std::size_t budget_;
  int quality_;
  bool is_possible_;
  Thinner thinner_;
  planar::Picture decoded_;
};

double
cpu_milliseconds ()
{
  timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

void
compare_time (const char *name, const planar::Picture &original, bool &first)
{
  constexpr unsigned rounds = 21;
  for (int quality : source_qualities) {
    Ways ways (original, quality, 0.5);
    if (!ways.is_possible ()) {
      std::fprintf (stderr, "%s: can't be that small\n", name);
      continue;
    }
    std::vector<double> times[std::size (Ways::names)];
    for (unsigned round = 0; round < rounds; round++) {
      for (unsigned i = 0; i < std::size (Ways::names); i++) {
        auto begin = cpu_milliseconds ();
        ways.run (Ways::names[i]);
        times[i].push_back (cpu_milliseconds () - begin);
      }
    }
    std::printf ("%s\n  {\"picture\": \"%s\", \"quality\": %d, \"bytes\": %zu, "
                 "\"reencoded_quality\": %d",
        first ? "[" : ",", name, quality, ways.bytes (),
        ways.reencoded_quality ());
    for (unsigned i = 0; i < std::size (Ways::names); i++) {
      std::ranges::nth_element (times[i], times[i].begin () + rounds / 2);
      std::printf (", \"%s_ms\": %.3f", Ways::names[i], times[i][rounds / 2]);
    }
    std::printf ("}");
    std::fflush (stdout);
    first = false;
  }
}

planar::Picture
read_picture (const char *path, unsigned width, unsigned height, bool is_420)
{
  std::ifstream file (path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char> (file), {}};
  return planar::from_bytes (
      {reinterpret_cast<const std::uint8_t *> (bytes.data ()), bytes.size ()},
      width, height, is_420 ? 2 : 1);
}

} // namespace

extern "C" [[gnu::noinline]] void measured_frame (Ways &, const char *);

extern "C" void
measured_frame (Ways &ways, const char *way)
{
  ways.run (way);
}

int
main (int argc, char **argv)
{
  if (argc < 6) {
    std::fprintf (
        stderr, "Usage: %s WHAT WIDTH HEIGHT 420|422 FILE...\n", argv[0]);
    return 2;
  }
  // Neither should pay for fresh pages in each frame.
  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);

  std::string what = argv[1];
  auto width = static_cast<unsigned> (std::atoi (argv[2]));
  auto height = static_cast<unsigned> (std::atoi (argv[3]));
  bool is_420 = std::strcmp (argv[4], "420") == 0;
  bool first = true;
  for (int i = 5; i < argc; i++) {
    auto picture = read_picture (argv[i], width, height, is_420);
    std::string name = argv[i];
    name.erase (0, name.rfind ('/') + 1);
    if (what == "quality") {
      compare_quality (name.c_str (), picture, first);
    } else if (what == "time") {
      compare_time (name.c_str (), picture, first);
    } else if (what == "pictures") {
      write_pictures (picture);
    } else if (what == "source") {
      auto jpeg = planar::encode (picture, 90);
      std::fwrite (jpeg.data (), 1, jpeg.size (), stdout);
    } else {
      Ways ways (picture, 90, 0.5);
      ways.run (what);
      measured_frame (ways, what.c_str ());
    }
  }
  if (what == "quality" || what == "time")
    std::printf ("%s\n]\n", first ? "[" : "");
}
