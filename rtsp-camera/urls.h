// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

/// "rtsp://192.0.2.7:8554" for each address at which a server that listens on
/// `address` can be reached, those of other machines first.
std::vector<std::string> base_urls (const std::string &address, int port);
