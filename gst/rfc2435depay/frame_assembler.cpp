// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_assembler.h"

#include "jpeg_markers.h"

#include <algorithm>

namespace rfc2435 {
namespace {

constexpr std::size_t max_segments = 65535;

bool
is_same_picture (const MainHeader &a, const MainHeader &b)
{
  return a.type_specific == b.type_specific && a.type == b.type && a.q == b.q &&
         a.width_blocks == b.width_blocks && a.height_blocks == b.height_blocks;
}

bool
ends_with_eoi (const ScanFragments &scan)
{
  auto end = scan.tail (2);
  return end && (*end)[0] == 0xff && (*end)[1] == marker::eoi;
}

} // namespace

bool
ReceivedFrame::is_whole () const
{
  return has_begin && !scan.empty () && scan.is_gapless () &&
         (size ? *size == scan.end () : ends_with_eoi (scan));
}

FrameAssembler::Fate
FrameAssembler::add (const Packet &packet, const Limits &limits)
{
  if (started_ && packet.ssrc != ssrc_) {
    begin_sequence ();
    fresh_ = true;
  }
  started_ = true;
  ssrc_ = packet.ssrc;

  auto number = sequence_.extend (packet.seqnum);
  if (sequence_.started () &&
      number + limits.max_reorder < sequence_.highest ()) {
    begin_sequence ();
    number = packet.seqnum;
  }
  if (sequence_.has_arrived (number))
    return Fate::duplicate;
  sequence_.arrive (number);
  if (has_done_ && number <= done_)
    return Fate::late;

  Payload payload;
  if (packet.payload.empty () && packet.segments) {
    // It carries only segments (ONVIF Streaming Specification, JPEG over RTP).
    if (frames_.empty () || frames_.back ().timestamp != packet.timestamp)
      return Fate::malformed;
    payload.header = frames_.back ().header;
    payload.header.fragment_offset = frames_.back ().highest_offset;
    if (frames_.back ().restart_interval != 0)
      payload.restart =
          RestartHeader{.restart_interval = frames_.back ().restart_interval};
  } else if (payload.parse (packet.payload)) {
    return Fate::malformed;
  }

  auto frame = find_frame (packet, payload, number);
  return frame ? place (*frame, packet, payload, limits, number) : Fate::late;
}

// Within a frame, packets that were sent later carry later pieces. Timestamps
// alone don't separate frames: senders without a clock never change them.
bool
FrameAssembler::belongs (const ReceivedFrame &frame, const Packet &packet,
    const Payload &payload, Number number) const
{
  if (packet.timestamp != frame.timestamp || frame.closed)
    return false;
  if (frame.marker && number > *frame.marker)
    return false;
  if (packet.marker && number < frame.highest)
    return false;
  return number < frame.highest ||
         payload.header.fragment_offset >= frame.highest_offset;
}

// Whether the packet follows a frame that ended with EOI, but no marker bit.
bool
FrameAssembler::is_rest_of_last (
    const Packet &packet, const Payload &payload) const
{
  return has_done_ && frames_.empty () && !last_had_marker_ &&
         packet.timestamp == last_timestamp_ &&
         payload.header.fragment_offset >= last_end_;
}

ReceivedFrame *
FrameAssembler::find_frame (
    const Packet &packet, const Payload &payload, Number number)
{
  for (auto &frame : frames_) {
    if (belongs (frame, packet, payload, number))
      return &frame;
  }
  if (is_rest_of_last (packet, payload))
    return nullptr;
  if (!frames_.empty () && !frames_.back ().is_of_old_sequence &&
      number < frames_.back ().highest)
    return nullptr;
  return begin_frame (packet, payload, number);
}

ReceivedFrame *
FrameAssembler::begin_frame (
    const Packet &packet, const Payload &payload, Number number)
{
  // Two frames are enough for packets of neighbouring frames that were swapped.
  if (frames_.size () > 1)
    frames_.front ().closed = true;

  auto &frame = frames_.emplace_back ();
  frame.ssrc = packet.ssrc;
  frame.timestamp = packet.timestamp;
  frame.header = payload.header;
  frame.header.fragment_offset = 0;
  frame.restart_interval =
      payload.restart ? payload.restart->restart_interval : 0;
  frame.lowest = frame.highest = number;
  frame.highest_offset = payload.header.fragment_offset;
  frame.is_first = std::exchange (fresh_, false);
  return &frame;
}

FrameAssembler::Fate
FrameAssembler::place (ReceivedFrame &frame, const Packet &packet,
    const Payload &payload, const Limits &limits, Number number)
{
  auto &header = payload.header;
  auto interval = payload.restart ? payload.restart->restart_interval : 0;
  if (!is_same_picture (header, frame.header) ||
      interval != frame.restart_interval)
    return Fate::malformed;

  auto offset = header.fragment_offset;
  auto end = offset + payload.scan.size ();
  if (end > std::min (limits.max_size, MainHeader::max_fragment_offset))
    return Fate::too_large;
  // A piece beyond the last one
  if (frame.size && end > *frame.size)
    return Fate::malformed;
  if (packet.marker && end < frame.scan.end ())
    return Fate::malformed;

  if (!payload.scan.empty ()) {
    // Few packets of a frame arrive while the previous one is still incomplete.
    if (&frame == &frames_.front ())
      frame.scan.reserve (last_received_ + last_received_ / 8);
    auto added = frame.scan.add (
        offset, payload.scan, payload.restart.value_or (RestartHeader{}));
    if (added == ScanFragments::Added::duplicate)
      return Fate::duplicate;
    if (added != ScanFragments::Added::stored)
      return Fate::malformed;
  }

  if (packet.segments) {
    auto &segments = frame.segments;
    if (!segments)
      segments.emplace ();
    if (segments->size () + packet.segments->size () <= max_segments)
      segments->insert (
          segments->end (), packet.segments->begin (), packet.segments->end ());
  }
  if (offset == 0 && !packet.payload.empty ()) {
    frame.has_begin = true;
    if (payload.tables)
      frame.tables = payload.tables;
  }
  if (packet.marker) {
    frame.marker = number;
    frame.size = static_cast<std::uint32_t> (end);
  }
  frame.pts = packet.pts;
  frame.dts = packet.dts;
  if (!frame.companion)
    frame.companion = packet.companion;
  frame.lowest = std::min (frame.lowest, number);
  if (number >= frame.highest) {
    frame.highest = number;
    frame.highest_offset = offset;
  }
  return Fate::used;
}

void
FrameAssembler::give_up_before (std::uint16_t seqnum)
{
  if (sequence_.started ())
    sequence_.give_up_before (sequence_.extend (seqnum));
}

void
FrameAssembler::begin_sequence ()
{
  close ();
  for (auto &frame : frames_)
    frame.is_of_old_sequence = true;
  sequence_.restart ();
  has_done_ = false;
}

void
FrameAssembler::close ()
{
  for (auto &frame : frames_)
    frame.closed = true;
}

bool
FrameAssembler::is_ready () const
{
  if (frames_.empty ())
    return false;
  auto &frame = frames_.front ();
  if (frame.closed || frame.is_whole ())
    return true;
  // If the next frame is complete, this one's packets are long overdue.
  if (frames_.size () > 1 && frames_[1].is_whole ())
    return true;
  auto begin = has_done_ ? done_ + 1 : frame.lowest;
  if (frame.marker)
    return !sequence_.is_any_expected (begin, *frame.marker);
  return frames_.size () > 1 &&
         !sequence_.is_any_expected (begin, frames_[1].lowest - 1);
}

ReceivedFrame
FrameAssembler::take ()
{
  ReceivedFrame frame = std::move (frames_.front ());
  frames_.erase (frames_.begin ());
  last_timestamp_ = frame.timestamp;
  last_had_marker_ = frame.marker.has_value ();
  last_end_ = frame.scan.end ();
  last_received_ = frame.scan.received ();
  if (!frame.is_of_old_sequence) {
    frame.follows_directly = has_done_ && frame.lowest == done_ + 1;
    done_ = frame.highest;
    has_done_ = true;
    // Packets missing before the next frame are not waited for again.
    if (!frame.marker && !frames_.empty ())
      done_ = std::max (done_, frames_.front ().lowest - 1);
  }
  return frame;
}

std::size_t
FrameAssembler::reset ()
{
  auto count = frames_.size ();
  *this = FrameAssembler{};
  return count;
}

} // namespace rfc2435
