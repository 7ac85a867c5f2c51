// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "turn.h"

#include <gst/gst.h>

#include <optional>
#include <string>

namespace rfc2435 {

// How to turn pictures according to the image-orientation tags of a stream.
class OrientationTags {
public:
  // Tags belong to a stream: those of another one are forgotten.
  void begin_stream (const char *id);
  // Each list replaces the previous one of the same scope.
  void update (GstTagList *tags);

  // Stream tags take precedence over global ones.
  std::optional<Turn> turn () const { return stream_ ? stream_ : global_; }

private:
  std::string stream_id_;
  std::optional<Turn> stream_;
  std::optional<Turn> global_;
};

} // namespace rfc2435
