// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio> // jpeglib.h needs FILE and size_t declared

#include <jpeglib.h>

namespace rfc2435 {

// Makes the library keep only one MCU row of each coefficient array that it
// requests from now on, in the processor's cache, instead of the whole picture.
// The row must be read before the next is written. For one pass over a single
// scan.
void use_row_windows (jpeg_memory_mgr &memory);

} // namespace rfc2435
