// SPDX-License-Identifier: LGPL-2.1-or-later

// What recoding costs, beside what `jpegtran -copy none` takes for the same
// JPEG in its calls of the library: `recode [FILE…]`. Without files, a
// 1920x1080 JPEG of each class of the tests' corpus. Both run in turn, a frame
// each; shown are medians of the CPU time.

#include "recoder.h"

#include "corpus.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include <jpeglib.h>
#include <malloc.h>

using namespace rfc2435;

static constexpr unsigned rounds = 41;

static double
cpu_milliseconds ()
{
  timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

template <typename Function>
static double
measure (Function function)
{
  const double begin = cpu_milliseconds ();
  function ();
  return cpu_milliseconds () - begin;
}

static double
median (std::vector<double> &values)
{
  std::ranges::nth_element (values, values.begin () + values.size () / 2);
  return values[values.size () / 2];
}

// jpegtran.c from the first of its calls that reads to the last that writes;
// false where it gives up.
static bool
jpegtran (Bytes jpeg)
{
  static std::jmp_buf give_up;
  jpeg_decompress_struct in;
  jpeg_compress_struct out;
  jpeg_error_mgr errors;
  in.err = out.err = jpeg_std_error (&errors);
  errors.error_exit = [] (j_common_ptr) {
    std::longjmp (give_up, 1);
  };
  errors.emit_message = [] (j_common_ptr, int) {
  };
  jpeg_create_decompress (&in);
  jpeg_create_compress (&out);

  static unsigned char *bytes;
  static unsigned long size;
  bytes = nullptr;
  size = 0;
  if (setjmp (give_up)) {
    jpeg_destroy_compress (&out);
    jpeg_destroy_decompress (&in);
    std::free (bytes);
    return false;
  }
  jpeg_mem_src (&in, jpeg.data (), jpeg.size ());
  jpeg_read_header (&in, TRUE);
  auto *coefficients = jpeg_read_coefficients (&in);
  jpeg_copy_critical_parameters (&in, &out);
  jpeg_mem_dest (&out, &bytes, &size);
  jpeg_write_coefficients (&out, coefficients);
  jpeg_finish_compress (&out);
  jpeg_destroy_compress (&out);
  jpeg_finish_decompress (&in);
  jpeg_destroy_decompress (&in);
  std::free (bytes);
  return true;
}

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
  // Neither is to pay for fresh pages in each frame.
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
