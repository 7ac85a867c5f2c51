// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "byte_block.h"

#include <memory>

namespace rfc2435 {

// A JPEG that was output. Its bytes don't change any more, since they are
// shared with elements downstream and with the next picture, which may take
// parts of it.
struct Picture {
  std::shared_ptr<const ByteBlock> block;
  std::size_t begin = 0;      // of the JPEG in the block
  std::size_t scan_begin = 0; // in the block
  std::size_t scan_end = 0;   // before EOI

  Bytes jpeg () const { return block->bytes ().subspan (begin); }
  Bytes header () const
  {
    return block->bytes ().subspan (begin, scan_begin - begin);
  }
  Bytes scan () const
  {
    return block->bytes ().subspan (scan_begin, scan_end - scan_begin);
  }
};

} // namespace rfc2435
