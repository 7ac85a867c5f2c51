// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "receive_stats.h"

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
  auto packets =
      packets_used + packets_duplicate + packets_late + packets_malformed;
  auto area = mcus > 0 ? static_cast<double> (mcus_concealed) /
                             static_cast<double> (mcus)
                       : 0.0;

  auto structure = gst_structure_new ("application/x-rfc2435depay-stats",
      "frames-out", G_TYPE_UINT64, frames_out (),            //
      "frames-intact", G_TYPE_UINT64, frames_intact,         //
      "frames-concealed", G_TYPE_UINT64, frames_concealed,   //
      "packets-received", G_TYPE_UINT64, packets,            //
      "packets-lost", G_TYPE_UINT64, packets_lost,           //
      "packets-late", G_TYPE_UINT64, packets_late,           //
      "packets-duplicate", G_TYPE_UINT64, packets_duplicate, //
      "packets-malformed", G_TYPE_UINT64, packets_malformed, //
      "concealed-area", G_TYPE_DOUBLE, area,                 //
      "oldest-concealed", G_TYPE_UINT64, oldest_concealed,   //
      nullptr);
  dropped.add_to (structure);
  return structure;
}

} // namespace rfc2435
