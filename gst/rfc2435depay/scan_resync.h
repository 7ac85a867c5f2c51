// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "mcu_splicer.h"

namespace rfc2435 {

// Reads the end of a scan from an arbitrary position, and finds its complete
// MCUs: Huffman codes synchronize themselves. Levels are relative to an unknown
// one. Nothing if there is any doubt.
//
// `bytes`: the last bytes of the scan, without a marker after them.
std::optional<IndexedScan> resynchronize (
    Bytes bytes, const ScanLayout &layout);

} // namespace rfc2435
