// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_end.h"

#include <gst/gst.h>

namespace rfc2435 {

// Reports bytes after pictures in their buffers: the first time there are any,
// and the first time they contain another picture.
class LeftOutReport {
public:
  // Posts the message with which all elements report this, with a structure
  // `ELEMENT-left-out`: `bytes`, and `picture`, whether SOI is among them.
  void tell (GstElement *element, const char *element_name,
      const TrailingData &trailing);

private:
  bool told_of_bytes_ = false;
  bool told_of_picture_ = false;
};

} // namespace rfc2435
