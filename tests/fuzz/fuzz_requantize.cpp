// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check.h"
#include "dead_zone.h"
#include "frame_transcoder.h"

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (
    const std::uint8_t *data, std::size_t size);

// The first bytes choose the size to which the frame, which is the rest, is
// reduced, and what else is done to it. Any output must be a scan that can be
// read to its end, with the same number of MCUs, and no larger than requested.
// Tables that are not on the ladder, including finer ones, are tried as well.
extern "C" int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t size)
{
  constexpr std::size_t options = 4;
  static FrameTranscoder transcoder;
  static ScanTranscoder checker;
  if (size < options)
    return 0;

  auto jpeg = Bytes{data, size}.subspan (options);
  const Bytes halves[] = {
      jpeg.first (jpeg.size () / 3), jpeg.subspan (jpeg.size () / 3)};
  FrameParser parser;
  Frame frame;
  auto cause = parser.parse (halves, TableMode::automatic, frame);
  auto own = parser.frame_with_standard_tables ();
  if (cause && (cause != DropCause::huffman_tables || !own))
    return 0;
  if (parser.header ().mcu_count () > 4096)
    return 0;
  if (cause)
    frame = *own;
  auto source = frame;
  auto interval = static_cast<std::uint16_t> (data[1] % 32);
  auto is_whole = [&] (Bytes scan, std::uint16_t restart_interval) {
    auto layout = ScanLayout::of (parser.header ());
    layout.restart_interval = restart_interval;
    checker.read ({&scan, 1}, 0, layout);
    return bool (checker.check (standard_scan_tables));
  };

  FrameTranscoder::Settings settings = {
      .resilience = data[1] & 0x80   ? ErrorResilience::chunks
                    : data[1] & 0x40 ? ErrorResilience::markers
                                     : ErrorResilience::none,
      .restart_interval = interval};
  FrameTranscoder::Limit limit = {.total = jpeg.size () * data[0] / 256,
      .max_payload = data[3] * 8u,
      .rtp_header = 12,
      .min_quality = 1u + data[2] % 100};
  auto outcome = cause ? transcoder.replace_tables (
                             halves, parser, settings, 1000, &limit, frame)
                       : transcoder.transcode (
                             halves, parser, settings, 1000, &limit, frame);
  if (outcome && outcome->scan) {
    CHECK (is_whole (*outcome->scan, frame.restart_interval));
    CHECK (frame.scan_size == outcome->scan->size ());
    CHECK (outcome->thinning == FrameTranscoder::Thinning::none ||
           frame.scan_size <= limit.total * 104 / 100);
  }

  QuantizationTables any;
  for (unsigned k = 0; k < 64; k++) {
    any.luma.values[k] = static_cast<std::uint16_t> (1 + (data[3] * k) % 255);
    any.chroma.values[k] = static_cast<std::uint16_t> (1 + (data[2] * k) % 255);
  }
  Requantizing requantizing (source.tables, any);
  requantizing.strength = data[0] % DeadZone::strengths;
  static ScanTranscoder other;
  other.read (halves, source.scan_offset, ScanLayout::of (parser.header ()));
  if (other.requantize (ScanTables::of (parser.header (), parser.tables ()),
          requantizing, interval))
    CHECK (is_whole (other.scan (), interval));
  return 0;
}
