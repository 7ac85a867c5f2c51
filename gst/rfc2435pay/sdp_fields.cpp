// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sdp_fields.h"

#include "main_header.h"

namespace rfc2435 {
namespace {

// As "29.97003" or "30": SDP requires a decimal point, whatever the locale.
std::string
format_framerate (const Framerate &framerate)
{
  if (framerate.numerator <= 0)
    return {};

  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  double rate;
  gst_util_fraction_to_double (
      framerate.numerator, framerate.denominator, &rate);
  g_ascii_formatd (digits, sizeof (digits), "%.6f", rate);
  std::string text = digits;
  text.erase (text.find_last_not_of ('0') + 1);
  if (text.ends_with ('.'))
    text.pop_back ();
  return text;
}

} // namespace

Framerate
Framerate::from_caps (const GstStructure *caps)
{
  Framerate rate;
  gst_structure_get_fraction (
      caps, "framerate", &rate.numerator, &rate.denominator);
  if (rate.numerator == 0)
    gst_structure_get_fraction (
        caps, "max-framerate", &rate.numerator, &rate.denominator);
  return rate;
}

GstClockTime
Framerate::interval () const
{
  return numerator > 0
             ? gst_util_uint64_scale_int (GST_SECOND, denominator, numerator)
             : GST_CLOCK_TIME_NONE;
}

std::string
format_dimensions (gint width, gint height)
{
  auto limit = static_cast<gint> (MainHeader::max_dimension);
  if (width <= limit && height <= limit)
    return {};
  return std::to_string (width) + "," + std::to_string (height);
}

SdpFields
SdpFields::from_caps (const GstStructure *caps)
{
  gint width = 0, height = 0;
  gst_structure_get_int (caps, "width", &width);
  gst_structure_get_int (caps, "height", &height);
  return {
      .framerate = format_framerate (Framerate::from_caps (caps)),
      .dimensions = format_dimensions (width, height),
  };
}

GstStructure *
SdpFields::to_structure () const
{
  auto fields = gst_structure_new_empty ("fields");
  if (!framerate.empty ())
    gst_structure_set (
        fields, "a-framerate", G_TYPE_STRING, framerate.c_str (), nullptr);
  if (!dimensions.empty ())
    gst_structure_set (
        fields, "x-dimensions", G_TYPE_STRING, dimensions.c_str (), nullptr);
  return fields;
}

} // namespace rfc2435
