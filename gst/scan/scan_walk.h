// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_reader.h"
#include "jpeg_markers.h"
#include "mcu_index.h"
#include "scan_layout.h"
#include "scan_result.h"
#include "unstuffed_scan.h"

#include <algorithm>

// The one loop over the MCUs of a scan. It handles restart intervals, those of
// the source and those to be written, and data that ends too early; the
// operation handles blocks. An operation has
//
//   bool block (BitReader &reader, unsigned component, int &level,
//       bool is_first, int written_level);
//     reads a block of component 0 (Y), 1 or 2; false if a code is invalid.
//     Its DC difference is added to `level`. Instead of it, the difference from
//     `written_level` is written, which is another one only if `is_first` says
//     that the MCU is the first after a restart marker, one of the source or
//     one to be written;
//   void leave_segment (std::size_t bit), enter_segment (std::size_t bit);
//     where a restart interval of the source ends, and where the next begins;
//   void restart (std::size_t bit, unsigned number);
//     restart marker `number` is to be written before the MCU there;
//   bool end_mcu (std::size_t bit);
//     an MCU is complete, and ends there: the moment to make room for the next;
//     false to stop;
//   void finish (std::size_t bit);
//     all MCUs are complete, and end there.
//
// The loop is a template so that each operation gets its own copy, with reader
// and writer in registers. Therefore, neither may be passed by address to a
// function that isn't inlined.

namespace rfc2435 {

namespace detail {

template <typename Operation>
[[gnu::always_inline]] inline bool
walk_mcu (BitReader &reader, Operation &operation, unsigned luma_blocks,
    DcLevels &levels, bool is_first, DcLevels &written)
{
  auto level = levels.data (), written_level = written.data ();
  for (unsigned block = 0; block < luma_blocks + 2; block++) {
    auto component = block < luma_blocks ? 0 : block - luma_blocks + 1;
    if (!operation.block (reader, component, level[component], is_first,
            written_level[component]))
      return false;
    written_level[component] = level[component];
  }
  return true;
}

inline McuPosition
make_position (std::size_t bit, const DcLevels &levels)
{
  return {.bit = static_cast<std::uint32_t> (bit),
      .dc = {static_cast<std::int16_t> (levels[0]),
          static_cast<std::int16_t> (levels[1]),
          static_cast<std::int16_t> (levels[2])}};
}

} // namespace detail

// `restart_interval` is the one to be written, 0 for none. Here, `result.end`
// is a position in the unstuffed scan, in segment `last_segment`;
// UnstuffedScan::source_offset () converts it to one in the source.
struct WalkResult {
  ScanResult result;
  std::size_t last_segment = 0;
};

template <typename Operation>
WalkResult
walk_mcus (const UnstuffedScan &scan, const ScanLayout &layout,
    std::uint16_t restart_interval, Operation operation, McuIndex *index)
{
  constexpr auto never = ~std::uint32_t{0};
  const auto mcu_count = layout.mcu_count;
  const auto *segment = scan.segments ().data ();
  BitReader reader (scan.data ());
  DcLevels levels{};
  ScanResult result;
  std::uint32_t mcu = 0;
  std::size_t whole = 0; // bits of complete MCUs
  unsigned restarts = 0;
  // The next MCU after a restart marker of the source, after one to be written,
  // and to be indexed.
  std::uint32_t next_segment =
      layout.restart_interval != 0 ? layout.restart_interval : never;
  std::uint32_t next_restart = restart_interval != 0 ? restart_interval : never;
  std::uint32_t next_indexed = index ? index->first : never;

  while (mcu < mcu_count) {
    auto written = levels;
    if (mcu == next_segment) {
      auto number = (mcu / layout.restart_interval - 1) & 7;
      if (segment->marker != marker::rst0 + number) {
        // After the last segment, there is no more data.
        result.fault = marker::is_rst (segment->marker)
                           ? ScanFault::restart_marker
                           : ScanFault::cut_short;
        break;
      }
      result.has_extraneous_bytes |=
          (reader.position () + 7) / 8 < segment->end;
      operation.leave_segment (reader.position ());
      segment++;
      reader.seek (segment->begin * 8);
      operation.enter_segment (reader.position ());
      levels = {};
      next_segment += layout.restart_interval;
    }
    if (mcu == next_restart) {
      operation.restart (reader.position (), restarts++ & 7);
      written = {};
      next_restart += restart_interval;
    }

    const auto end = segment->end * 8;
    const auto stop = std::min ({next_segment, next_restart, mcu_count});
    bool is_first = true;
    for (; mcu < stop; mcu++) {
      if (mcu == next_indexed) [[unlikely]] {
        index->positions.push_back (
            detail::make_position (reader.position (), levels));
        next_indexed += index->interval;
      }
      auto before = levels;
      bool is_whole = detail::walk_mcu (
          reader, operation, layout.luma_blocks, levels, is_first, written);
      is_first = false;
      // What looks like an invalid code may be a truncated one and what
      // follows.
      constexpr unsigned longest_code = 16;
      if (!is_whole || reader.position () > end) [[unlikely]] {
        levels = before;
        result.fault = reader.position () + (is_whole ? 0 : longest_code) > end
                           ? ScanFault::cut_short
                           : ScanFault::corrupt;
        break;
      }
      whole = reader.position ();
      if (!operation.end_mcu (whole)) [[unlikely]] {
        result.fault = ScanFault::stopped;
        break;
      }
    }
    if (result.fault != ScanFault::none)
      break;
  }

  if (result.fault == ScanFault::none)
    operation.finish (whole);
  // The last complete MCU may be the one before a marker.
  if (whole <= segment->begin * 8 && segment != scan.segments ().data ())
    segment--;
  result.mcu = mcu;
  result.end = (whole + 7) / 8;
  if (index)
    index->end = {.bit = static_cast<std::uint32_t> (whole),
        .dc = detail::make_position (whole, levels).dc};
  return {
      result, static_cast<std::size_t> (segment - scan.segments ().data ())};
}

} // namespace rfc2435
