// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flip_stats.h"

#include <numeric>

namespace rfc2435 {
namespace {

constexpr const char *broken_remedy =
    "Look for errors of the camera, its cable and the USB bus; jpegparse makes "
    "whole pictures of a plain stream of bytes.";

// In the order of RecodeError.
constexpr std::array<FlipErrorText, recode_error_count> texts = {{
    {"none", ""},
    {"not-jpeg", broken_remedy},
    {"cut-short", broken_remedy},
    {"corrupt", broken_remedy},
    {"unsupported", "Make the source write 8-bit progressive or baseline JPEG, "
                    "one picture a buffer."},
    {"too-large", "Raise max-pixels if such pictures are expected."},
    {"needs-loss", "Or set lossless=false."},
    {"out-of-memory", "Lower the size of the picture."},
}};

} // namespace

const FlipErrorText &
text (RecodeError error)
{
  return texts[static_cast<std::size_t> (error)];
}

GstStructure *
FlipStats::to_structure () const
{
  auto by_cause = gst_structure_new_empty ("dropped");
  for (std::size_t i = 0; i < dropped.size (); i++) {
    if (dropped[i] > 0)
      gst_structure_set (
          by_cause, texts[i].name, G_TYPE_UINT64, dropped[i], nullptr);
  }
  auto frames_dropped =
      std::accumulate (dropped.begin (), dropped.end (), std::uint64_t{0});

  auto structure = gst_structure_new ("application/x-jpegflip-stats",
      "frames-lossless", G_TYPE_UINT64, frames_lossless,                   //
      "frames-lossy", G_TYPE_UINT64, frames_lossy,                         //
      "frames-dropped", G_TYPE_UINT64, frames_dropped,                     //
      "cpu-time", G_TYPE_UINT64, static_cast<guint64> (cpu_time.count ()), //
      "dropped", GST_TYPE_STRUCTURE, by_cause,                             //
      nullptr);
  gst_structure_free (by_cause);
  return structure;
}

} // namespace rfc2435
