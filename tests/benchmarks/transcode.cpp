// SPDX-License-Identifier: LGPL-2.1-or-later

// What ScanTranscoder costs beside jpegtran's calls of the library for the same
// JPEG, both in turn, a frame each.
//
//   transcode                     CPU times, as JSON
//   transcode CASE QUALITY        a picture, to standard output
//   transcode CASE FILE PROGRAM   one frame of it in the function
//                                 measured_frame, for callgrind

#include "byte_reader.h"
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
constexpr std::uint16_t restart_interval = 8;

struct Case {
  std::string name;
  bool own_tables;
  std::uint16_t restart_interval; // to be put in
  bool only_check;
};

// "tables-changed" builds the tables anew in each frame.
const Case cases[] = {
    {"tables", true, 0, false},
    {"tables-changed", true, 0, false},
    {"tables-and-restart", true, restart_interval, false},
    {"restart", false, restart_interval, false},
    {"check", false, 0, true},
};

corpus::Jpeg
make (const Case &c, int quality)
{
  return corpus::make ({.width = 1920,
      .height = 1080,
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

// One frame, from its bytes on.
class Ours {
public:
  Ours (const Picture &picture, const Case &c)
      : picture_ (&picture), case_ (&c), changes_ (c.name == "tables-changed")
  {}

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
                      : transcoder.transcode (tables, case_->restart_interval);
    if (!result)
      std::abort ();
  }

private:
  const Picture *picture_;
  const Case *case_;
  bool changes_;
  std::shared_ptr<ScanTranscoder> transcoder_ =
      std::make_shared<ScanTranscoder> ();
};

void
print_times (const Case &c, int quality, bool is_first)
{
  Picture picture (make (c, quality));
  Ours ours (picture, c);
  std::vector<double> ours_ms, theirs_ms;
  for (unsigned n = 0; n < rounds; n++) {
    theirs_ms.push_back (
        measure ([&] { jpegtran (picture.jpeg, c.restart_interval); }));
    ours_ms.push_back (measure (ours));
  }
  std::printf ("%s{\"case\": \"%s\", \"quality\": %d, \"bytes\": %zu, "
               "\"jpegtran_ms\": %.4f, \"ours_ms\": %.4f}",
      is_first ? "" : ",\n ", c.name.c_str (), quality, picture.jpeg.size (),
      median (theirs_ms), median (ours_ms));
}

} // namespace

extern "C" [[gnu::noinline]] void measured_frame (std::function<void ()> &);

extern "C" void
measured_frame (std::function<void ()> &function)
{
  function ();
}

static int
write_picture (const Case &c, const char *quality)
{
  auto jpeg = make (c, std::atoi (quality));
  return std::fwrite (jpeg.data (), jpeg.size (), 1, stdout) != 1;
}

static int
run_once (const Case &c, const char *path, const std::string &program)
{
  std::ifstream file{path, std::ios::binary};
  const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
  Picture picture (corpus::Jpeg (bytes.begin (), bytes.end ()));
  std::function<void ()> function = Ours (picture, c);
  if (program == "jpegtran")
    function = [&] {
      jpegtran (picture.jpeg, c.restart_interval);
    };
  // Tables are built, memory is taken.
  function ();
  measured_frame (function);
  return 0;
}

int
main (int argc, char **argv)
{
  // Neither is to pay for fresh pages in each frame.
  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);

  if (argc > 1) {
    auto c = std::ranges::find (cases, std::string (argv[1]), &Case::name);
    if (c == std::end (cases) || argc < 3)
      return 2;
    return argc == 3 ? write_picture (*c, argv[2])
                     : run_once (*c, argv[2], argv[3]);
  }

  bool is_first = true;
  std::printf ("[");
  for (auto &c : cases)
    for (auto quality : qualities) {
      print_times (c, quality, is_first);
      is_first = false;
    }
  std::printf ("]\n");
}
