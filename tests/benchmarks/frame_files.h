// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include <gst/gst.h>

// The files of a folder in the order of their names. Exits if one can't be
// read.
std::vector<GstMemory *> load_frames (const char *directory);
