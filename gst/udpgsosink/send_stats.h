// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "shared_state.h"

#include <gst/base/gstbasesink.h>

namespace rfc2435 {

GstStructure *to_structure (const Destination &destination);
// GstBaseSink's counters (rendered, dropped, average-rate) and our own.
GstStructure *make_stats (GstBaseSink *sink, SharedState &state);

} // namespace rfc2435
