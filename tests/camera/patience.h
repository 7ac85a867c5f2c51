// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace testcamera {

/// How long to wait for something that takes at most `limit` on an idle
/// machine. The guest is emulated if there is no KVM, and may share its cores:
/// guest-cases.sh sets the multiplier to its slowness, by which Check also
/// multiplies the time limits of cases.
inline std::chrono::steady_clock::duration
patience (std::chrono::steady_clock::duration limit)
{
  const char *multiplier = std::getenv ("CK_TIMEOUT_MULTIPLIER");
  return limit * (multiplier ? std::max (1, std::atoi (multiplier)) : 1);
}

} // namespace testcamera
