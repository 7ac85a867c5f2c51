// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fragmenter.h"

#include "quantization_header.h"
#include "restart_header.h"

#include <algorithm>

namespace rfc2435 {
namespace {

std::size_t
common_header_size (const Frame &frame)
{
  return MainHeader::size +
         (frame.has_restart_header () ? RestartHeader::size : 0);
}

std::size_t
first_header_size (const Frame &frame)
{
  return common_header_size (frame) +
         (frame.has_tables () ? QuantizationHeader::size (frame.tables) : 0);
}

// A picture too large for the header is told out of band, with 0 here.
std::uint8_t
blocks (unsigned dimension, const Frame &frame)
{
  if (std::max (frame.width, frame.height) > MainHeader::max_dimension)
    return 0;
  return static_cast<std::uint8_t> ((dimension + 7) / 8);
}

} // namespace

Fragmenter::Fragmenter (const Frame &frame, std::size_t max_payload)
    : frame_ (frame), max_payload_ (max_payload),
      first_header_size_ (first_header_size (frame)),
      header_size_ (common_header_size (frame)),
      main_header_{
          .type = frame.type,
          .q = frame.q,
          .width_blocks = blocks (frame.width, frame),
          .height_blocks = blocks (frame.height, frame),
      }
{}

std::size_t
Fragmenter::min_payload (const Frame &frame)
{
  return first_header_size (frame) + 1;
}

std::size_t
Fragmenter::packet_count () const
{
  auto first = max_payload_ - first_header_size_;
  auto other = max_payload_ - header_size_;
  if (frame_.data_size () <= first)
    return 1;
  return 1 + (frame_.data_size () - first + other - 1) / other;
}

std::size_t
Fragmenter::total_size () const
{
  return first_header_size_ + (packet_count () - 1) * header_size_ +
         frame_.data_size ();
}

bool
Fragmenter::next (Fragment &fragment)
{
  auto left = frame_.data_size () - offset_;
  if (left == 0)
    return false;

  auto header = offset_ == 0 ? first_header_size_ : header_size_;
  auto size = std::min (left, max_payload_ - header);
  fragment = {
      .offset = offset_,
      .header_size = header,
      .data_size = size,
      .last = size == left,
  };
  offset_ += static_cast<std::uint32_t> (size);
  return true;
}

std::uint8_t *
Fragmenter::write_header (const Fragment &fragment, std::uint8_t *out) const
{
  auto main_header = main_header_;
  main_header.fragment_offset = fragment.offset;
  out = main_header.write (out);
  if (frame_.has_restart_header ())
    out =
        RestartHeader{.restart_interval = frame_.restart_interval}.write (out);
  if (frame_.has_tables () && fragment.offset == 0)
    out = QuantizationHeader::write (frame_.tables, out);
  return out;
}

} // namespace rfc2435
