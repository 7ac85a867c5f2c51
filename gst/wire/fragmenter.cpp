// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fragmenter.h"

#include "quantization_header.h"

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

// The size of a picture too large for the header is transmitted out of band,
// with 0 here.
std::uint8_t
blocks (unsigned dimension, const Frame &frame)
{
  if (std::max (frame.width, frame.height) > MainHeader::max_dimension)
    return 0;
  return static_cast<std::uint8_t> ((dimension + 7) / 8);
}

} // namespace

Fragmenter::Fragmenter (const Frame &frame, std::size_t max_payload,
    std::span<const std::uint32_t> interval_ends)
    : frame_ (frame), max_payload_ (max_payload),
      first_header_size_ (first_header_size (frame)),
      header_size_ (common_header_size (frame)),
      main_header_{
          .type = frame.type,
          .q = frame.q,
          .width_blocks = blocks (frame.width, frame),
          .height_blocks = blocks (frame.height, frame),
      },
      interval_ends_ (interval_ends)
{
  if (interval_ends_.empty ()) {
    auto first = max_payload_ - first_header_size_;
    auto other = max_payload_ - header_size_;
    packet_count_ = 1;
    if (frame_.data_size () > first)
      packet_count_ += (frame_.data_size () - first + other - 1) / other;
    return;
  }
  Fragment fragment;
  while (next (fragment)) {
    packet_count_++;
    chunk_count_ += fragment.first_of_chunk;
  }
  offset_ = interval_ = 0;
}

std::size_t
Fragmenter::min_payload (const Frame &frame)
{
  return first_header_size (frame) + 1;
}

std::size_t
Fragmenter::scan_room (const Frame &frame, std::size_t max_payload,
    std::size_t rtp_header, std::size_t total)
{
  auto packets = (total + rtp_header + max_payload - 1) / //
                 (rtp_header + max_payload);
  auto header = common_header_size (frame);
  auto headers =
      first_header_size (frame) - header + packets * (rtp_header + header);
  auto other = headers + frame.data_size () - frame.scan_size;
  return total > other ? total - other : 0;
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

  if (!interval_ends_.empty ()) {
    fragment = next_of_chunk ();
    offset_ += static_cast<std::uint32_t> (fragment.data_size);
    return true;
  }
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

Fragment
Fragmenter::next_of_chunk ()
{
  auto begin = interval_ == 0 ? 0 : interval_ends_[interval_ - 1];
  auto header_size = offset_ == 0 ? first_header_size_ : header_size_;
  auto room = max_payload_ - header_size;
  Fragment fragment = {
      .offset = offset_,
      .header_size = header_size,
      .first_of_chunk = offset_ == begin,
      .restart_count = static_cast<std::uint16_t> (interval_),
  };

  auto end = offset_;
  auto fits = [&] {
    return interval_ < interval_ends_.size () &&
           interval_ends_[interval_] - offset_ <= room;
  };
  if (fits ())
    end = interval_ends_[interval_++];
  // Nothing may follow the rest of an interval that spans several payloads: F
  // and L mark a payload either as one of whole intervals or as a part of one.
  while (fragment.first_of_chunk && fits ())
    end = interval_ends_[interval_++];

  fragment.last_of_chunk = end != offset_;
  fragment.data_size = fragment.last_of_chunk ? end - offset_ : room;
  fragment.last = offset_ + fragment.data_size == frame_.data_size ();
  return fragment;
}

std::uint8_t *
Fragmenter::write_header (const Fragment &fragment, std::uint8_t *out) const
{
  auto main_header = main_header_;
  main_header.fragment_offset = fragment.offset;
  out = main_header.write (out);
  if (frame_.has_restart_header ())
    out =
        RestartHeader{
            .restart_interval = frame_.restart_interval,
            .first = fragment.first_of_chunk,
            .last = fragment.last_of_chunk,
            .restart_count = fragment.restart_count,
        }
            .write (out);
  if (frame_.has_tables () && fragment.offset == 0)
    out = QuantizationHeader::write (frame_.tables, out);
  return out;
}

} // namespace rfc2435
