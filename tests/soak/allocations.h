// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

// How many blocks of the heap are in use, those of libraries too. 0 where they
// are not counted, with sanitizers.
std::int64_t live_allocations ();
