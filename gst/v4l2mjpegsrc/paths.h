// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v4l2mjpeg {

// Replaces the few functions of std::filesystem that are needed here: the
// library takes a megabyte of memory in every process that loads the plugin.

// "/a/b" of "/a/b/c"
std::string parent_of (const std::string &path);
// "c" of "/a/b/c"
std::string name_of (const std::string &path);
// Resolves links; nothing if there is no such file.
std::optional<std::string> resolve (const std::string &path);
bool exists (const std::string &path);
// The first line of a file in sysfs or /proc. Empty if there is no such file:
// devices and processes may disappear at any time.
std::string first_line (const std::string &file);
// The names in a directory, in no particular order.
std::vector<std::string> entries_of (const std::string &directory);

} // namespace v4l2mjpeg
