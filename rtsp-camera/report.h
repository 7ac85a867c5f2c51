// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <gst/rtsp-server/rtsp-server.h>

/// --stats: a line per second for each mount that has a client.
class Report {
public:
  explicit Report (GstRTSPServer *server) : server_ (server) {}

  void add (const std::string &mount, GstRTSPMediaFactory *factory);
  void print ();

private:
  struct Mount {
    std::string name;
    GstRTSPMediaFactory *factory;
    uint64_t frames = 0;
    uint64_t bytes = 0;
    int64_t time = 0;
    int64_t last_picture = 0;
  };

  GstRTSPServer *server_;
  std::vector<Mount> mounts_;
};
