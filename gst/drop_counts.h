// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "drop_cause.h"

#include <gst/gst.h>

#include <array>
#include <string>

namespace rfc2435 {

// How many frames an element has dropped for each cause.
class DropCounts {
public:
  // Counts a frame and returns the number for this cause.
  std::uint64_t add (DropCause cause);

  // Sets the fields common to `frame-stats` of all elements: `frames-dropped`,
  // and `dropped` with a count for each cause that occurred.
  void add_to (GstStructure *stats) const;

private:
  std::array<std::uint64_t, drop_cause_count> counts_{};
};

// Posts the WARNING message with which all elements explain a dropped frame.
// Its details are a structure `details_name` with `cause`, `found` and
// `dropped`, the number of frames dropped for this cause so far.
void post_drop_warning (GstElement *element, const char *details_name,
    DropCause cause, std::uint64_t dropped, const std::string &found,
    const std::string &remedy);

} // namespace rfc2435
