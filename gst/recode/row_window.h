// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio> // jpeglib.h needs FILE and size_t declared

#include <jpeglib.h>

namespace rfc2435 {

// Makes the library keep only one MCU row, which fits into the processor's
// cache, of each coefficient array that it requests from now on, instead of the
// whole picture. Each row must be read before the next is written, so this is
// for one pass over a single scan.
void use_row_windows (jpeg_memory_mgr &memory);

} // namespace rfc2435
