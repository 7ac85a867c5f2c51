// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace testcamera {

// A picture size and the frame rates that the camera offers for it, highest
// first.
struct Mode {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<unsigned> rates;
};

struct Model {
  std::string vendor_name = "Testcam";
  std::string name = "Virtual UVC camera";
  std::string serial = "0001"; // empty: the camera has none
  std::uint16_t vendor = 0x1d6b;
  std::uint16_t product = 0x0102;
  bool isochronous = true;
  bool mjpeg = true;
  bool yuyv = true;
  // The last one is too slow to be chosen by default.
  std::vector<Mode> modes = {{640, 480, {30, 15}}, {1280, 720, {30, 15}},
      {1920, 1080, {30, 15}}, {2592, 1944, {10}}};

  // Formats are numbered from 1 in descriptor order (UVC 1.1, 3.9.2.1).
  unsigned formats () const { return unsigned{mjpeg} + unsigned{yuyv}; }
  bool format_is_mjpeg (unsigned format) const { return mjpeg && format == 1; }
};

using Descriptor = std::vector<std::uint8_t>;

constexpr unsigned control_interface = 0;
constexpr unsigned streaming_interface = 1;
constexpr unsigned streaming_endpoint = 1;
// Three packets of 1024 bytes per microframe, the maximum of USB 2.0.
constexpr std::uint32_t iso_payload = 3 * 1024;
constexpr std::uint32_t bulk_payload = 16384;

// A frame interval in UVC's unit of 100 ns.
constexpr std::uint32_t
interval_of (unsigned rate)
{
  return (10000000 + rate / 2) / rate;
}

Descriptor device_descriptor (const Model &model);
Descriptor device_qualifier_descriptor ();
Descriptor configuration_descriptor (const Model &model);
// Index 0 lists the languages; empty if there is no such string.
Descriptor string_descriptor (const Model &model, unsigned index);

} // namespace testcamera
