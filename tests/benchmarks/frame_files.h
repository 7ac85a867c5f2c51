// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <gst/gst.h>

// The files of a folder in the order of their names. What can't be read ends
// the program.
std::vector<GstMemory *> load_frames (const char *directory);
