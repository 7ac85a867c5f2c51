// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_turner.h"

#include "table_segments.h"
#include "thread_cpu_time.h"

#include <algorithm>
#include <limits>

namespace rfc2435 {

// What the recoder takes by default for as many pixels as it allows by default.
static std::size_t
max_memory (std::uint32_t max_pixels)
{
  constexpr RecodeOptions defaults;
  constexpr auto per_pixel = defaults.max_memory / defaults.max_pixels;
  constexpr std::uint64_t most = std::numeric_limits<std::size_t>::max ();
  return std::min (std::uint64_t{max_pixels} * per_pixel, most);
}

FrameTurner::Outcome
FrameTurner::turn (
    std::span<const Bytes> pieces, Turn turn, const Settings &settings)
{
  const auto begin = thread_cpu_time ();
  if (!recoder_)
    recoder_ = std::make_unique<Recoder> ();

  ByteReader reader (pieces);
  JpegHeader header;
  auto tables = tables_;
  const auto failure = header.parse (reader, tables);

  // What stands before SOI is none of the picture's.
  auto skip = header.soi_offset;
  pieces_.clear ();
  for (const auto &piece : pieces) {
    const auto skipped = std::min (skip, piece.size ());
    pieces_.push_back (piece.subspan (skipped));
    skip -= skipped;
  }

  RecodeResult result;
  if (!failure && header.has_fields)
    result = {.error = DropCause::interlaced,
        .message = "Two fields of an interlaced picture in one buffer"};
  else
    result = recoder_->recode (
        pieces_, {.level = settings.lossless ? RecodeLevel::lossless
                                             : RecodeLevel::lossy,
                     .turn = turn,
                     .tables = table_segments_,
                     .max_pixels = settings.max_pixels,
                     .max_memory = max_memory (settings.max_pixels)});

  // Tables that could not be used must not spoil the pictures that follow.
  if (result && !failure) {
    tables_ = tables;
    table_segments_ = table_segments (tables_);
  }
  return {.result = result, .cpu_time = thread_cpu_time () - begin};
}

RecodeKinds
FrameTurner::announce (RecodeKinds kinds)
{
  const auto fresh = kinds.except (announced_);
  announced_.add (kinds);
  return fresh;
}

void
FrameTurner::forget_tables ()
{
  tables_ = {};
  table_segments_.clear ();
}

} // namespace rfc2435
