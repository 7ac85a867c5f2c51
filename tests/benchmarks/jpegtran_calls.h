// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

// Makes the calls of jpegtran.c from the first that reads to the last that
// writes; false if it fails.
bool jpegtran (rfc2435::Bytes jpeg, unsigned restart_interval = 0);
