// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "left_out_report.h"

#include <string>
#include <utility>

namespace rfc2435 {

void
LeftOutReport::tell (
    GstElement *element, const char *element_name, const TrailingData &trailing)
{
  auto picture = trailing.has_picture;

  if (trailing.size == 0 ||
      std::exchange (picture ? told_of_picture_ : told_of_bytes_, true))
    return;

  const auto name = std::string (element_name) + "-left-out";
  auto details = gst_structure_new (name.c_str (),                  //
      "bytes", G_TYPE_UINT64, static_cast<guint64> (trailing.size), //
      "picture", G_TYPE_BOOLEAN, picture, nullptr);
  auto text =
      picture
          ? g_strdup_printf (
                "A buffer holds more than one picture; only the first is used. "
                "Put jpegparse before %s to split them into one buffer each.",
                element_name)
          : g_strdup_printf ("%" G_GSIZE_FORMAT
                             " bytes after the end of a picture (EOI) are "
                             "discarded; the picture itself is complete.",
                trailing.size);
  gst_element_message_full_with_details (element,
      picture ? GST_MESSAGE_WARNING : GST_MESSAGE_INFO, GST_STREAM_ERROR,
      GST_STREAM_ERROR_FORMAT, text,
      g_strdup_printf ("%" G_GSIZE_FORMAT " bytes follow EOI", trailing.size),
      __FILE__, GST_FUNCTION, __LINE__, details);
}

} // namespace rfc2435
