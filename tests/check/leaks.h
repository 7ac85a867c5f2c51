// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstcheck.h>

namespace test {

// The tracer that the environment enables with GST_TRACERS=leaks.
inline GstTracer *
leaks_tracer ()
{
  GstTracer *found = nullptr;
  auto tracers = gst_tracing_get_active_tracers ();
  for (auto t = tracers; t; t = t->next) {
    if (g_str_equal (G_OBJECT_TYPE_NAME (t->data), "GstLeaksTracer"))
      found = GST_TRACER (t->data);
  }
  g_list_free_full (tracers, gst_object_unref);
  return found;
}

// For the teardown of a test: checks that no object, buffer or the like is
// left.
inline void
assert_no_leak ()
{
  auto tracer = leaks_tracer ();
  fail_unless (tracer != nullptr, "GST_TRACERS=leaks is missing");
  GstStructure *live;
  g_signal_emit_by_name (tracer, "get-live-objects", &live);
  auto list = gst_structure_get_value (live, "live-objects-list");
  auto text = gst_value_serialize (list);
  fail_unless (gst_value_list_get_size (list) == 0, "left: %s", text);
  g_free (text);
  gst_structure_free (live);
}

} // namespace test
