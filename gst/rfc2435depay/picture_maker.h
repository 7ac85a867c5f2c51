// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "picture_header.h"
#include "shown_picture.h"

namespace rfc2435 {

// Makes JPEGs from frames as they arrived.
class PictureMaker {
public:
  // What replaces the missing parts of a picture.
  enum class Conceal {
    previous, // the same parts of the previous picture
    gray,
    none, // nothing: such a picture is dropped
  };

  struct Settings {
    HeaderBuilder::Settings header;
    Conceal conceal = Conceal::previous;
    unsigned max_concealed = 100; // percent
  };

  struct Result {
    Picture picture;
    Dimensions dimensions;
    // MCUs
    std::uint32_t total = 0;
    std::uint32_t concealed = 0;
    // RTP time since the oldest concealed part arrived
    std::uint32_t oldest_age = 0;
  };

  std::optional<DropCause> make (
      ReceivedFrame &frame, const Settings &settings, Result &result);

  // Forgets the pictures and tables of the sender.
  void reset () { *this = PictureMaker{}; }

private:
  std::optional<DropCause> heal (
      ReceivedFrame &frame, const Settings &settings, Result &result);

  HeaderBuilder headers_;
  // The picture that was output last
  std::optional<ShownPicture> shown_;
};

} // namespace rfc2435
