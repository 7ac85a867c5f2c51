// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame_assembler.h"

#include <algorithm>
#include <set>

namespace test {

// Does what FrameAssembler does in the most naive way: everything that ever
// arrived is kept, and each question is answered by searching all of it.
// Payloads are read by rfc2435::Payload, which is tested separately.
class PlainAssembler {
public:
  using Fate = rfc2435::FrameAssembler::Fate;
  using Number = std::int64_t;

  struct Piece {
    Number number;
    std::uint32_t offset;
    std::vector<std::uint8_t> bytes;

    std::size_t end () const { return offset + bytes.size (); }
  };

  struct Frame {
    std::uint32_t ssrc, timestamp;
    rfc2435::MainHeader header; // offset 0
    unsigned restart_interval;
    std::vector<Piece> packets; // all that were used
    std::optional<rfc2435::QuantizationTables> tables;
    std::optional<std::vector<std::uint8_t>> segments;
    std::optional<Number> marker;
    bool has_begin = false, is_first = false, follows_directly = false;
    bool is_closed = false, is_of_old_sender = false;
    // The number of the packet that it began with, whatever became of that
    Number begun_with;

    std::vector<Piece> in_order () const
    {
      std::vector<Piece> pieces;
      for (auto &packet : packets)
        if (!packet.bytes.empty ())
          pieces.push_back (packet);
      std::sort (pieces.begin (), pieces.end (),
          [] (auto &a, auto &b) { return a.offset < b.offset; });
      return pieces;
    }
    std::vector<std::uint8_t> scan () const
    {
      std::vector<std::uint8_t> bytes;
      for (auto &piece : in_order ())
        bytes.insert (bytes.end (), piece.bytes.begin (), piece.bytes.end ());
      return bytes;
    }
    std::size_t end () const
    {
      std::size_t end = 0;
      for (auto &packet : packets)
        if (!packet.bytes.empty ())
          end = std::max (end, packet.end ());
      return end;
    }
    std::optional<std::size_t> size () const
    {
      for (auto &packet : packets)
        if (packet.number == marker)
          return packet.end ();
      return std::nullopt;
    }
    bool is_whole () const
    {
      auto bytes = scan ();
      if (!has_begin || bytes.empty () || bytes.size () != end ())
        return false;
      if (size ())
        return *size () == end ();
      // EOI in one piece
      return in_order ().back ().bytes.size () > 1 &&
             bytes[bytes.size () - 2] == 0xff && bytes.back () == 0xd9;
    }
    Number lowest () const
    {
      auto lowest = begun_with;
      for (auto &packet : packets)
        lowest = std::min (lowest, packet.number);
      return lowest;
    }
    // The packet that was sent last, and its offset
    std::pair<Number, std::uint32_t> last () const
    {
      std::pair<Number, std::uint32_t> last = {begun_with, begun_at};
      for (auto &packet : packets)
        last = std::max (last, {packet.number, packet.offset});
      return last;
    }
    std::uint32_t begun_at;
  };

  Fate add (const rfc2435::Packet &packet,
      const rfc2435::FrameAssembler::Limits &limits)
  {
    if (ssrc_ && *ssrc_ != packet.ssrc) {
      begin_anew ();
      is_new_sender_ = true;
    }
    ssrc_ = packet.ssrc;

    auto number = nearest (packet.seqnum);
    if (!arrived_.empty () &&
        number + limits.max_reorder < *arrived_.rbegin ()) {
      begin_anew ();
      number = packet.seqnum;
    }
    if (arrived_.empty ())
      expected_from_ = number;
    if (!arrived_.insert (number).second)
      return Fate::duplicate;
    if (gone_ && number <= *gone_)
      return Fate::late;

    rfc2435::Payload payload;
    if (packet.payload.empty () && packet.segments) {
      if (open.empty () || open.back ().timestamp != packet.timestamp)
        return Fate::malformed;
      payload.header = open.back ().header;
      payload.header.fragment_offset = open.back ().last ().second;
      if (open.back ().restart_interval != 0) {
        payload.restart.emplace ();
        payload.restart->restart_interval =
            static_cast<std::uint16_t> (open.back ().restart_interval);
      }
    } else if (payload.parse (packet.payload)) {
      return Fate::malformed;
    }

    auto frame = find (packet, payload.header.fragment_offset, number);
    if (!frame) {
      bool is_rest = gone_ && open.empty () && !last_had_marker_ &&
                     packet.timestamp == last_timestamp_ &&
                     payload.header.fragment_offset >= last_end_;
      bool is_of_gone = !open.empty () && !open.back ().is_of_old_sender &&
                        number < open.back ().last ().first;
      if (is_rest || is_of_gone)
        return Fate::late;
      if (open.size () == 2)
        open.front ().is_closed = true;
      Frame begun = {.ssrc = packet.ssrc,
          .timestamp = packet.timestamp,
          .header = payload.header,
          .restart_interval =
              payload.restart ? payload.restart->restart_interval : 0u,
          .begun_with = number,
          .begun_at = payload.header.fragment_offset};
      begun.header.fragment_offset = 0;
      begun.is_first = is_new_sender_;
      is_new_sender_ = false;
      open.push_back (begun);
      frame = &open.back ();
    }
    return place (*frame, packet, payload, number, limits);
  }

  void give_up_before (std::uint16_t seqnum)
  {
    if (!arrived_.empty ())
      expected_from_ = std::max (expected_from_, nearest (seqnum));
  }

  void close ()
  {
    for (auto &frame : open)
      frame.is_closed = true;
  }

  bool is_ready () const
  {
    if (open.empty ())
      return false;
    auto &frame = open.front ();
    bool is_next_whole = open.size () > 1 && open[1].is_whole ();
    if (frame.is_closed || frame.is_whole () || is_next_whole)
      return true;
    auto begin = gone_ ? *gone_ + 1 : frame.lowest ();
    if (frame.marker)
      return !is_any_expected (begin, *frame.marker);
    return open.size () > 1 && !is_any_expected (begin, open[1].lowest () - 1);
  }

  Frame take ()
  {
    auto frame = open.front ();
    open.erase (open.begin ());
    last_timestamp_ = frame.timestamp;
    last_had_marker_ = frame.marker.has_value ();
    last_end_ = frame.end ();
    if (!frame.is_of_old_sender) {
      frame.follows_directly = gone_ && frame.lowest () == *gone_ + 1;
      gone_ = frame.last ().first;
      if (!frame.marker && !open.empty ())
        gone_ = std::max (*gone_, open.front ().lowest () - 1);
    }
    return frame;
  }

  // Numbers between the first and the last that did not arrive.
  std::uint64_t lost () const { return lost_before_ + missing (); }

  std::vector<Frame> open;

private:
  Number nearest (std::uint16_t seqnum) const
  {
    if (arrived_.empty ())
      return seqnum;
    auto least = *arrived_.rbegin () - 32768;
    return least + static_cast<std::uint16_t> (seqnum - least);
  }

  std::uint64_t missing () const
  {
    return arrived_.empty ()
               ? 0
               : static_cast<std::uint64_t> (
                     *arrived_.rbegin () - *arrived_.begin () + 1) -
                     arrived_.size ();
  }

  // Whether a number may still arrive
  bool is_any_expected (Number begin, Number end) const
  {
    begin = std::max ({begin, expected_from_, *arrived_.rbegin () - 15});
    for (auto number = begin; number <= end; number++) {
      if (!arrived_.contains (number))
        return true;
    }
    return false;
  }

  void begin_anew ()
  {
    close ();
    for (auto &frame : open)
      frame.is_of_old_sender = true;
    lost_before_ += missing ();
    arrived_.clear ();
    gone_.reset ();
  }

  Frame *find (
      const rfc2435::Packet &packet, std::uint32_t offset, Number number)
  {
    for (auto &frame : open) {
      auto last = frame.last ();
      bool is_before = number < last.first;
      if (packet.timestamp == frame.timestamp && !frame.is_closed &&
          !(frame.marker && number > *frame.marker) &&
          (is_before ? !packet.marker : offset >= last.second))
        return &frame;
    }
    return nullptr;
  }

  static Fate place (Frame &frame, const rfc2435::Packet &packet,
      const rfc2435::Payload &payload, Number number,
      const rfc2435::FrameAssembler::Limits &limits)
  {
    auto header = payload.header;
    header.fragment_offset = 0;
    auto interval = payload.restart ? payload.restart->restart_interval : 0u;
    if (header != frame.header || interval != frame.restart_interval)
      return Fate::malformed;

    Piece piece = {number, payload.header.fragment_offset,
        {payload.scan.begin (), payload.scan.end ()}};
    if (piece.end () > limits.max_size || piece.end () >= 1u << 24)
      return Fate::too_large;
    if (frame.size () && piece.end () > *frame.size ())
      return Fate::malformed;
    if (packet.marker && piece.end () < frame.end ())
      return Fate::malformed;
    std::size_t count = 0;
    for (auto &other : frame.packets) {
      if (piece.bytes.empty () || other.bytes.empty ())
        continue;
      count++;
      if (piece.offset >= other.end () || other.offset >= piece.end ())
        continue;
      return piece.offset >= other.offset && piece.end () <= other.end () &&
                     std::equal (piece.bytes.begin (), piece.bytes.end (),
                         other.bytes.begin () + (piece.offset - other.offset))
                 ? Fate::duplicate
                 : Fate::malformed;
    }
    if (count == rfc2435::ScanFragments::max_count)
      return Fate::malformed;

    if (packet.segments) {
      if (!frame.segments)
        frame.segments.emplace ();
      if (frame.segments->size () + packet.segments->size () < 65536)
        frame.segments->insert (frame.segments->end (),
            packet.segments->begin (), packet.segments->end ());
    }
    if (piece.offset == 0 && !packet.payload.empty ()) {
      frame.has_begin = true;
      if (payload.tables)
        frame.tables = payload.tables;
    }
    if (packet.marker)
      frame.marker = number;
    frame.packets.push_back (piece);
    return Fate::used;
  }

  std::optional<std::uint32_t> ssrc_;
  bool is_new_sender_ = true;
  std::set<Number> arrived_; // from this sender
  Number expected_from_ = 0;
  std::uint64_t lost_before_ = 0; // of earlier senders
  std::optional<Number> gone_;
  std::uint32_t last_timestamp_ = 0;
  bool last_had_marker_ = true;
  std::size_t last_end_ = 0;
};

// Both side by side. They must agree on each packet and each frame.
class CheckedAssembler {
public:
  // The difference between them, or null if they have agreed so far.
  const char *difference () const { return difference_; }

  rfc2435::FrameAssembler::Fate add (const rfc2435::Packet &packet,
      const rfc2435::FrameAssembler::Limits &limits)
  {
    auto fate = assembler_.add (packet, limits);
    expect (plain_.add (packet, limits) == fate, "fate");
    expect (plain_.lost () == assembler_.lost (), "lost");
    return fate;
  }

  void give_up_before (std::uint16_t seqnum)
  {
    assembler_.give_up_before (seqnum);
    plain_.give_up_before (seqnum);
  }

  void close ()
  {
    assembler_.close ();
    plain_.close ();
  }

  bool is_ready ()
  {
    bool ready = assembler_.is_ready ();
    expect (plain_.is_ready () == ready, "is_ready");
    if (!ready)
      expect (plain_.open.size () <= 2, "open frames");
    return ready && !difference_;
  }

  rfc2435::ReceivedFrame take ()
  {
    auto frame = assembler_.take ();
    auto plain = plain_.take ();
    auto header = frame.header;
    header.fragment_offset = 0;
    expect (frame.ssrc == plain.ssrc && frame.timestamp == plain.timestamp &&
                header == plain.header &&
                frame.restart_interval == plain.restart_interval,
        "header");
    expect (frame.tables == plain.tables, "tables");
    expect (frame.segments == plain.segments, "segments");
    expect (frame.has_begin == plain.has_begin, "has_begin");
    expect (frame.size == plain.size (), "size");
    expect (frame.is_first == plain.is_first, "is_first");
    expect (
        frame.follows_directly == plain.follows_directly, "follows_directly");
    expect (frame.is_whole () == plain.is_whole (), "is_whole");
    auto pieces = plain.in_order ();
    auto &fragments = frame.scan.fragments ();
    expect (std::ranges::equal (fragments, pieces,
                [] (auto &fragment, auto &piece) {
                  return fragment.offset == piece.offset &&
                         fragment.size == piece.bytes.size ();
                }),
        "pieces");
    frame.scan.sort ();
    expect (std::ranges::equal (frame.scan.received_bytes (), plain.scan ()),
        "bytes");
    return frame;
  }

  // Returns the number of frames that were not taken.
  std::size_t reset ()
  {
    auto count = assembler_.reset ();
    expect (count == plain_.open.size (), "reset");
    plain_ = {};
    return count;
  }

private:
  void expect (bool agrees, const char *what)
  {
    if (!agrees && !difference_)
      difference_ = what;
  }

  rfc2435::FrameAssembler assembler_;
  PlainAssembler plain_;
  const char *difference_ = nullptr;
};

} // namespace test
