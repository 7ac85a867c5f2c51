// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_stats.h"

#include <numeric>

namespace rfc2435 {

GstStructure *
FrameStats::to_structure () const
{
  auto by_cause = gst_structure_new_empty ("dropped");
  for (std::size_t i = 0; i < dropped.size (); i++) {
    if (dropped[i] > 0)
      gst_structure_set (by_cause, text (static_cast<DropCause> (i)).name,
          G_TYPE_UINT64, dropped[i], nullptr);
  }
  auto frames_dropped =
      std::accumulate (dropped.begin (), dropped.end (), std::uint64_t{0});

  auto structure = gst_structure_new ("application/x-rfc2435pay-stats",
      "frames-in", G_TYPE_UINT64, frames_in,                       //
      "frames-sent", G_TYPE_UINT64, frames_sent,                   //
      "frames-dropped", G_TYPE_UINT64, frames_dropped,             //
      "frames-recoded", G_TYPE_UINT64, frames_recoded,             //
      "frames-recoded-lossy", G_TYPE_UINT64, frames_recoded_lossy, //
      "packets-sent", G_TYPE_UINT64, packets_sent,                 //
      "bytes-sent", G_TYPE_UINT64, bytes_sent,                     //
      "header-bytes-saved", G_TYPE_UINT64, header_bytes_saved,     //
      "dropped", GST_TYPE_STRUCTURE, by_cause,                     //
      nullptr);
  gst_structure_free (by_cause);
  return structure;
}

} // namespace rfc2435
