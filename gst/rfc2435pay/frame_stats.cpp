// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_stats.h"

namespace rfc2435 {

GstStructure *
FrameStats::to_structure () const
{
  auto structure = gst_structure_new ("application/x-rfc2435pay-stats",
      "frames-in", G_TYPE_UINT64, frames_in,                             //
      "frames-out", G_TYPE_UINT64, frames_out,                           //
      "frames-unsent", G_TYPE_UINT64, frames_unsent,                     //
      "frames-recoded", G_TYPE_UINT64, frames_recoded,                   //
      "frames-recoded-lossy", G_TYPE_UINT64, frames_recoded_lossy,       //
      "frames-restart-inserted", G_TYPE_UINT64, frames_restart_inserted, //
      "chunks-sent", G_TYPE_UINT64, chunks_sent,                         //
      "packets-sent", G_TYPE_UINT64, packets_sent,                       //
      "bytes-sent", G_TYPE_UINT64, bytes_sent,                           //
      "header-bytes-saved", G_TYPE_UINT64, header_bytes_saved,           //
      "trailing-bytes", G_TYPE_UINT64, trailing_bytes,                   //
      nullptr);
  dropped.add_to (structure);

  auto limited = gst_structure_new ("bit-rate",                     //
      "frames-untouched", G_TYPE_UINT64, rate.frames_untouched,     //
      "frames-thinned", G_TYPE_UINT64, rate.frames_thinned,         //
      "frames-requantized", G_TYPE_UINT64, rate.frames_requantized, //
      "bytes-in", G_TYPE_UINT64, rate.bytes_in,                     //
      "bytes-out", G_TYPE_UINT64, rate.bytes_out,                   //
      "quality", G_TYPE_UINT, rate.quality,                         //
      "largest-overshoot", G_TYPE_DOUBLE, rate.largest_overshoot,   //
      nullptr);
  gst_structure_set (
      structure, "bit-rate", GST_TYPE_STRUCTURE, limited, nullptr);
  gst_structure_free (limited);
  return structure;
}

} // namespace rfc2435
