// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_recoder.h"

#include "table_segments.h"
#include "thread_cpu_time.h"

#include <algorithm>

namespace rfc2435 {

bool
FrameRecoder::can_help (DropCause cause)
{
  switch (cause) {
  case DropCause::coding_process:
  case DropCause::huffman_tables:
  case DropCause::color_space:
  case DropCause::sampling:
  case DropCause::component_order:
  case DropCause::table_precision:
  case DropCause::several_scans:
  case DropCause::chroma_tables:
    return true;
  default:
    return false;
  }
}

bool
FrameRecoder::is_wanted (DropCause cause, const Settings &settings)
{
  if (cause == DropCause::cut_short)
    return settings.fill_cut_frames;
  return settings.level != Level::never && can_help (cause);
}

DropCause
FrameRecoder::drop_cause (DropCause cause, DropCause error)
{
  // The reason for recoding says more.
  if (error == DropCause::unsupported || error == DropCause::needs_loss)
    return cause;
  return error;
}

FrameRecoder::Outcome
FrameRecoder::recode (std::span<const Bytes> pieces, const FrameParser &parser,
    const Settings &settings)
{
  auto begin = thread_cpu_time ();
  if (!recoder_)
    recoder_ = std::make_unique<Recoder> ();

  // What precedes SOI is not part of the picture.
  auto skip = parser.header ().soi_offset;
  pieces_.clear ();
  for (auto piece : pieces) {
    auto skipped = std::min (skip, piece.size ());
    pieces_.push_back (piece.subspan (skipped));
    skip -= skipped;
  }
  tables_ = table_segments (parser.tables ());

  RecodeOptions options = {
      .level = settings.level == Level::automatic ? RecodeLevel::lossy
                                                  : RecodeLevel::lossless,
      .fill_missing = settings.fill_cut_frames,
      .tables = tables_,
      .max_pixels = settings.max_pixels,
  };
  auto result = recoder_->recode (pieces_, options);
  // The tables of an earlier picture may be the fault.
  if (result.error == DropCause::malformed) {
    options.tables = {};
    result = recoder_->recode (pieces_, options);
  }
  return {.result = result, .cpu_time = thread_cpu_time () - begin};
}

RecodeKinds
FrameRecoder::announce (RecodeKinds kinds)
{
  auto fresh = kinds.except (announced_);
  announced_.add (kinds);
  return fresh;
}

} // namespace rfc2435
