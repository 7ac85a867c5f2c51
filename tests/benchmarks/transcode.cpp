// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The cost of ScanTranscoder, compared with the library calls of jpegtran for
// the same JPEG; both process a frame in turn.
//
//   transcode WIDTH HEIGHT                 CPU times, as JSON
//   transcode WIDTH HEIGHT CASE QUALITY    a picture, to standard output
//   transcode CASE FILE ours|jpegtran      one frame of it in the function
//                                          measured_frame, for callgrind

#include "byte_reader.h"
#include "restart_intervals.h"
#include "scan_transcoder.h"

#include "corpus.h"
#include "cpu_time.h"
#include "jpegtran_calls.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include <malloc.h>

using namespace rfc2435;

namespace {

constexpr unsigned rounds = 41;
constexpr int qualities[] = {60, 85, 95};
// Of a packet at the default MTU, after the headers.
constexpr std::size_t payload_size = 1376;

struct Case {
  std::string name;
  bool own_tables;
  bool restart_markers; // to be put in, as rfc2435pay does
  bool only_check;
};

// "tables-changed" rebuilds the tables in each frame.
const Case cases[] = {
    {"tables", true, false, false},
    {"tables-changed", true, false, false},
    {"tables-and-restart", true, true, false},
    {"restart", false, true, false},
    {"check", false, false, true},
};

corpus::Jpeg
make (const Case &c, int quality, unsigned width, unsigned height)
{
  return corpus::make ({.width = width,
      .height = height,
      .quality = quality,
      .optimize = c.own_tables});
}

struct Picture {
  corpus::Jpeg jpeg;
  JpegHeader header;
  JpegTables tables;

  explicit Picture (corpus::Jpeg bytes) : jpeg (std::move (bytes))
  {
    Bytes whole (jpeg);
    ByteReader reader ({&whole, 1});
    if (header.parse (reader, tables))
      std::abort ();
  }
};

// Processes one frame, starting from its bytes.
class Ours {
public:
  Ours (const Picture &picture, const Case &c)
      : picture_ (&picture), case_ (&c), changes_ (c.name == "tables-changed")
  {
    if (c.restart_markers)
      restart_interval_ = IntervalChooser ().choose (
          picture.header.mcu_count (),
          picture.jpeg.size () - picture.header.scan_offset, payload_size, 0);
  }

  std::uint16_t restart_interval () const { return restart_interval_; }
  std::size_t written () const { return transcoder_->scan ().size (); }

  void operator() ()
  {
    ScanTranscoder fresh;
    auto &transcoder = changes_ ? fresh : *transcoder_;
    Bytes bytes (picture_->jpeg);
    auto tables = ScanTables::of (picture_->header, picture_->tables);
    transcoder.read ({&bytes, 1}, picture_->header.scan_offset,
        ScanLayout::of (picture_->header));
    auto result = case_->only_check
                      ? transcoder.check (tables)
                      : transcoder.transcode (tables, restart_interval_);
    if (!result)
      std::abort ();
  }

private:
  const Picture *picture_;
  const Case *case_;
  bool changes_;
  std::uint16_t restart_interval_ = 0;
  std::shared_ptr<ScanTranscoder> transcoder_ =
      std::make_shared<ScanTranscoder> ();
};

void
print_times (
    const Case &c, int quality, unsigned width, unsigned height, bool is_first)
{
  Picture picture (make (c, quality, width, height));
  Ours ours (picture, c);
  std::vector<double> ours_ms, theirs_ms;
  for (unsigned n = 0; n < rounds; n++) {
    theirs_ms.push_back (
        measure ([&] { jpegtran (picture.jpeg, ours.restart_interval ()); }));
    ours_ms.push_back (measure (ours));
  }
  std::printf ("%s{\"case\": \"%s\", \"size\": \"%ux%u\", "
               "\"quality\": %d, \"scan\": %zu, \"written\": %zu, "
               "\"restart_interval\": %u, "
               "\"jpegtran_ms\": %.4f, \"ours_ms\": %.4f}",
      is_first ? "" : ",\n ", c.name.c_str (), width, height, quality,
      picture.jpeg.size () - picture.header.scan_offset - 2, ours.written (),
      ours.restart_interval (), median (theirs_ms), median (ours_ms));
}

} // namespace

extern "C" [[gnu::noinline]] void measured_frame (std::function<void ()> &);

extern "C" void
measured_frame (std::function<void ()> &function)
{
  function ();
}

static int
write_picture (const Case &c, int quality, unsigned width, unsigned height)
{
  auto jpeg = make (c, quality, width, height);
  return std::fwrite (jpeg.data (), jpeg.size (), 1, stdout) != 1;
}

static int
run_once (const Case &c, const char *path, const std::string &program)
{
  std::ifstream file{path, std::ios::binary};
  const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
  Picture picture (corpus::Jpeg (bytes.begin (), bytes.end ()));
  Ours ours (picture, c);
  std::function<void ()> function = ours;
  if (program == "jpegtran")
    function = [&] {
      jpegtran (picture.jpeg, ours.restart_interval ());
    };
  // Builds tables and allocates memory first.
  function ();
  measured_frame (function);
  return 0;
}

int
main (int argc, char **argv)
{
  // Neither should pay for fresh pages in each frame.
  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);

  auto case_named = [] (const char *name) -> const Case & {
    auto c = std::ranges::find (cases, std::string (name), &Case::name);
    if (c == std::end (cases))
      std::exit (2);
    return *c;
  };
  if (argc == 4)
    return run_once (case_named (argv[1]), argv[2], argv[3]);
  if (argc != 3 && argc != 5)
    return 2;
  auto width = static_cast<unsigned> (std::atoi (argv[1]));
  auto height = static_cast<unsigned> (std::atoi (argv[2]));
  if (argc == 5)
    return write_picture (
        case_named (argv[3]), std::atoi (argv[4]), width, height);

  bool is_first = true;
  std::printf ("[");
  for (auto &c : cases)
    for (auto quality : qualities) {
      print_times (c, quality, width, height, is_first);
      is_first = false;
    }
  std::printf ("]\n");
}
