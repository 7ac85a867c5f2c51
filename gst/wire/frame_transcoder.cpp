// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_transcoder.h"

#include "jpeg_markers.h"
#include "main_header.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// Types of RFC 2435 section 4.1
constexpr std::uint8_t with_restart_markers = 64;

bool
has_zero_step (const QuantizationTables &tables)
{
  auto has_zero = [] (const QuantizationTable &table) {
    return std::ranges::find (table.values, 0) != table.values.end ();
  };
  return has_zero (tables.luma) || has_zero (tables.chroma);
}

const char *
describe (ScanFault fault)
{
  switch (fault) {
  case ScanFault::cut_short:
    return "ends";
  case ScanFault::restart_marker:
    return "has a restart marker out of turn";
  default:
    return "is damaged";
  }
}

} // namespace

std::uint16_t
FrameTranscoder::choose_interval (const Settings &settings,
    const ScanLayout &layout, std::size_t scan_size, std::size_t payload_size)
{
  auto own = layout.restart_interval < layout.mcu_count
                 ? layout.restart_interval
                 : std::uint16_t{0};
  if (settings.resilience == ErrorResilience::none)
    return own;
  auto interval = intervals_.choose (
      layout.mcu_count, scan_size, payload_size, settings.restart_interval);
  if (settings.restart_interval == 0 && own != 0 &&
      IntervalChooser::is_small_enough (own, interval, layout.mcu_count))
    return own;
  return interval < layout.mcu_count ? interval : std::uint16_t{0};
}

void
FrameTranscoder::number_tables (const Settings &settings, Frame &frame)
{
  if (settings.resilience != ErrorResilience::none && frame.has_tables ())
    frame.q = numbers_.number (frame.tables);
}

FrameTranscoder::Outcome
FrameTranscoder::failure (
    const ScanResult &result, const ScanLayout &layout) const
{
  Outcome outcome;
  switch (result.fault) {
  case ScanFault::too_large:
    outcome.failure = DropCause::scan_size;
    outcome.found = text (DropCause::scan_size).found;
    return outcome;
  case ScanFault::cut_short:
    outcome.failure = DropCause::cut_short;
    break;
  default:
    outcome.failure = DropCause::malformed;
    break;
  }
  outcome.found = std::string ("a scan that ") + describe (result.fault) +
                  " in MCU " + std::to_string (result.mcu) + " of " +
                  std::to_string (layout.mcu_count);
  outcome.whole = result.end;
  return outcome;
}

// Of a scan that was written with this restart interval.
FrameTranscoder::Outcome
FrameTranscoder::finish (std::uint16_t interval, const Settings &settings,
    const ScanLayout &layout, Frame &frame)
{
  auto scan = scan_.scan ();
  frame.scan_offset = 0;
  frame.scan_size = scan.size ();
  if (frame.data_size () > MainHeader::max_fragment_offset)
    return failure ({.fault = ScanFault::too_large}, layout);
  frame.restart_interval = interval;
  frame.type &= static_cast<std::uint8_t> (~with_restart_markers);
  if (interval != 0)
    frame.type |= with_restart_markers;
  number_tables (settings, frame);
  return {.scan = scan,
      .has_new_markers = interval != 0 && interval != layout.restart_interval};
}

FrameTranscoder::Outcome
FrameTranscoder::transcode (std::span<const Bytes> pieces,
    const FrameParser &parser, const Settings &settings,
    std::size_t payload_size, Frame &frame)
{
  auto layout = ScanLayout::of (parser.header ());
  auto interval =
      choose_interval (settings, layout, frame.scan_size, payload_size);
  scan_.read (pieces, frame.scan_offset, layout);
  bool is_kept = interval == frame.restart_interval;
  auto result = is_kept ? scan_.check (standard_scan_tables)
                        : scan_.transcode (standard_scan_tables, interval);
  if (!result)
    return failure (result, layout);
  // Nothing but damage leaves bytes over in an interval.
  if (result.has_extraneous_bytes)
    return {.failure = DropCause::malformed,
        .found = "a restart interval with bytes of no MCU",
        .whole = result.end};
  if (!is_kept)
    return finish (interval, settings, layout, frame);
  number_tables (settings, frame);
  return {};
}

std::optional<FrameTranscoder::Outcome>
FrameTranscoder::replace_tables (std::span<const Bytes> pieces,
    const FrameParser &parser, const Settings &settings,
    std::size_t payload_size, Frame &frame)
{
  if (has_zero_step (frame.tables))
    return std::nullopt;
  auto layout = ScanLayout::of (parser.header ());
  scan_.read (pieces, frame.scan_offset, layout);
  // Behind any other marker, there may be more of the picture.
  auto next = scan_.next_marker ();
  if (next != 0 && next != marker::eoi)
    return std::nullopt;

  std::size_t size = 0;
  for (auto &segment : scan_.source ().segments ())
    size += segment.end - segment.begin;
  auto interval = choose_interval (settings, layout, size, payload_size);
  auto result = scan_.transcode (
      ScanTables::of (parser.header (), parser.tables ()), interval);
  // The tables may be those of an earlier picture, and this one has none
  // because it means the standard ones. Tables of its own hold.
  if (result.fault == ScanFault::corrupt) {
    ByteReader reader (pieces);
    JpegHeader header;
    JpegTables own;
    if (!header.parse (reader, own)) {
      auto other = scan_.transcode (ScanTables::of (header, own), interval);
      if (other)
        result = other;
    }
  }
  if (!result)
    return failure (result, layout);
  return finish (interval, settings, layout, frame);
}

} // namespace rfc2435
