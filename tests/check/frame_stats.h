// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstcheck.h>

// Reads an element's property frame-stats.
namespace test {

inline guint64
frame_stat (GstElement *element, const char *field)
{
  GstStructure *stats;
  guint64 value = 0;
  guint small = 0;
  g_object_get (element, "frame-stats", &stats, nullptr);
  if (gst_structure_get_uint (stats, field, &small))
    value = small;
  else
    fail_unless (gst_structure_get_uint64 (stats, field, &value), "%s", field);
  gst_structure_free (stats);
  return value;
}

// 0 if the group has no such counter.
inline guint64
frame_stat (GstElement *element, const char *group, const char *field)
{
  GstStructure *stats, *counts;
  guint64 value = 0;
  g_object_get (element, "frame-stats", &stats, nullptr);
  fail_unless (
      gst_structure_get (stats, group, GST_TYPE_STRUCTURE, &counts, nullptr),
      "%s", group);
  gst_structure_get_uint64 (counts, field, &value);
  gst_structure_free (counts);
  gst_structure_free (stats);
  return value;
}

} // namespace test
