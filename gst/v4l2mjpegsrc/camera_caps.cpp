// SPDX-License-Identifier: LGPL-2.1-or-later
#include "camera_caps.h"

#include <algorithm>

namespace v4l2mjpeg {

namespace {

// v4l2src's own idea of "any size" for drivers that enumerate none.
constexpr int unbounded = 32768;

std::string
string_field (const GstStructure *structure, const char *field)
{
  auto text = gst_structure_get_string (structure, field);
  return text ? text : "";
}

// What sysfs says of the device, or, where there is no sysfs, the driver.
Camera
identity (const GstStructure *properties, const std::vector<Camera> &nodes)
{
  auto path = string_field (properties, "device.path");
  for (const auto &node : nodes)
    if (node.path == path)
      return node;
  Camera camera;
  camera.path = path;
  camera.name = string_field (properties, "v4l2.device.card");
  camera.bus = string_field (properties, "v4l2.device.bus_info");
  return camera;
}

void
add_int (std::vector<int> &values, const GValue *value, int wish)
{
  if (!value)
    return;
  if (G_VALUE_HOLDS_INT (value)) {
    values.push_back (g_value_get_int (value));
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      add_int (values, gst_value_list_get_value (value, i), wish);
  } else if (GST_VALUE_HOLDS_INT_RANGE (value)) {
    auto min = gst_value_get_int_range_min (value);
    auto max = gst_value_get_int_range_max (value);
    auto step = gst_value_get_int_range_step (value);
    if (wish >= min && wish <= max && wish % step == 0)
      values.push_back (wish);
    if (max < unbounded)
      values.insert (values.end (), {min, max});
  }
}

void
add_rate (std::vector<Rate> &rates, const GValue *value, const Rate &wish)
{
  if (!value)
    return;
  auto add = [&] (const GValue *fraction) {
    Rate rate = {gst_value_get_fraction_numerator (fraction),
        gst_value_get_fraction_denominator (fraction)};
    if (rate.numerator > 0 && rate.denominator < G_MAXINT &&
        rate.numerator < G_MAXINT)
      rates.push_back (rate);
  };
  if (GST_VALUE_HOLDS_FRACTION (value)) {
    add (value);
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    for (guint i = 0; i < gst_value_list_get_size (value); i++)
      add_rate (rates, gst_value_list_get_value (value, i), wish);
  } else if (GST_VALUE_HOLDS_FRACTION_RANGE (value)) {
    auto min = gst_value_get_fraction_range_min (value);
    auto max = gst_value_get_fraction_range_max (value);
    add (min);
    add (max);
    GValue wished = G_VALUE_INIT;
    g_value_init (&wished, GST_TYPE_FRACTION);
    gst_value_set_fraction (&wished, wish.numerator, wish.denominator);
    if (wish.numerator > 0 && gst_value_is_subset (&wished, value))
      rates.push_back (wish);
    g_value_unset (&wished);
  }
}

} // namespace

std::vector<Candidate>
list_candidates ()
{
  std::vector<Candidate> candidates;
  auto provider =
      gst_device_provider_factory_get_by_name ("v4l2deviceprovider");
  if (!provider)
    return candidates;

  auto nodes = list_video_nodes ();
  auto jpeg = gst_caps_new_empty_simple ("image/jpeg");
  auto raw = encodable_caps ();
  auto devices = gst_device_provider_get_devices (provider);
  for (auto item = devices; item; item = item->next) {
    auto device = GST_DEVICE (item->data);
    auto properties = gst_device_get_properties (device);
    auto caps = gst_device_get_caps (device);
    if (properties && caps && gst_device_has_classes (device, "Video/Source"))
      candidates.push_back ({.camera = identity (properties, nodes),
          .mjpeg = gst_caps_can_intersect (caps, jpeg) != FALSE,
          .raw = gst_caps_can_intersect (caps, raw) != FALSE});
    g_clear_pointer (&caps, gst_caps_unref);
    g_clear_pointer (&properties, gst_structure_free);
  }
  g_list_free_full (devices, gst_object_unref);
  gst_caps_unref (raw);
  gst_caps_unref (jpeg);
  gst_object_unref (provider);

  auto place = [&] (const Candidate &candidate) {
    return std::find (nodes.begin (), nodes.end (), candidate.camera);
  };
  std::stable_sort (candidates.begin (), candidates.end (),
      [&] (const Candidate &a, const Candidate &b) {
        return place (a) < place (b);
      });
  return candidates;
}

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
    std::vector<int> widths, heights;
    std::vector<Rate> rates;
    add_int (widths, gst_structure_get_value (structure, "width"), wish.width);
    add_int (
        heights, gst_structure_get_value (structure, "height"), wish.height);
    add_rate (
        rates, gst_structure_get_value (structure, "framerate"), wish.rate);
    for (auto width : widths)
      for (auto height : heights)
        for (auto rate : rates)
          modes.push_back ({width, height, rate});
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
