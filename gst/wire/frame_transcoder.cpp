// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_transcoder.h"

#include "fragmenter.h"
#include "jpeg_markers.h"

#include <algorithm>

namespace rfc2435 {
namespace {

constexpr auto unlimited = ~std::size_t{0};

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
    return "has a restart marker out of sequence";
  default:
    return "is damaged";
  }
}

} // namespace

// The maximum size of a frame's scan.
std::size_t
FrameTranscoder::room (
    const Settings &settings, const Limit &limit, const Frame &frame)
{
  if (settings.resilience == ErrorResilience::none)
    return room (limit, frame, limit.max_payload);
  auto sent = frame;
  sent.type |= MainHeader::with_restart_markers;
  // Chunks end with an interval, on average half an interval before the packet
  // is full.
  auto filled = limit.max_payload;
  if (settings.resilience == ErrorResilience::chunks)
    filled -= filled / (2 * IntervalChooser::intervals_a_packet);
  return room (limit, sent, filled);
}

// The same if packets are filled up to this size.
std::size_t
FrameTranscoder::room (
    const Limit &limit, const Frame &sent, std::size_t filled)
{
  // An mtu that is too small is reported when the packets are made.
  if (limit.max_payload < Fragmenter::min_payload (sent))
    return limit.total;
  return Fragmenter::scan_room (sent, filled, limit.rtp_header, limit.total);
}

FrameTranscoder::Plan
FrameTranscoder::plan (const ScanLayout &layout, std::size_t size,
    const Settings &settings, std::size_t payload_size, const Limit *limit,
    const Frame &frame)
{
  Plan plan = {.layout = layout,
      .size = size,
      .room = limit ? room (settings, *limit, frame) : unlimited};
  plan.interval = choose_interval (
      settings, layout, std::min (size, plan.room), payload_size);
  return plan;
}

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

// Rewrites the scan, which has these Huffman tables. If it only exceeds its
// limit because of what the standard tables and restart markers add, it is read
// again.
ScanResult
FrameTranscoder::write (const ScanTables &tables, const Plan &plan,
    const Limit *limit, const Frame &frame)
{
  is_thinned_ = plan.size > plan.room;
  if (!is_thinned_) {
    auto result = plan.is_kept ? scan_.check (tables)
                               : scan_.transcode (tables, plan.interval);
    is_thinned_ = result && scan_.scan ().size () > plan.room;
    if (!is_thinned_)
      return result;
  }
  return thinner_.thin (scan_, {.huffman_tables = tables,
                                   .quantization_tables = frame.tables,
                                   .mcus_in_row = (frame.width + 15u) / 16,
                                   .restart_interval = plan.interval,
                                   .budget = plan.room,
                                   .min_quality = limit->min_quality});
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
  case ScanFault::stopped:
    outcome.failure = DropCause::bit_rate;
    outcome.found = text (DropCause::bit_rate).found;
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

// The outcome for a scan that was rewritten.
FrameTranscoder::Outcome
FrameTranscoder::finish (const Plan &plan, const Settings &settings,
    const Limit *limit, Frame &frame)
{
  auto scan = scan_.scan ();
  frame.scan_offset = 0;
  frame.scan_size = scan.size ();
  if (frame.data_size () > MainHeader::max_fragment_offset)
    return failure ({.fault = ScanFault::too_large}, plan.layout);
  frame.restart_interval = plan.interval;
  frame.type &= static_cast<std::uint8_t> (~MainHeader::with_restart_markers);
  if (plan.interval != 0)
    frame.type |= MainHeader::with_restart_markers;
  Outcome outcome = {.scan = scan,
      .has_new_markers =
          plan.interval != 0 && plan.interval != plan.layout.restart_interval,
      .read = plan.size};
  if (is_thinned_) {
    auto &rung = thinner_.rung ();
    frame.tables = rung.tables;
    frame.q = q_of (frame.tables, limit->tables);
    outcome.thinning =
        thinner_.has_own_tables () ? Thinning::dead_zone : Thinning::tables;
    outcome.quality = rung.quality;
  }
  number_tables (settings, frame);
  return outcome;
}

FrameTranscoder::Outcome
FrameTranscoder::transcode (std::span<const Bytes> pieces,
    const FrameParser &parser, const Settings &settings,
    std::size_t payload_size, const Limit *limit, Frame &frame)
{
  auto plan = this->plan (ScanLayout::of (parser.header ()), frame.scan_size,
      settings, payload_size, limit, frame);
  plan.is_kept = plan.interval == frame.restart_interval;
  scan_.read (pieces, frame.scan_offset, plan.layout);
  auto result = write (standard_scan_tables, plan, limit, frame);
  if (!result)
    return failure (result, plan.layout);
  // Only damage leaves unused bytes in an interval.
  if (result.has_extraneous_bytes)
    return {.failure = DropCause::malformed,
        .found = "a restart interval with extra bytes",
        .whole = result.end};
  if (!plan.is_kept || is_thinned_)
    return finish (plan, settings, limit, frame);
  number_tables (settings, frame);
  return {};
}

std::optional<FrameTranscoder::Outcome>
FrameTranscoder::replace_tables (std::span<const Bytes> pieces,
    const FrameParser &parser, const Settings &settings,
    std::size_t payload_size, const Limit *limit, Frame &frame)
{
  if (has_zero_step (frame.tables))
    return std::nullopt;
  auto layout = ScanLayout::of (parser.header ());
  scan_.read (pieces, frame.scan_offset, layout);
  // After any other marker, there may be more of the picture.
  auto next = scan_.next_marker ();
  if (next != 0 && next != marker::eoi)
    return std::nullopt;

  auto plan = this->plan (
      layout, scan_.source ().size (), settings, payload_size, limit, frame);
  auto result = write (
      ScanTables::of (parser.header (), parser.tables ()), plan, limit, frame);
  // The tables may be left over from an earlier picture, and this one may have
  // none because it uses the standard ones. If it has tables, they apply.
  if (result.fault == ScanFault::corrupt) {
    ByteReader reader (pieces);
    JpegHeader header;
    JpegTables own;
    if (!header.parse (reader, own)) {
      auto other = write (ScanTables::of (header, own), plan, limit, frame);
      if (other)
        result = other;
    }
  }
  if (!result)
    return failure (result, layout);
  return finish (plan, settings, limit, frame);
}

} // namespace rfc2435
