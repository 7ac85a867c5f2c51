// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstcheck.h>

#include <string>

// Like fail_unless_equals_string(), but also works with temporary strings.
#define assert_text(actual, expected)                                          \
  do {                                                                         \
    const std::string actual_text_ = (actual);                                 \
    const std::string expected_text_ = (expected);                             \
    fail_unless_equals_string (                                                \
        actual_text_.c_str (), expected_text_.c_str ());                       \
  } while (0)
