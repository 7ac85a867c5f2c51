// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Arbitrary bytes as a JPEG, split into pieces anywhere, packetized at any
// size, unchanged and with error resilience. The output is checked against RFC
// 2435 by a reader that shares no code with gst/wire.

#include "fragmenter.h"
#include "frame.h"
#include "frame_data.h"
#include "frame_transcoder.h"
#include "payload_checker.h"

#include <algorithm>
#include <vector>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

// The fuzzer's choices in addition to the JPEG: the last bytes of its input, so
// that JPEG files can serve as seeds.
struct Choices {
  static constexpr std::size_t size = 6;

  std::size_t cut_1, cut_2, extra_room;
  TableMode mode;
  FrameTranscoder::Settings settings;

  Choices (const std::uint8_t *b, std::size_t jpeg_size)
      : cut_1 (std::min<std::size_t> (b[0] << 8 | b[1], jpeg_size)),
        cut_2 (std::min<std::size_t> (b[2] << 8 | b[3], jpeg_size)),
        extra_room (b[4] << 3),
        mode (b[5] & 1 ? TableMode::in_band : TableMode::automatic),
        settings{.resilience = b[5] & 2 ? ErrorResilience::chunks
                                        : ErrorResilience::markers,
            .restart_interval = static_cast<std::uint16_t> (b[5] >> 2)}
  {
    if (cut_2 < cut_1)
      std::swap (cut_1, cut_2);
  }
};

// The size of a picture too large for the header is transmitted out of band,
// with 0 here.
unsigned
blocks (unsigned dimension, const Frame &frame)
{
  bool large = frame.width > 2040 || frame.height > 2040;
  return large ? 0 : (dimension + 7) / 8;
}

void
check_frame (const Frame &frame, Bytes jpeg, std::size_t extra_room,
    std::span<const std::uint32_t> interval_ends = {})
{
  CHECK (frame.scan_size > 0 && frame.data_size () < 1 << 24);
  CHECK (frame.scan_offset + frame.scan_size <= jpeg.size ());

  auto max_payload = Fragmenter::min_payload (frame) + extra_room;
  Fragmenter fragmenter (frame, max_payload, interval_ends);
  FrameData data ({&jpeg, 1}, frame);
  PayloadChecker checker;
  Fragment fragment;
  std::size_t count = 0, total = 0;

  while (fragmenter.next (fragment)) {
    std::vector<std::uint8_t> payload (fragment.size ());
    auto out = fragmenter.write_header (fragment, payload.data ());
    CHECK (out == payload.data () + fragment.header_size);
    CHECK (data.read (out, fragment.data_size) ==
           payload.data () + payload.size ());

    checker.add (payload);
    CHECK (payload.size () == max_payload || fragment.last ||
           checker.has_chunks ());
    CHECK (payload.size () <= max_payload);
    count++;
    total += payload.size ();
    CHECK (fragment.last == (checker.data ().size () == frame.data_size ()));
  }
  checker.finish ();
  CHECK (checker.has_chunks () == !interval_ends.empty ());
  auto scan = jpeg.subspan (frame.scan_offset, frame.scan_size);
  CHECK (std::equal (scan.begin (), scan.end (), checker.data ().begin (),
      checker.data ().end () - 2));
  CHECK (checker.width_blocks () == blocks (frame.width, frame));
  CHECK (checker.height_blocks () == blocks (frame.height, frame));
  CHECK (checker.type () == frame.type && checker.q () == frame.q);
  CHECK (count == fragmenter.packet_count ());
  CHECK (total == fragmenter.total_size ());
}

// With restart markers, if the picture is complete to the last code.
void
check_resilient (
    Bytes jpeg, const FrameParser &parser, Frame frame, const Choices &choices)
{
  FrameTranscoder transcoder;
  auto outcome = transcoder.transcode (
      {&jpeg, 1}, parser, choices.settings, choices.extra_room, nullptr, frame);
  if (outcome.failure) {
    CHECK (!outcome.found.empty () && outcome.whole <= jpeg.size ());
    return;
  }
  auto data = outcome.scan ? *outcome.scan : jpeg;
  std::vector<std::uint32_t> interval_ends;
  if (choices.settings.resilience == ErrorResilience::chunks &&
      frame.has_restart_header ())
    find_interval_ends ({&data, 1}, frame, interval_ends);
  check_frame (frame, data, choices.extra_room, interval_ends);
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  if (n < Choices::size)
    return 0;
  Bytes jpeg (data, n - Choices::size);
  Choices choices (data + jpeg.size (), jpeg.size ());

  FrameParser whole_parser, pieces_parser;
  Frame whole, in_pieces;
  std::array<Bytes, 3> pieces = {jpeg.first (choices.cut_1),
      jpeg.subspan (choices.cut_1, choices.cut_2 - choices.cut_1),
      jpeg.subspan (choices.cut_2)};
  auto cause = whole_parser.parse ({&jpeg, 1}, choices.mode, whole);
  auto cause_in_pieces = pieces_parser.parse (pieces, choices.mode, in_pieces);

  CHECK (cause == cause_in_pieces);
  if (cause) {
    CHECK (!whole_parser.explain (*cause).empty ());
    return 0;
  }
  CHECK (whole == in_pieces);
  // Now the header is known, unless it spans several pieces.
  Frame again, again_in_pieces;
  CHECK (!whole_parser.parse ({&jpeg, 1}, choices.mode, again));
  CHECK (!pieces_parser.parse (pieces, choices.mode, again_in_pieces));
  CHECK (whole == again && whole == again_in_pieces);
  check_frame (whole, jpeg, choices.extra_room);
  check_resilient (jpeg, whole_parser, whole, choices);
  return 0;
}
