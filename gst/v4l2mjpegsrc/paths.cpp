// SPDX-License-Identifier: LGPL-2.1-or-later
#include "paths.h"

#include <cstdlib>
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

} // namespace v4l2mjpeg
