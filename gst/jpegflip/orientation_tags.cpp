// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "orientation_tags.h"

#include <gst/video/video.h>

namespace rfc2435 {

void
OrientationTags::begin_stream (const char *id)
{
  if (stream_id_ == id)
    return;
  *this = OrientationTags{};
  stream_id_ = id;
}

void
OrientationTags::update (GstTagList *tags)
{
  std::optional<Turn> turn;
  GstVideoOrientationMethod method;

  if (gst_video_orientation_from_tag (tags, &method))
    turn = static_cast<Turn> (method);
  if (gst_tag_list_get_scope (tags) == GST_TAG_SCOPE_GLOBAL)
    global_ = turn;
  else
    stream_ = turn;
}

} // namespace rfc2435
