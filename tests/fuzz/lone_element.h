// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

// Initializes GStreamer with a single element, given by its
// GST_ELEMENT_REGISTER() function; any critical or warning ends the program.
inline bool
start_gstreamer_with (gboolean (*register_element) (GstPlugin *))
{
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  gst_init (nullptr, nullptr);
  g_log_set_always_fatal (static_cast<GLogLevelFlags> (
      G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK));
  return register_element (nullptr);
}
