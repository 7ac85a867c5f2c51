// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"

#include <gst/gst.h>

namespace rfc2435 {

// The counters as fields of a structure.
void add_counters (GstStructure *structure, const SendCounters &counters);
GstStructure *to_structure (const Destination &destination);

} // namespace rfc2435
