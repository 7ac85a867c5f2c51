// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "drop_counts.h"

#include <numeric>

namespace rfc2435 {

std::uint64_t
DropCounts::add (DropCause cause)
{
  return ++counts_[static_cast<std::size_t> (cause)];
}

void
DropCounts::add_to (GstStructure *stats) const
{
  auto by_cause = gst_structure_new_empty ("dropped");
  for (std::size_t i = 0; i < counts_.size (); i++) {
    if (counts_[i] > 0)
      gst_structure_set (by_cause, text (static_cast<DropCause> (i)).name,
          G_TYPE_UINT64, counts_[i], nullptr);
  }
  gst_structure_set (stats, //
      "frames-dropped", G_TYPE_UINT64,
      std::accumulate (counts_.begin (), counts_.end (), std::uint64_t{0}), //
      "dropped", GST_TYPE_STRUCTURE, by_cause,                              //
      nullptr);
  gst_structure_free (by_cause);
}

void
post_drop_warning (GstElement *element, const char *details_name,
    DropCause cause, std::uint64_t dropped, const std::string &found,
    const std::string &remedy)
{
  auto name = text (cause).name;
  auto details = gst_structure_new (details_name, //
      "cause", G_TYPE_STRING, name,               //
      "found", G_TYPE_STRING, found.c_str (),     //
      "dropped", G_TYPE_UINT64, dropped,          //
      nullptr);
  gst_element_message_full_with_details (element, GST_MESSAGE_WARNING,
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      g_strdup_printf (
          "Dropped a frame: %s. %s", found.c_str (), remedy.c_str ()),
      g_strdup_printf ("%" G_GUINT64_FORMAT
                       " dropped so far for this cause (%s)",
          dropped, name),
      __FILE__, GST_FUNCTION, __LINE__, details);
}

} // namespace rfc2435
