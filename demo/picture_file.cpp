// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_file.h"

#include <cstdio>
#include <fstream>

bool
save_picture (const std::string &file_name, const Bytes &jpeg, const char *what)
{
  std::ofstream file (file_name, std::ios::binary);
  file.write (reinterpret_cast<const char *> (jpeg.data ()),
      std::streamsize (jpeg.size ()));
  file.close ();
  if (!file) {
    std::fprintf (stderr, "%s can't be written\n", file_name.c_str ());
    return false;
  }
  std::printf ("%s: %s\n", what, file_name.c_str ());
  return true;
}
