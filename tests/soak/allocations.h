// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

// The number of heap blocks in use, including those of libraries. 0 with
// sanitizers, which don't allow counting.
std::int64_t live_allocations ();
