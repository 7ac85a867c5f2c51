// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "paths.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <dirent.h>
#include <unistd.h>

namespace v4l2mjpeg {

std::string
parent_of (const std::string &path)
{
  auto slash = path.find_last_of ('/');
  return slash == std::string::npos ? "" : path.substr (0, slash);
}

std::string
name_of (const std::string &path)
{
  auto slash = path.find_last_of ('/');
  return slash == std::string::npos ? path : path.substr (slash + 1);
}

std::optional<std::string>
resolve (const std::string &path)
{
  auto resolved = realpath (path.c_str (), nullptr);
  if (!resolved)
    return std::nullopt;
  std::string text = resolved;
  std::free (resolved);
  return text;
}

bool
exists (const std::string &path)
{
  return access (path.c_str (), F_OK) == 0;
}

std::string
first_line (const std::string &file)
{
  std::array<char, 256> text{};
  auto in = std::fopen (file.c_str (), "re");
  if (!in)
    return {};
  auto got = std::fgets (text.data (), text.size (), in);
  std::fclose (in);
  if (!got)
    return {};
  std::string line = text.data ();
  return line.substr (0, line.find ('\n'));
}

std::vector<std::string>
entries_of (const std::string &directory)
{
  std::vector<std::string> names;
  std::unique_ptr<DIR, int (*) (DIR *)> listing (
      opendir (directory.c_str ()), closedir);
  if (!listing)
    return names;
  while (auto entry = readdir (listing.get ()))
    names.emplace_back (entry->d_name);
  return names;
}

} // namespace v4l2mjpeg
