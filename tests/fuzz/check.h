// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>

// Fuzzers and sanitizers report abort () with a stack trace.
#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      abort ();                                                                \
  } while (0)
