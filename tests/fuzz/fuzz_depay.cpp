// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Arbitrary packets in any order through the part of the receiver that is plain
// C++. Frames must be assembled as by a naive assembler that keeps everything,
// output must begin and end like a JPEG, and no more memory may be held than
// has arrived.

#include "check.h"
#include "packet_input.h"
#include "picture_maker.h"
#include "plain_assembler.h"

#include <vector>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

class Receiver {
public:
  explicit Receiver (std::uint8_t how)
  {
    settings_.conceal = static_cast<PictureMaker::Conceal> (how % 3);
    settings_.header.max_pixels = 1 << 17;
    if (how & 4)
      settings_.header.dimensions = {64, 48};
    if (how & 8)
      settings_.max_concealed = 50;
    limits_.max_size = how & 16 ? 4096 : 1 << 20;
  }

  void add (Packet packet, std::uint8_t flags)
  {
    if (flags & PacketInput::segments) {
      packet.segments = packet.payload.first (packet.payload.size () / 2);
      packet.payload = packet.payload.subspan (packet.payload.size () / 2);
    }
    if (flags & PacketInput::give_up)
      assembler_.give_up_before (packet.seqnum);
    arrived_ += packet.payload.size ();
    assembler_.add (packet, limits_);
    if (flags & PacketInput::end_frame)
      assembler_.close ();
    take ();
  }

  void finish ()
  {
    assembler_.close ();
    take ();
    CHECK (assembler_.reset () == 0);
    CHECK (!assembler_.difference ());
  }

private:
  void take ()
  {
    while (assembler_.is_ready ()) {
      auto frame = assembler_.take ();
      CHECK (!assembler_.difference ());
      CHECK (frame.scan.received () <= arrived_);
      CHECK (frame.scan.end () <= limits_.max_size);
      bool was_whole = frame.is_whole ();
      PictureMaker::Result result;
      if (maker_.make (frame, settings_, result))
        continue;
      auto jpeg = result.picture.jpeg ();
      CHECK (jpeg.size () > 4 && jpeg[0] == 0xff && jpeg[1] == 0xd8);
      auto end = result.picture.scan_end;
      CHECK (end >= result.picture.scan_begin);
      CHECK (end + 2 <= result.picture.block->size ());
      CHECK (result.concealed <= result.total);
      CHECK (was_whole ? result.concealed == 0
                       : settings_.conceal != PictureMaker::Conceal::none);
    }
  }

  test::CheckedAssembler assembler_;
  FrameAssembler::Limits limits_;
  PictureMaker maker_;
  PictureMaker::Settings settings_;
  std::size_t arrived_ = 0;
};

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  if (n < 1)
    return 0;
  Receiver receiver (data[0]);
  Bytes input (data + 1, n - 1);
  for (PacketInput in; in.read (input);) {
    // A copy of exactly its size, so that a sanitizer detects reads beyond it.
    std::vector<std::uint8_t> payload (in.bytes.begin (), in.bytes.end ());
    Packet packet = {
        .ssrc = in.flags & PacketInput::other_sender ? 2u : 1u,
        .timestamp = in.timestamp,
        .seqnum = in.seqnum,
        .marker = (in.flags & PacketInput::marker) != 0,
        .payload = payload,
    };
    receiver.add (packet, in.flags);
  }
  receiver.finish ();
  return 0;
}
