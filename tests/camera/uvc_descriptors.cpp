// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "uvc_descriptors.h"

#include <initializer_list>

namespace testcamera {

namespace {

// USB is little-endian.
class Writer {
public:
  void u8 (unsigned value) { bytes_.push_back (static_cast<uint8_t> (value)); }
  void u8s (std::initializer_list<unsigned> values)
  {
    for (auto value : values)
      u8 (value);
  }
  void u16 (unsigned value) { u8s ({value, value >> 8}); }
  void u32 (std::uint32_t value)
  {
    u16 (value);
    u16 (value >> 16);
  }
  // Sets the wTotalLength at `at` to the number of bytes from `start` on.
  void set_total (std::size_t at, std::size_t start)
  {
    auto total = bytes_.size () - start;
    bytes_[at] = static_cast<uint8_t> (total);
    bytes_[at + 1] = static_cast<uint8_t> (total >> 8);
  }
  std::size_t size () const { return bytes_.size (); }
  Descriptor take () { return std::move (bytes_); }

private:
  Descriptor bytes_;
};

// UVC 1.1 appendix A.
constexpr unsigned cs_interface = 0x24;
constexpr unsigned vs_frame_uncompressed = 5;
constexpr unsigned vs_frame_mjpeg = 7;

void
put_frames (Writer &w, unsigned subtype, const std::vector<Mode> &modes)
{
  for (std::size_t i = 0; i < modes.size (); i++) {
    const auto &mode = modes[i];
    auto rates = static_cast<unsigned> (mode.rates.size ());
    auto size = mode.width * mode.height * 2;

    w.u8s ({26 + 4 * rates, cs_interface, subtype,
        static_cast<unsigned> (i) + 1, 0});
    w.u16 (mode.width);
    w.u16 (mode.height);
    w.u32 (size * 8 * mode.rates.back ());
    w.u32 (size * 8 * mode.rates.front ());
    w.u32 (size);
    w.u32 (interval_of (mode.rates.front ()));
    w.u8 (rates);
    for (auto rate : mode.rates)
      w.u32 (interval_of (rate));
  }
  w.u8s ({6, cs_interface, 0x0d, 1, 1, 4}); // BT.709 colours, BT.601 matrix
}

void
put_video_control (Writer &w)
{
  w.u8s ({9, 4, control_interface, 0, 0, 0x0e, 1, 0, 2});
  auto start = w.size ();
  w.u8s ({13, cs_interface, 1, 0x00, 0x01, 0, 0}); // UVC 1.0
  w.u32 (48000000);
  w.u8s ({1, streaming_interface});
  // Camera terminal 1, processing unit 2 (neither has controls), output 3.
  w.u8s (
      {18, cs_interface, 2, 1, 0x01, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0});
  w.u8s ({11, cs_interface, 5, 2, 1, 0, 0, 2, 0, 0, 0});
  w.u8s ({9, cs_interface, 3, 3, 0x01, 0x01, 0, 2, 0});
  w.set_total (start + 5, start);
}

void
put_video_streaming (Writer &w, const Model &model)
{
  auto modes = static_cast<unsigned> (model.modes.size ());
  auto endpoint = 0x80 | streaming_endpoint;

  w.u8s ({9, 4, streaming_interface, 0, model.isochronous ? 0u : 1u, 0x0e, 2, 0,
      0});
  auto start = w.size ();
  w.u8s ({13 + model.formats (), cs_interface, 1, model.formats (), 0, 0,
      endpoint, 0, 3, 0, 0, 0, 1});
  for (unsigned i = 0; i < model.formats (); i++)
    w.u8 (0);
  unsigned format = 0;
  if (model.mjpeg) {
    w.u8s ({11, cs_interface, 6, ++format, modes, 1, 1, 0, 0, 0, 0});
    put_frames (w, vs_frame_mjpeg, model.modes);
  }
  if (model.yuyv) {
    w.u8s ({27, cs_interface, 4, ++format, modes, 'Y', 'U', 'Y', '2', 0, 0,
        0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71, 16, 1, 0, 0, 0, 0});
    put_frames (w, vs_frame_uncompressed, model.modes);
  }
  w.set_total (start + 4, start);

  if (!model.isochronous) {
    w.u8s ({7, 5, endpoint, 2});
    w.u16 (512);
    w.u8 (0);
    return;
  }
  for (unsigned alternate = 1; alternate <= 3; alternate++) {
    w.u8s ({9, 4, streaming_interface, alternate, 1, 0x0e, 2, 0, 0});
    w.u8s ({7, 5, endpoint, 5});
    w.u16 (1024 | (alternate - 1) << 11);
    w.u8 (1);
  }
}

} // namespace

Descriptor
device_descriptor (const Model &model)
{
  Writer w;
  w.u8s ({18, 1, 0x00, 0x02, 0xef, 2, 1, 64});
  w.u16 (model.vendor);
  w.u16 (model.product);
  w.u16 (0x0010);
  w.u8s ({1, 2, model.serial.empty () ? 0u : 3u, 1});
  return w.take ();
}

Descriptor
device_qualifier_descriptor ()
{
  return {10, 6, 0x00, 0x02, 0xef, 2, 1, 64, 1, 0};
}

Descriptor
configuration_descriptor (const Model &model)
{
  Writer w;
  w.u8s ({9, 2, 0, 0, 2, 1, 0, 0x80, 250});
  w.u8s ({8, 11, control_interface, 2, 0x0e, 3, 0, 2});
  put_video_control (w);
  put_video_streaming (w, model);
  w.set_total (2, 0);
  return w.take ();
}

Descriptor
string_descriptor (const Model &model, unsigned index)
{
  if (index == 0)
    return {4, 3, 0x09, 0x04};
  const std::string strings[] = {model.vendor_name, model.name, model.serial};
  if (index > std::size (strings))
    return {};
  Writer w;
  const auto &text = strings[index - 1];
  w.u8s ({static_cast<unsigned> (2 + 2 * text.size ()), 3});
  for (auto c : text)
    w.u16 (static_cast<unsigned char> (c));
  return w.take ();
}

} // namespace testcamera
