// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "payload.h"
#include "scan_fragments.h"
#include "sequence_window.h"

#include <memory>
#include <optional>
#include <vector>

namespace rfc2435 {

// The parts of an RTP packet that matter here.
struct Packet {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t seqnum = 0;
  bool marker = false;
  Bytes payload;
  // JPEG segments in a header extension, as defined by ONVIF.
  std::optional<Bytes> segments;
  // From which the receiver derives the frame's time.
  std::uint64_t pts = 0;
  std::uint64_t dts = 0;
  // Returned to the receiver with the frame, if set.
  std::shared_ptr<void> companion;
};

// The parts of a frame that have arrived.
struct ReceivedFrame {
  std::uint32_t ssrc = 0;
  std::uint32_t timestamp = 0;
  // From the packet that arrived last
  std::uint64_t pts = 0;
  std::uint64_t dts = 0;
  // From the first packet that had one
  std::shared_ptr<void> companion;

  // Common to all its packets, except for the fragment offset
  MainHeader header;
  std::uint16_t restart_interval = 0; // 0: none
  std::optional<QuantizationTables> tables;
  std::optional<std::vector<std::uint8_t>> segments;
  ScanFragments scan;

  // The first packet has arrived, with the tables that it carries.
  bool has_begin = false;
  // If the last packet has arrived: where its piece ends.
  std::optional<std::uint32_t> size;
  // It is the first one from this sender.
  bool is_first = false;
  // No sequence number is missing between the previous frame and this one.
  bool follows_directly = false;

  // No byte is missing.
  bool is_whole () const;

  // Used by the assembler
  SequenceWindow::Number lowest = 0;
  SequenceWindow::Number highest = 0;
  std::uint32_t highest_offset = 0; // of the packet with number `highest`
  std::optional<SequenceWindow::Number> marker;
  bool closed = false;
  bool is_of_old_sequence = false;
};

// Assembles frames from packets that may be missing, repeated or out of order.
// Packets are placed by fragment offset; sequence numbers show in which order
// frames were sent, what was lost, and what may still arrive.
class FrameAssembler {
public:
  struct Limits {
    // The maximum size of a scan, in bytes.
    std::uint32_t max_size = 1u << 24;
    // A packet that is further behind than this means that the sender has
    // restarted.
    unsigned max_reorder = 100;
  };

  enum class Fate {
    used,
    duplicate,
    late,      // its frame has been taken
    malformed, // can't be read, or contradicts others
    too_large, // beyond the limit
  };

  // Adds a packet, and returns what became of it. Afterwards, take frames as
  // long as they are ready.
  Fate add (const Packet &packet, const Limits &limits);
  // No packet before this one will arrive any more.
  void give_up_before (std::uint16_t seqnum);
  // No packet at all will arrive any more: all frames can be taken.
  void close ();

  // Whether the next frame is complete, or need not wait any longer.
  bool is_ready () const;
  // Whether there are frames after it.
  bool has_several () const { return frames_.size () > 1; }
  // Takes the next frame.
  ReceivedFrame take ();

  // Drops everything; returns the number of frames that were not taken.
  std::size_t reset ();

  // The number of missing sequence numbers.
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
  // At most two between calls, the older of which is incomplete then.
  std::vector<ReceivedFrame> frames_;
  bool started_ = false;
  std::uint32_t ssrc_ = 0;
  bool fresh_ = true;
  // Frames up to this number have been taken.
  Number done_ = 0;
  bool has_done_ = false;
  std::uint32_t last_timestamp_ = 0;
  bool last_had_marker_ = true;
  std::uint32_t last_end_ = 0;
  std::size_t last_received_ = 0;
};

} // namespace rfc2435
