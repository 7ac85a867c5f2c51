// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check.h"
#include "dead_zone.h"
#include "frame.h"
#include "rate_limiter.h"

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (
    const std::uint8_t *data, std::size_t size);

// The first bytes choose how much is to be left of the frame, which is the
// rest. Whatever comes out is a scan that can be read to its end, with as many
// MCUs, and no larger than it was to be; other tables than the ladder's, finer
// ones too, are tried as well.
extern "C" int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t size)
{
  constexpr std::size_t options = 4;
  static RateLimiter limiter;
  static ScanTranscoder transcoder;
  if (size < options)
    return 0;

  auto jpeg = Bytes{data, size}.subspan (options);
  const Bytes halves[] = {
      jpeg.first (jpeg.size () / 3), jpeg.subspan (jpeg.size () / 3)};
  FrameParser parser;
  Frame frame;
  if (parser.parse (halves, TableMode::automatic, frame) ||
      parser.header ().mcu_count () > 4096)
    return 0;
  auto interval = static_cast<std::uint16_t> (data[1] % 32);
  auto is_whole = [&] (Bytes scan, std::uint16_t restart_interval) {
    auto layout = ScanLayout::of (parser.header ());
    layout.restart_interval = restart_interval;
    transcoder.read ({&scan, 1}, 0, layout);
    return bool (transcoder.check (standard_scan_tables));
  };

  limiter.begin_frame (
      {.max_bit_rate = 1'000'000, .min_quality = 1u + data[2] % 100}, 0,
      40'000'000);
  auto outcome = limiter.limit (halves, frame, frame.scan_size * data[0] / 256);
  if (outcome.is_changed && !is_whole (outcome.scan, frame.restart_interval))
    abort ();

  QuantizationTables any;
  for (unsigned k = 0; k < 64; k++) {
    any.luma.values[k] = static_cast<std::uint16_t> (1 + (data[3] * k) % 255);
    any.chroma.values[k] = static_cast<std::uint16_t> (1 + (data[2] * k) % 255);
  }
  Requantizing requantizing (frame.tables, any);
  requantizing.strength = data[0] % DeadZone::strengths;
  static ScanTranscoder other;
  other.read (halves, frame.scan_offset, ScanLayout::of (parser.header ()));
  if (other.requantize (standard_scan_tables, requantizing, interval) &&
      !is_whole (other.scan (), interval))
    abort ();
  return 0;
}
