// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_files.h"

#include <algorithm>
#include <filesystem>

std::vector<GstMemory *>
load_frames (const char *directory)
{
  std::vector<std::filesystem::path> paths;
  for (auto &entry : std::filesystem::directory_iterator (directory))
    paths.push_back (entry.path ());
  std::sort (paths.begin (), paths.end ());

  std::vector<GstMemory *> frames;
  for (auto &path : paths) {
    gchar *contents;
    gsize size;
    GError *error = nullptr;
    if (!g_file_get_contents (path.c_str (), &contents, &size, &error))
      g_error ("%s", error->message);
    frames.push_back (gst_memory_new_wrapped (
        GST_MEMORY_FLAG_READONLY, contents, size, 0, size, contents, g_free));
  }
  if (frames.empty ())
    g_error ("%s holds no frames", directory);
  return frames;
}
