// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The cost of recoding, compared with the library calls of `jpegtran -copy
// none` for the same JPEG: `recode [FILE…]`. Without files, a 1920x1080 JPEG of
// each class of the tests' corpus. Both process a frame in turn; the medians of
// the CPU time are printed.

#include "recoder.h"

#include "corpus.h"
#include "cpu_time.h"
#include "jpegtran_calls.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <malloc.h>

using namespace rfc2435;

static constexpr unsigned rounds = 41;

static void
compare (const char *name, Bytes jpeg, Turn turn)
{
  Recoder recoder;
  const RecodeOptions options{.turn = turn};
  const auto result = recoder.recode (jpeg, options);
  if (!result) {
    std::printf ("%-28s %s\n", name, result.message);
    return;
  }
  const auto size = result.jpeg.size ();
  const bool lossless = result.lossless;

  std::vector<double> theirs;
  std::vector<double> ours;
  for (unsigned n = 0; n < rounds; n++) {
    theirs.push_back (measure ([&] { jpegtran (jpeg); }));
    ours.push_back (measure ([&] { recoder.recode (jpeg, options); }));
  }
  const double a = median (theirs);
  const double b = median (ours);
  std::printf ("%-28s %-8s %8zu %8zu", name, lossless ? "lossless" : "lossy",
      jpeg.size (), size);
  if (jpegtran (jpeg))
    std::printf (" %8.2f %8.2f %6.2f\n", a, b, b / a);
  else
    std::printf (" %8s %8.2f\n", "refuses", b);
  std::fflush (stdout);
}

int
main (int argc, char **argv)
{
  // Neither should pay for fresh pages in each frame.
  mallopt (M_MMAP_THRESHOLD, 1 << 30);
  mallopt (M_TRIM_THRESHOLD, 1 << 30);

  std::printf ("%-28s %-8s %8s %8s %8s %8s %6s\n", "", "", "bytes in", "out",
      "jpegtran", "recode", "ratio");
  std::printf ("%-28s %-8s %8s %8s %8s %8s\n", "", "", "", "", "ms", "ms");

  for (int i = 1; i < argc; i++) {
    std::ifstream file{argv[i], std::ios::binary};
    const std::vector<char> bytes{std::istreambuf_iterator<char>{file}, {}};
    compare (argv[i],
        {reinterpret_cast<const std::uint8_t *> (bytes.data ()), bytes.size ()},
        Turn::none);
  }
  if (argc > 1)
    return 0;

  for (auto c : corpus::classes ()) {
    c.spec.width = 1920;
    c.spec.height = 1080;
    compare (c.name.c_str (), Bytes{corpus::make (c.spec)}, Turn::none);
  }
  const corpus::Spec hd{
      .width = 1920, .height = 1080, .factors = {{{2, 1}, {}, {}, {}}}};
  const corpus::Spec full{.width = 1920, .height = 1088};
  const auto yuyv = corpus::make (hd);
  const auto i420 = corpus::make (full);
  compare ("422 rotate-180", Bytes{yuyv}, Turn::rotate_180);
  compare ("422 rotate-90", Bytes{yuyv}, Turn::rotate_90);
  compare ("420 1088 lines rotate-180", Bytes{i420}, Turn::rotate_180);
  compare ("420 1088 lines rotate-90", Bytes{i420}, Turn::rotate_90);
  const auto edge = corpus::make ({.width = 1920, .height = 1080});
  compare ("420 rotate-180", Bytes{edge}, Turn::rotate_180);
}
