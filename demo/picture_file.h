// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "traffic.h"

#include <string>

/// Writes a JPEG to a file, and prints what it shows or why it can't be
/// written.
bool save_picture (
    const std::string &file_name, const Bytes &jpeg, const char *what);
