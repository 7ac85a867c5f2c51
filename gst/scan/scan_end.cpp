// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_end.h"

#include "jpeg_markers.h"

namespace rfc2435 {

ScanEnd
find_scan_end (ByteReader &reader)
{
  ScanEnd end;
  std::size_t last_marker = 0, behind_last_marker = 0;
  for (;;) {
    auto [code, offset] = reader.next_marker ();
    if (!marker::is_rst (code)) {
      end.offset = offset;
      end.marker = code;
      if (end.restart_markers != 0 && offset == behind_last_marker) {
        end.offset = last_marker;
        end.restart_markers--;
      }
      return end;
    }
    last_marker = offset;
    behind_last_marker = reader.position ();
    end.in_order &= (code & 7u) == end.restart_markers % 8;
    end.restart_markers++;
  }
}

} // namespace rfc2435
