// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

struct Options {
  std::string address = "0.0.0.0";
  std::string port = "8554";
  std::vector<std::string> cameras; ///< as v4l2mjpegsrc's `camera`; "": any
  std::vector<std::string> mounts;  ///< one for each camera
  std::string source;               ///< gst-launch's syntax, for all mounts
  bool test_picture = false;
  int width = 0;
  int height = 0;
  std::string framerate;
  /// Properties of rfc2435pay, name and value
  std::vector<std::pair<std::string, std::string>> payloader;
  std::string multicast = "239.24.35.0";
  std::string user;
  std::string password;
  bool keep_open = false;
  bool stats = false;
};

/// If they are invalid, prints why and exits.
Options parse_options (int argc, char **argv);
