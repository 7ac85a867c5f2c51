// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame.h"

#include "jpeg_markers.h"

namespace rfc2435 {
namespace {

std::string
coding_process (std::uint8_t sof)
{
  const char *name = sof == marker::sof2    ? "progressive"
                     : sof == marker::sof3  ? "lossless"
                     : sof == marker::sof9  ? "arithmetic coding"
                     : sof == marker::sof10 ? "progressive arithmetic coding"
                                            : "coding process";
  std::string text = name;
  text += " (SOF";
  text += std::to_string (sof - marker::sof0);
  text += ")";
  return text;
}

std::string
color_space (const JpegHeader &header)
{
  switch (header.component_count) {
  case 0:
    return "more than 4 components";
  case 1:
    return "gray (one component)";
  case 3:
    return "RGB instead of YCbCr";
  default:
    return std::to_string (header.component_count) + " components";
  }
}

std::string
sampling (const JpegHeader &header)
{
  std::string text;
  for (unsigned i = 0; i < header.component_count; i++) {
    auto &c = header.components[i];
    if (i > 0)
      text += ',';
    text += std::to_string (c.horizontal_sampling) + 'x' +
            std::to_string (c.vertical_sampling);
  }
  return "sampling factors " + text;
}

} // namespace

std::string
FrameParser::explain (DropCause cause) const
{
  switch (cause) {
  case DropCause::cut_short:
    return header_.scan_offset == 0 ? "the picture ends within its header"
                                    : "an incomplete scan";
  case DropCause::malformed:
    return fault_.empty () ? "an invalid marker segment" : fault_;
  case DropCause::coding_process:
    return coding_process (header_.sof);
  case DropCause::sample_precision:
    return std::to_string (header_.precision) + " bits per sample";
  case DropCause::color_space:
    return color_space (header_);
  case DropCause::sampling:
    return sampling (header_);
  case DropCause::too_large:
    return std::to_string (header_.width) + "x" +
           std::to_string (header_.height) + " pixels to recode";
  default:
    return text (cause).found;
  }
}

} // namespace rfc2435
