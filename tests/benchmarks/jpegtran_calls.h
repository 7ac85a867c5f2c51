// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

// jpegtran.c from the first of its calls that reads to the last that writes;
// false where it gives up.
bool jpegtran (rfc2435::Bytes jpeg, unsigned restart_interval = 0);
