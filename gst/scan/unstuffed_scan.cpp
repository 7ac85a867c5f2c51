// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unstuffed_scan.h"

#include "byte_reader.h"
#include "copy_to_ff.h"
#include "jpeg_markers.h"

#include <algorithm>

namespace rfc2435 {

static constexpr std::size_t max_size = std::size_t{1} << 28;

// Reads the pieces; a marker may span two of them.
class UnstuffedScan::Reading {
public:
  Reading (UnstuffedScan &scan, std::size_t offset, bool has_restart_markers)
      : scan_ (scan), out_ (scan.buffer_.data ()), position_ (offset),
        has_restart_markers_ (has_restart_markers)
  {
    segment_.source_begin = offset;
  }

  // False if the scan has ended.
  bool read (Bytes piece)
  {
    auto next = piece.data ();
    auto end = next + piece.size ();
    while (next != end) {
      if (!after_ff_) {
        auto count = copy_to_ff (next, end, out_);
        out_ += count;
        next += count;
        position_ += count;
        if (next == end)
          break;
        after_ff_ = true;
        ff_position_ = position_;
      }
      // Fill bytes 0xff may precede a marker (T.81 B.1.1.2).
      while (next != end && *next == 0xff) {
        next++;
        position_++;
      }
      if (next == end)
        break;
      auto code = *next++;
      position_++;
      after_ff_ = false;
      if (code == 0)
        *out_++ = 0xff;
      else if (!take_marker (code))
        return false;
    }
    return true;
  }

  void finish ()
  {
    if (!ended_)
      end_segment (after_ff_ ? ff_position_ : position_, 0);
    std::fill_n (out_, UnstuffedScan::padding, 0);
  }

private:
  bool take_marker (std::uint8_t code)
  {
    end_segment (ff_position_, code);
    ended_ = !has_restart_markers_ || !marker::is_rst (code);
    return !ended_;
  }

  void end_segment (std::size_t source_end, std::uint8_t marker)
  {
    segment_.end = out_ - scan_.buffer_.data ();
    segment_.source_end = source_end;
    segment_.marker = marker;
    scan_.segments_.push_back (segment_);
    segment_ = {.begin = segment_.end, .source_begin = position_};
  }

  UnstuffedScan &scan_;
  std::uint8_t *out_;
  std::size_t position_; // in the source
  const bool has_restart_markers_;
  bool after_ff_ = false;
  std::size_t ff_position_ = 0;
  bool ended_ = false;
  Segment segment_;
};

void
UnstuffedScan::read (
    std::span<const Bytes> pieces, std::size_t offset, bool has_restart_markers)
{
  std::size_t size = 0;
  for (auto piece : pieces)
    size += piece.size ();
  offset = std::min (offset, size);
  size = std::min (size - offset, max_size);
  buffer_.reserve (size + copy_to_ff_slack + padding);
  segments_.clear ();

  Reading reading (*this, offset, has_restart_markers);
  auto skip = offset;
  for (auto piece : pieces) {
    auto skipped = std::min (skip, piece.size ());
    skip -= skipped;
    piece = piece.subspan (skipped);
    piece = piece.first (std::min (piece.size (), size));
    size -= piece.size ();
    if (!reading.read (piece))
      break;
  }
  reading.finish ();
}

std::size_t
UnstuffedScan::source_offset (std::span<const Bytes> pieces,
    const Segment &segment, std::size_t position) const
{
  if (position >= segment.end)
    return segment.source_end;
  ByteReader reader (pieces);
  reader.skip (segment.source_begin);
  for (auto count = position - segment.begin; count > 0; count--)
    if (reader.u8 () == 0xff)
      while (reader.u8 () == 0xff)
        ;
  return reader.position ();
}

} // namespace rfc2435
