// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

namespace rfc2435 {

// The flags of a property that can be set: those that all have in common, and
// others, such as GST_PARAM_MUTABLE_PLAYING.
constexpr GParamFlags
property_flags (int more = 0)
{
  return static_cast<GParamFlags> (
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | more);
}

inline constexpr auto read_only_property =
    static_cast<GParamFlags> (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

// Logs the value to which a property was set, at DEBUG level.
inline void
log_property (GstDebugCategory *category, gpointer object, GParamSpec *pspec,
    const GValue *value)
{
  if (gst_debug_category_get_threshold (category) < GST_LEVEL_DEBUG)
    return;
  g_autofree gchar *text = g_strdup_value_contents (value);
  GST_CAT_DEBUG_OBJECT (category, object, "%s set to %s", pspec->name, text);
}

} // namespace rfc2435
