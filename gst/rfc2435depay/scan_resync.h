// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mcu_splicer.h"

namespace rfc2435 {

// Reads the end of a scan from where only Huffman codes tell what is what, and
// finds its whole MCUs: codes synchronize themselves. Levels count from an
// unknown one. Nothing if there is any doubt.
//
// `bytes`: the last of the scan, from anywhere in it, without a marker behind.
std::optional<IndexedScan> resynchronize (
    Bytes bytes, const ScanLayout &layout);

} // namespace rfc2435
