// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

// How many blocks of the heap are in use, those of libraries too.
std::int64_t live_allocations ();
