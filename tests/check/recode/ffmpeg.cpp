// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The default output of FFmpeg's MJPEG encoder in each of its pixel formats;
// and pictures that its decoder reads, but libjpeg does not.

#include "corpus.h"
#include "decoded.h"
#include "frame.h"
#include "recoder.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace rfc2435;
using decoded::Format;
using decoded::Upsampling;

// Runs FFmpeg and returns what it writes to `out`, which it then removes.
static std::string
run_ffmpeg (std::vector<const gchar *> arguments, const gchar *out)
{
  arguments.insert (
      arguments.begin (), {g_getenv ("FFMPEG"), "-v", "error", "-nostdin"});
  arguments.insert (arguments.end (), {out, nullptr});
  gint status = 0;
  fail_unless (g_spawn_sync (nullptr, const_cast<gchar **> (arguments.data ()),
      nullptr, G_SPAWN_DEFAULT, nullptr, nullptr, nullptr, nullptr, &status,
      nullptr));
  fail_unless (g_spawn_check_wait_status (status, nullptr));

  g_autofree gchar *bytes = nullptr;
  gsize length = 0;
  fail_unless (g_file_get_contents (out, &bytes, &length, nullptr));
  g_remove (out);
  return {bytes, length};
}

static corpus::Jpeg
encode (const char *pixel_format, const char *size)
{
  g_autofree gchar *folder = g_dir_make_tmp ("rfc2435-ffmpeg-XXXXXX", nullptr);
  g_autofree gchar *file = g_build_filename (folder, "out.jpg", nullptr);
  g_autofree gchar *source = g_strdup_printf ("testsrc2=size=%s", size);
  const auto jpeg =
      run_ffmpeg ({"-f", "lavfi", "-i", source, "-frames:v", "1", "-pix_fmt",
                      pixel_format, "-c:v", "mjpeg", "-f", "mjpeg"},
          file);
  g_rmdir (folder);
  return {jpeg.begin (), jpeg.end ()};
}

GST_START_TEST (test_default_options)
{
  const struct {
    const char *format;
    bool lossless;
  } cases[] = {{"yuvj420p", true}, {"yuvj422p", true}, {"yuvj444p", false}};

  Recoder recoder;
  for (const auto &c : cases)
    for (const auto *size : {"320x240", "334x186"}) {
      const auto jpeg = encode (c.format, size);
      const Bytes source{jpeg};
      FrameParser parser;
      Frame frame;
      fail_unless (
          parser.parse (std::span{&source, 1}, TableMode::automatic, frame)
              .has_value ());

      const auto result = recoder.recode (source);
      fail_unless (bool (result), "%s: %s", c.format, result.message);
      fail_unless (result.kinds.has (RecodeKind::huffman_tables));
      fail_unless (result.lossless == c.lossless, "%s", c.format);
      fail_if (
          parser.parse (std::span{&result.jpeg, 1}, TableMode::automatic, frame)
              .has_value ());
      const auto before =
          decoded::pixels (source, Format::ycc, Upsampling::plain);
      const auto after =
          decoded::pixels (result.jpeg, Format::ycc, Upsampling::plain);
      if (c.lossless)
        fail_unless (before == after, "%s", c.format);
      else
        fail_unless (decoded::psnr (before, after, 0) == 99);
    }
}
GST_END_TEST;

// All planes of a picture.
static std::string
decode (Bytes jpeg)
{
  g_autofree gchar *folder = g_dir_make_tmp ("rfc2435-ffmpeg-XXXXXX", nullptr);
  g_autofree gchar *file = g_build_filename (folder, "in.jpg", nullptr);
  g_autofree gchar *raw = g_build_filename (folder, "out.yuv", nullptr);
  fail_unless (
      g_file_set_contents (file, reinterpret_cast<const gchar *> (jpeg.data ()),
          static_cast<gssize> (jpeg.size ()), nullptr));
  auto planes = run_ffmpeg ({"-f", "mjpeg", "-i", file, "-f", "rawvideo"}, raw);
  g_remove (file);
  g_rmdir (folder);
  return planes;
}

GST_START_TEST (test_component_order)
{
  Recoder recoder;
  const auto ordered = corpus::make ({});
  const auto jpeg = corpus::swap_in_scan (ordered, 0, 1);
  const auto result = recoder.recode (Bytes{jpeg});
  fail_unless (bool (result), "%s", result.message);
  fail_unless (result.lossless);
  const auto shown = decode (Bytes{jpeg});
  fail_unless_equals_int (shown.size (), 176 * 144 * 3 / 2);
  fail_unless (shown == decode (result.jpeg));
  fail_unless (shown == decode (Bytes{ordered}));
}
GST_END_TEST;

static Suite *
ffmpeg_suite ()
{
  auto suite = suite_create ("ffmpeg");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_default_options);
  tcase_add_test (tc, test_component_order);

  return suite;
}

int
main (int argc, char **argv)
{
  if (!g_getenv ("FFMPEG")) {
    g_print ("SKIP: ffmpeg is not installed\n");
    return 77;
  }
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (ffmpeg_suite (), "ffmpeg", __FILE__);
}
