// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flip_stats.h"

namespace rfc2435 {

GstStructure *
FlipStats::to_structure () const
{
  auto structure = gst_structure_new ("application/x-jpegflip-stats",
      "frames-lossless", G_TYPE_UINT64, frames_lossless,                   //
      "frames-lossy", G_TYPE_UINT64, frames_lossy,                         //
      "trailing-bytes", G_TYPE_UINT64, trailing_bytes,                     //
      "cpu-time", G_TYPE_UINT64, static_cast<guint64> (cpu_time.count ()), //
      nullptr);
  dropped.add_to (structure);
  return structure;
}

} // namespace rfc2435
