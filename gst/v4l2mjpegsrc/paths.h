// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// The little of std::filesystem that is needed here. The library's own takes a
// megabyte of every process that loads the plugin.

// "/a/b" of "/a/b/c"
std::string parent_of (const std::string &path);
// "c" of "/a/b/c"
std::string name_of (const std::string &path);
// Without links; nothing if there is no such file.
std::optional<std::string> resolve (const std::string &path);
bool exists (const std::string &path);
// Of a file in sysfs or /proc; empty when there is none, since whatever it is
// of may vanish under the reader at any time.
std::string first_line (const std::string &file);
// The names in a folder, in no order.
std::vector<std::string> entries_of (const std::string &directory);

} // namespace v4l2mjpeg
