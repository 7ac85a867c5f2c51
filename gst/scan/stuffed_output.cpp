// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stuffed_output.h"

#include "copy_to_ff.h"

namespace rfc2435 {

bool
StuffedOutput::make_room (std::size_t size)
{
  if (size_ + size > limit_)
    is_full_ = true;
  else
    // Each byte may be a 0xff.
    buffer_.reserve (size_ + 2 * size + copy_to_ff_slack, size_);
  return !is_full_;
}

void
StuffedOutput::append (Bytes bytes)
{
  if (!make_room (bytes.size ()))
    return;
  auto from = bytes.data ();
  auto end = from + bytes.size ();
  auto out = buffer_.data () + size_;
  for (;;) {
    auto count = copy_to_ff (from, end, out);
    from += count;
    out += count;
    if (from == end)
      break;
    from++;
    *out++ = 0xff;
    *out++ = 0;
  }
  size_ = out - buffer_.data ();
}

void
StuffedOutput::append_marker (std::uint8_t code)
{
  if (!make_room (2))
    return;
  auto out = buffer_.data () + size_;
  out[0] = 0xff;
  out[1] = code;
  size_ += 2;
}

} // namespace rfc2435
