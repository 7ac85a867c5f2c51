// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpegtran.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

namespace jpegtran {

corpus::Jpeg
turned (const corpus::Jpeg &jpeg, const Case &c)
{
  g_autofree gchar *folder = g_dir_make_tmp ("rfc2435-turn-XXXXXX", nullptr);
  g_autofree gchar *in = g_build_filename (folder, "in.jpg", nullptr);
  g_autofree gchar *out = g_build_filename (folder, "out.jpg", nullptr);
  fail_unless (g_file_set_contents (in,
      reinterpret_cast<const gchar *> (jpeg.data ()), jpeg.size (), nullptr));

  std::vector<const char *> argv{
      g_getenv ("JPEGTRAN"), "-copy", "none", "-perfect", "-outfile", out};
  for (auto option : c.options) {
    if (option)
      argv.push_back (option);
  }
  argv.insert (argv.end (), {in, nullptr});
  gint status = 0;
  fail_unless (g_spawn_sync (nullptr, const_cast<gchar **> (argv.data ()),
      nullptr, G_SPAWN_STDERR_TO_DEV_NULL, nullptr, nullptr, nullptr, nullptr,
      &status, nullptr));

  corpus::Jpeg result;
  g_autofree gchar *bytes = nullptr;
  gsize size = 0;
  if (g_spawn_check_wait_status (status, nullptr) &&
      g_file_get_contents (out, &bytes, &size, nullptr))
    result.assign (bytes, bytes + size);
  g_remove (in);
  g_remove (out);
  g_rmdir (folder);
  return result;
}

rfc2435::Bytes
scan (rfc2435::Bytes jpeg)
{
  std::size_t i = 2;
  while (jpeg[i + 1] != 0xda)
    i += 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]);
  return jpeg.subspan (i);
}

} // namespace jpegtran
