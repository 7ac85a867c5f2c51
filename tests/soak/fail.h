// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

// Prints the text, and ends the program.
[[noreturn]] void fail (const std::string &text);
