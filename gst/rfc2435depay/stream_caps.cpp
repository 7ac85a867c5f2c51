// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_caps.h"

#include "extension_map.h"

#include <gst/rtp/rtp.h>

#include <charconv>
#include <cstring>

namespace rfc2435 {
namespace {

// As "3840,2160"
Dimensions
parse_dimensions (const char *text)
{
  Dimensions dimensions;
  auto end = text + std::strlen (text);
  auto width = std::from_chars (text, end, dimensions.width);
  if (width.ec != std::errc{} || width.ptr == end || *width.ptr != ',')
    return {};
  auto height = std::from_chars (width.ptr + 1, end, dimensions.height);
  if (height.ec != std::errc{})
    return {};
  return dimensions;
}

guint
find_extension (const GstStructure *caps, const char *uri)
{
  for (int i = 0; i < gst_structure_n_fields (caps); i++) {
    auto field = gst_structure_nth_field_name (caps, static_cast<guint> (i));
    auto id = extension_id (field);
    if (id != 0 &&
        g_strcmp0 (
            extension_uri (gst_structure_get_value (caps, field)), uri) == 0)
      return id;
  }
  return 0;
}

} // namespace

StreamCaps
StreamCaps::from_caps (const GstStructure *caps)
{
  StreamCaps result;

  gint clock_rate;
  if (gst_structure_get_int (caps, "clock-rate", &clock_rate) && clock_rate > 0)
    result.clock_rate = clock_rate;
  if (auto text = gst_structure_get_string (caps, "x-dimensions"))
    result.dimensions = parse_dimensions (text);

  result.ntp_id =
      find_extension (caps, GST_RTP_HDREXT_BASE GST_RTP_HDREXT_NTP_64);

  auto rate = gst_structure_get_string (caps, "a-framerate");
  if (!rate)
    rate = gst_structure_get_string (caps, "x-framerate");
  if (rate) {
    // Some senders write a decimal comma, according to their locale.
    auto text = g_strdelimit (g_strdup (rate), ",", '.');
    auto value = g_ascii_strtod (text, nullptr);
    g_free (text);
    if (value > 0 && value < G_MAXINT)
      gst_util_double_to_fraction (
          value, &result.framerate_numerator, &result.framerate_denominator);
  }
  return result;
}

} // namespace rfc2435
