// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "payload.h"
#include "scan_fragments.h"
#include "sequence_window.h"

#include <memory>
#include <optional>
#include <vector>

namespace rfc2435 {

// An RTP packet as far as it matters here.
struct Packet {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t seqnum = 0;
  bool marker = false;
  Bytes payload;
  // JPEG segments in a header extension as ONVIF defines it.
  std::optional<Bytes> segments;
  // What the receiver tells the frame's time by.
  std::uint64_t pts = 0;
  std::uint64_t dts = 0;
  // What the receiver wants back with the frame, if anything.
  std::shared_ptr<void> companion;
};

// What has arrived of a frame.
struct ReceivedFrame {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  // Of the packet that arrived last.
  std::uint64_t pts = 0;
  std::uint64_t dts = 0;
  // Of the first packet that had any.
  std::shared_ptr<void> companion;

  // Of all its packets, the fragment offset aside.
  MainHeader header;
  std::uint16_t restart_interval = 0; // 0: none
  std::optional<QuantizationTables> tables;
  std::optional<std::vector<std::uint8_t>> segments;
  ScanFragments scan;

  // The first packet is there, with the tables that it carries.
  bool has_begin = false;
  // The last packet is there, and where its piece ends.
  std::optional<std::uint32_t> size;
  // Nothing came before it from this sender.
  bool is_first = false;
  // No sequence number is missing between the frame before and this one.
  bool follows_directly = false;

  // Not a byte is missing.
  bool is_whole () const;

  // For the assembler
  SequenceWindow::Number lowest = 0;
  SequenceWindow::Number highest = 0;
  std::uint32_t highest_offset = 0; // of the packet with number `highest`
  std::optional<SequenceWindow::Number> marker;
  bool closed = false;
  bool is_of_old_sequence = false;
};

// Puts frames together from packets that may be missing, repeated or out of
// order. Packets are placed by fragment offset; sequence numbers tell in which
// order frames were sent, what was lost, and what may still come.
class FrameAssembler {
public:
  struct Limits {
    // Of a scan, in bytes.
    std::uint32_t max_size = 1u << 24;
    // A packet that lies farther back than that comes from a sender that has
    // begun anew.
    unsigned max_reorder = 100;
  };

  enum class Fate {
    used,
    duplicate,
    late,      // its frame is gone
    malformed, // can't be read, or contradicts others
    too_large, // beyond the limit
  };

  // What becomes of a packet. Then take frames until there are none.
  Fate add (const Packet &packet, const Limits &limits);
  // No packet before this one will come any more.
  void give_up_before (std::uint16_t seqnum);
  // No packet at all will come: all frames can be taken.
  void close ();

  // Whether the next frame is whole, or waits for nothing any more.
  bool is_ready () const;
  // Whether there are frames behind it.
  bool has_several () const { return frames_.size () > 1; }
  // That frame.
  ReceivedFrame take ();

  // Drops everything; the number of frames that were not taken.
  std::size_t reset ();

  // Sequence numbers that were left out.
  std::uint64_t lost () const { return sequence_.lost (); }

private:
  using Number = SequenceWindow::Number;

  ReceivedFrame *find_frame (const Packet &, const Payload &, Number);
  ReceivedFrame *begin_frame (const Packet &, const Payload &, Number);
  void begin_sequence ();
  bool belongs (
      const ReceivedFrame &, const Packet &, const Payload &, Number) const;
  bool is_rest_of_last (const Packet &, const Payload &) const;
  Fate place (
      ReceivedFrame &, const Packet &, const Payload &, const Limits &, Number);

  SequenceWindow sequence_;
  // At most two from one call to the next, and the older is incomplete then.
  std::vector<ReceivedFrame> frames_;
  bool started_ = false;
  std::uint32_t ssrc_ = 0;
  bool fresh_ = true;
  // Frames up to this number are gone.
  Number done_ = 0;
  bool has_done_ = false;
  std::uint32_t last_timestamp_ = 0;
  bool last_had_marker_ = true;
  std::uint32_t last_end_ = 0;
  std::size_t last_received_ = 0;
};

} // namespace rfc2435
