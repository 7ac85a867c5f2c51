// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_turner.h"

#include "table_segments.h"
#include "thread_cpu_time.h"

#include <algorithm>

namespace rfc2435 {

Turn
exif_turn (std::span<const Bytes> pieces)
{
  // The values say where the first row and the first column belong in the
  // upright picture: top and left, top and right, bottom and right… (CIPA
  // DC-008, tag 0x0112)
  static constexpr Turn turns[] = {Turn::none, Turn::none,
      Turn::flip_horizontal, Turn::rotate_180, Turn::flip_vertical,
      Turn::transpose, Turn::rotate_90, Turn::transverse, Turn::rotate_270};
  ByteReader reader (pieces);
  JpegHeader header;
  JpegTables tables;

  header.parse (reader, tables);
  return turns[header.orientation];
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

  // What precedes SOI is not part of the picture.
  auto skip = header.soi_offset;
  pieces_.clear ();
  for (const auto &piece : pieces) {
    const auto skipped = std::min (skip, piece.size ());
    pieces_.push_back (piece.subspan (skipped));
    skip -= skipped;
  }

  TrailingData trailing;
  if (!failure)
    trailing = data_behind_picture (reader);

  RecodeResult result;
  if (is_interlaced (header, trailing))
    result = {.error = DropCause::interlaced,
        .message = "Two fields of an interlaced picture in one buffer"};
  else
    result = recoder_->recode (
        pieces_, {.level = settings.lossless ? RecodeLevel::lossless
                                             : RecodeLevel::lossy,
                     .turn = turn,
                     .tables = table_segments_,
                     .max_pixels = settings.max_pixels});

  // Tables that could not be used must not affect later pictures.
  if (result && !failure) {
    tables_ = tables;
    table_segments_ = table_segments (tables_);
  }
  return {.result = result,
      .header = header,
      .trailing = trailing,
      .cpu_time = thread_cpu_time () - begin};
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
