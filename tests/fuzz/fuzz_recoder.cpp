// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame.h"
#include "recoder.h"

#include <cstdlib>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (
    const std::uint8_t *data, std::size_t size);

// The first byte chooses the options, the rest is the frame. Any output must be
// a picture that the payloader can send.
extern "C" int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t size)
{
  static Recoder recoder;
  if (size < 1)
    return 0;

  const auto jpeg = Bytes{data, size}.subspan (1);
  const Bytes halves[] = {
      jpeg.first (jpeg.size () / 2), jpeg.subspan (jpeg.size () / 2)};
  RecodeOptions options{
      .level = data[0] & 8 ? RecodeLevel::lossless : RecodeLevel::lossy,
      .turn = static_cast<Turn> (data[0] % 8),
      .fill_missing = (data[0] & 16) != 0,
      .max_pixels = 1 << 20};
  if (data[0] & 32)
    options.restart_interval = data[0] >> 6;

  const auto result = recoder.recode (halves, options);
  if (!result)
    return 0;
  FrameParser parser;
  Frame frame;
  if (parser.parse (std::span{&result.jpeg, 1}, TableMode::automatic, frame))
    std::abort ();
  // Filling was requested, and counts as loss.
  if (!result.lossless && options.level == RecodeLevel::lossless &&
      !result.kinds.has (RecodeKind::cut))
    std::abort ();
  return 0;
}
