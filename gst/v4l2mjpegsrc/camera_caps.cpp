// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "camera_caps.h"

#include <utility>

namespace v4l2mjpeg {

namespace {

// What v4l2src considers "any size" for drivers that enumerate none.
constexpr int unbounded = 32768;

// Sizes to choose from if a driver scales to any size.
constexpr std::pair<int, int> usual_sizes[] = {{1920, 1080}, {1440, 1080},
    {1280, 960}, {1280, 720}, {1024, 768}, {800, 600}, {640, 480}};

struct Length {
  int pixels;
  bool from_range;
};

bool
holds (const GValue *range, int value)
{
  auto min = gst_value_get_int_range_min (range);
  auto max = gst_value_get_int_range_max (range);
  return value >= min && value <= max &&
         value % gst_value_get_int_range_step (range) == 0;
}

// The widths or heights in a list; for a range, its ends, the requested value,
// and the largest value that is chosen automatically.
void
add_lengths (
    std::vector<Length> &lengths, const GValue *value, int wish, int most)
{
  if (!value)
    return;
  if (G_VALUE_HOLDS_INT (value)) {
    lengths.push_back ({g_value_get_int (value), false});
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      add_lengths (lengths, gst_value_list_get_value (value, i), wish, most);
  } else if (GST_VALUE_HOLDS_INT_RANGE (value)) {
    for (auto length : {wish, most})
      if (length > 0 && holds (value, length))
        lengths.push_back ({length, true});
    auto max = gst_value_get_int_range_max (value);
    if (max < unbounded) {
      lengths.push_back ({gst_value_get_int_range_min (value), true});
      lengths.push_back ({max, true});
    }
  }
}

// Sizes without a rate.
std::vector<Mode>
sizes_of (const GstStructure *structure, const Mode &wish)
{
  auto width = gst_structure_get_value (structure, "width");
  auto height = gst_structure_get_value (structure, "height");
  std::vector<Mode> sizes;
  // From a scaler, only common picture sizes: not every width goes with every
  // height.
  if (width && height && GST_VALUE_HOLDS_INT_RANGE (width) &&
      GST_VALUE_HOLDS_INT_RANGE (height)) {
    auto add = [&] (int w, int h) {
      if ((wish.width == 0 || wish.width == w) &&
          (wish.height == 0 || wish.height == h) && holds (width, w) &&
          holds (height, h))
        sizes.push_back ({w, h, {}, true});
    };
    for (auto [w, h] : usual_sizes)
      add (w, h);
    auto max_width = gst_value_get_int_range_max (width);
    auto max_height = gst_value_get_int_range_max (height);
    if (max_width < unbounded && max_height < unbounded)
      add (max_width, max_height);
    if (!sizes.empty ())
      return sizes;
  }
  std::vector<Length> widths, heights;
  add_lengths (widths, width, wish.width, default_width);
  add_lengths (heights, height, wish.height, default_height);
  for (auto w : widths)
    for (auto h : heights)
      sizes.push_back ({w.pixels, h.pixels, {}, w.from_range || h.from_range});
  return sizes;
}

struct OfferedRate {
  Rate rate;
  bool from_range;
};

void
add_rates (
    std::vector<OfferedRate> &rates, const GValue *value, const Rate &wish)
{
  if (!value)
    return;
  auto add = [&] (const GValue *fraction, bool from_range) {
    Rate rate = {gst_value_get_fraction_numerator (fraction),
        gst_value_get_fraction_denominator (fraction)};
    if (rate.numerator > 0 && rate.denominator < G_MAXINT &&
        rate.numerator < G_MAXINT)
      rates.push_back ({rate, from_range});
  };
  if (GST_VALUE_HOLDS_FRACTION (value)) {
    add (value, false);
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      add_rates (rates, gst_value_list_get_value (value, i), wish);
  } else if (GST_VALUE_HOLDS_FRACTION_RANGE (value)) {
    add (gst_value_get_fraction_range_min (value), true);
    add (gst_value_get_fraction_range_max (value), true);
    for (auto rate : {wish, usual_rate}) {
      GValue fraction = G_VALUE_INIT;
      g_value_init (&fraction, GST_TYPE_FRACTION);
      gst_value_set_fraction (&fraction, rate.numerator, rate.denominator);
      if (rate.numerator > 0 && gst_value_is_subset (&fraction, value))
        rates.push_back ({rate, true});
      g_value_unset (&fraction);
    }
  }
}

} // namespace

GstCaps *
encodable_caps ()
{
  return gst_caps_from_string (
      "video/x-raw, format=(string){ YUY2, UYVY, YVYU, Y42B, I420, YV12, NV12, "
      "NV21 }");
}

std::vector<Mode>
modes_of (const GstCaps *caps, const Mode &wish)
{
  std::vector<Mode> modes;
  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    auto structure = gst_caps_get_structure (caps, i);
    std::vector<OfferedRate> rates;
    add_rates (
        rates, gst_structure_get_value (structure, "framerate"), wish.rate);
    for (const auto &size : sizes_of (structure, wish))
      for (const auto &rate : rates)
        modes.push_back ({size.width, size.height, rate.rate,
            size.from_range || rate.from_range});
  }
  return modes;
}

GstCaps *
restrict_caps (const GstCaps *caps, const Mode &mode)
{
  auto restricted = gst_caps_copy (caps);
  if (mode.width > 0)
    gst_caps_set_simple (restricted, "width", G_TYPE_INT, mode.width, nullptr);
  if (mode.height > 0)
    gst_caps_set_simple (
        restricted, "height", G_TYPE_INT, mode.height, nullptr);
  if (mode.rate.numerator > 0)
    gst_caps_set_simple (restricted, "framerate", GST_TYPE_FRACTION,
        mode.rate.numerator, mode.rate.denominator, nullptr);
  return restricted;
}

GstCaps *
raw_caps_like (const GstCaps *jpeg)
{
  if (gst_caps_is_any (jpeg))
    return encodable_caps ();

  auto like = gst_caps_new_empty ();
  for (guint i = 0; i < gst_caps_get_size (jpeg); i++) {
    auto from = gst_caps_get_structure (jpeg, i);
    auto to = gst_structure_new_empty ("video/x-raw");
    for (auto field : {"width", "height", "framerate"})
      if (auto value = gst_structure_get_value (from, field))
        gst_structure_set_value (to, field, value);
    gst_caps_append_structure (like, to);
  }
  auto encodable = encodable_caps ();
  auto raw = gst_caps_intersect (encodable, like);
  gst_caps_unref (encodable);
  gst_caps_unref (like);
  return raw;
}

} // namespace v4l2mjpeg
