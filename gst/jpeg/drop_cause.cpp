// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "drop_cause.h"

#include <string_view>

namespace rfc2435 {
namespace {

constexpr const char *look_at_source =
    "Each buffer must hold one complete JPEG picture. If the source splits "
    "pictures, put jpegparse after it; if it is a camera, check the cable, the "
    "hub and the USB bandwidth.";

constexpr const char *write_baseline =
    "Make the source write baseline JPEG with 4:2:0 or 4:2:2 sampling and the "
    "standard Huffman tables.";

constexpr const char *nothing_to_do = "The following frames are sent.";

constexpr DropCauseText texts[] = {
#define DROP_CAUSE(cause, name, found, remedy) {name, found, remedy},
#include "drop_causes.inc"
#undef DROP_CAUSE
};

constexpr bool
is_in_kebab_case (std::string_view name, std::string_view enumerator)
{
  if (name.size () != enumerator.size ())
    return false;
  for (std::size_t i = 0; i < name.size (); i++) {
    if (name[i] != (enumerator[i] == '_' ? '-' : enumerator[i]))
      return false;
  }
  return true;
}

// Each row must be at the index of its cause, and have the same name.
#define DROP_CAUSE(cause, ...)                                                 \
  static_assert (is_in_kebab_case (                                            \
      texts[static_cast<std::size_t> (DropCause::cause)].name, #cause));
#include "drop_causes.inc"
#undef DROP_CAUSE

} // namespace

const DropCauseText &
text (DropCause cause)
{
  return texts[static_cast<std::size_t> (cause)];
}

} // namespace rfc2435
