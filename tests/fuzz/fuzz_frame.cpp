// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Any bytes as a JPEG, cut into pieces anywhere, packetized at any size. What
// comes out is checked against RFC 2435 by a reader that shares no code with
// the core.

#include "fragmenter.h"
#include "frame.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      abort ();                                                                \
  } while (0)

namespace {

// What the fuzzer decides beside the JPEG: the last bytes of its input, so that
// JPEG files serve as seeds.
struct Choices {
  static constexpr std::size_t size = 6;

  std::size_t cut_1, cut_2, extra_room;
  TableMode mode;

  Choices (const std::uint8_t *b, std::size_t jpeg_size)
      : cut_1 (std::min<std::size_t> (b[0] << 8 | b[1], jpeg_size)),
        cut_2 (std::min<std::size_t> (b[2] << 8 | b[3], jpeg_size)),
        extra_room (b[4] << 3),
        mode (b[5] & 1 ? TableMode::in_band : TableMode::automatic)
  {
    if (cut_2 < cut_1)
      std::swap (cut_1, cut_2);
  }
};

// RFC 2435 section 3.1, read byte by byte.
void
check_payload (const std::vector<std::uint8_t> &p, const Frame &frame,
    std::size_t offset, std::size_t &scan_start)
{
  CHECK (p.size () > 8);
  CHECK (p[0] == 0);
  CHECK (static_cast<std::size_t> (p[1] << 16 | p[2] << 8 | p[3]) == offset);
  unsigned type = p[4], q = p[5];
  CHECK (type == 0 || type == 1 || type == 64 || type == 65);
  CHECK ((q >= 1 && q <= 99) || q == 255);
  bool large = frame.width > 2040 || frame.height > 2040;
  CHECK (p[6] == (large ? 0 : (frame.width + 7) / 8));
  CHECK (p[7] == (large ? 0 : (frame.height + 7) / 8));

  std::size_t at = 8;
  if (type >= 64) {
    CHECK (p.size () > at + 4);
    CHECK (p[at] != 0 || p[at + 1] != 0);
    CHECK (p[at + 2] == 0xff && p[at + 3] == 0xff);
    at += 4;
  }
  if (q == 255 && offset == 0) {
    CHECK (p.size () > at + 4);
    std::size_t length = p[at + 2] << 8 | p[at + 3];
    CHECK (p[at] == 0 && p[at + 1] <= 3);
    CHECK (length == 128u + 64 * ((p[at + 1] & 1) + (p[at + 1] >> 1)));
    at += 4 + length;
  }
  CHECK (p.size () > at);
  scan_start = at;
}

void
check_frame (const Frame &frame, Bytes jpeg, std::size_t extra_room)
{
  CHECK (frame.scan_size > 0 && frame.scan_size < 1 << 24);
  CHECK (frame.scan_offset + frame.scan_size <= jpeg.size ());

  auto max_payload = Fragmenter::min_payload (frame) + extra_room;
  Fragmenter fragmenter (frame, max_payload);
  std::vector<std::uint8_t> scan;
  Fragment fragment;
  std::size_t count = 0, total = 0;

  while (fragmenter.next (fragment)) {
    std::vector<std::uint8_t> payload (fragment.size ());
    auto out = fragmenter.write_header (fragment, payload.data ());
    CHECK (out == payload.data () + fragment.header_size);
    auto piece =
        jpeg.subspan (frame.scan_offset + fragment.offset, fragment.scan_size);
    std::copy (piece.begin (), piece.end (), out);

    std::size_t scan_start;
    check_payload (payload, frame, scan.size (), scan_start);
    CHECK (payload.size () == max_payload || fragment.last);
    CHECK (payload.size () <= max_payload);
    scan.insert (scan.end (), payload.begin () + scan_start, payload.end ());
    count++;
    total += payload.size ();
    CHECK (fragment.last == (scan.size () == frame.scan_size));
  }
  CHECK (scan.size () == frame.scan_size);
  CHECK (count == fragmenter.packet_count ());
  CHECK (total == fragmenter.total_size ());
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
  CHECK (whole.scan_offset == in_pieces.scan_offset);
  CHECK (whole.scan_size == in_pieces.scan_size);
  check_frame (whole, jpeg, choices.extra_room);
  return 0;
}
