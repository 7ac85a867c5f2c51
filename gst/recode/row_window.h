// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio> // jpeglib.h needs FILE and size_t declared

#include <jpeglib.h>

namespace rfc2435 {

// Has the library keep of each coefficient array that it asks for from now on
// the rows of one MCU row alone, in the processor's cache, instead of those of
// the whole picture. They must be read before the next are written. For one
// pass over a single scan.
void use_row_windows (jpeg_memory_mgr &memory);

} // namespace rfc2435
