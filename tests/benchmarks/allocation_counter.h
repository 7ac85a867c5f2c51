// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

struct Allocations {
  std::uint64_t count = 0;     // by malloc and the like
  std::int64_t live_bytes = 0; // not freed yet
  std::int64_t peak_bytes = 0; // the maximum since begin_peak ()
};

#ifdef COUNT_ALLOCATIONS
// For the whole process so far. Needs G_SLICE=always-malloc in the environment
// to count GSlice's allocations one by one.
Allocations allocations ();
void begin_peak ();
constexpr bool counts_allocations = true;
#else
inline Allocations
allocations ()
{
  return {};
}
inline void
begin_peak ()
{}
constexpr bool counts_allocations = false;
#endif
