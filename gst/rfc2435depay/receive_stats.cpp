// SPDX-License-Identifier: LGPL-2.1-or-later
#include "receive_stats.h"

#include <numeric>

namespace rfc2435 {

void
ReceiveStats::count (FrameAssembler::Fate fate)
{
  using Fate = FrameAssembler::Fate;

  switch (fate) {
  case Fate::used:
    packets_used++;
    break;
  case Fate::duplicate:
    packets_duplicate++;
    break;
  case Fate::late:
    packets_late++;
    break;
  case Fate::malformed:
  case Fate::too_large:
    packets_malformed++;
    break;
  }
}

GstStructure *
ReceiveStats::to_structure () const
{
  auto by_cause = gst_structure_new_empty ("dropped");
  for (std::size_t i = 0; i < dropped.size (); i++) {
    if (dropped[i] > 0)
      gst_structure_set (by_cause, text (static_cast<FrameFault> (i)).name,
          G_TYPE_UINT64, dropped[i], nullptr);
  }
  auto frames_dropped =
      std::accumulate (dropped.begin (), dropped.end (), std::uint64_t{0});
  auto packets =
      packets_used + packets_duplicate + packets_late + packets_malformed;
  auto area = mcus > 0 ? static_cast<double> (mcus_concealed) /
                             static_cast<double> (mcus)
                       : 0.0;

  auto structure = gst_structure_new ("application/x-rfc2435depay-stats",
      "frames-in", G_TYPE_UINT64,
      frames_intact + frames_concealed + frames_dropped,     //
      "frames-intact", G_TYPE_UINT64, frames_intact,         //
      "frames-concealed", G_TYPE_UINT64, frames_concealed,   //
      "frames-dropped", G_TYPE_UINT64, frames_dropped,       //
      "packets-received", G_TYPE_UINT64, packets,            //
      "packets-lost", G_TYPE_UINT64, packets_lost,           //
      "packets-late", G_TYPE_UINT64, packets_late,           //
      "packets-duplicate", G_TYPE_UINT64, packets_duplicate, //
      "packets-malformed", G_TYPE_UINT64, packets_malformed, //
      "concealed-area", G_TYPE_DOUBLE, area,                 //
      "oldest-concealed", G_TYPE_UINT64, oldest_concealed,   //
      "dropped", GST_TYPE_STRUCTURE, by_cause,               //
      nullptr);
  gst_structure_free (by_cause);
  return structure;
}

} // namespace rfc2435
