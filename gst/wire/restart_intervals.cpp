// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_intervals.h"

#include "jpeg_markers.h"
#include "restart_header.h"

#include <algorithm>

namespace rfc2435 {

// Restart Count has 14 bits, and its largest value has a special meaning (RFC
// 2435 section 3.1.7).
static constexpr std::uint32_t max_intervals = RestartHeader::whole_frame;

static std::uint32_t
smallest_interval (std::uint32_t mcu_count)
{
  return std::max ((mcu_count + max_intervals - 1) / max_intervals, 1u);
}

std::uint16_t
IntervalChooser::choose (std::uint32_t mcu_count, std::size_t scan_size,
    std::size_t payload_size, std::uint16_t wanted)
{
  constexpr std::uint64_t largest = 0xffff;
  auto smallest = smallest_interval (mcu_count);
  if (wanted != 0)
    return static_cast<std::uint16_t> (
        std::clamp<std::uint64_t> (wanted, smallest, largest));

  auto fitting = std::uint64_t{payload_size} * mcu_count /
                 (intervals_a_packet * std::max<std::size_t> (scan_size, 1));
  fitting = std::clamp<std::uint64_t> (fitting, smallest, largest);
  bool is_right = mcu_count == mcu_count_ && chosen_ >= smallest &&
                  fitting <= chosen_ * 2u && chosen_ <= fitting * 2;
  if (!is_right)
    chosen_ = static_cast<std::uint16_t> (fitting);
  mcu_count_ = mcu_count;
  return chosen_;
}

bool
IntervalChooser::is_small_enough (
    std::uint16_t interval, std::uint16_t chosen, std::uint32_t mcu_count)
{
  return interval <= 2 * chosen && interval >= smallest_interval (mcu_count);
}

void
find_interval_ends (std::span<const Bytes> pieces, const Frame &frame,
    std::vector<std::uint32_t> &ends)
{
  ByteReader reader (pieces);
  reader.skip (frame.scan_offset);
  ends.clear ();
  for (;;) {
    auto [code, offset] = reader.next_marker ();
    auto end = reader.position () - frame.scan_offset;
    if (!marker::is_rst (code) || end > frame.scan_size)
      break;
    ends.push_back (static_cast<std::uint32_t> (end));
  }
  ends.push_back (static_cast<std::uint32_t> (frame.data_size ()));
}

} // namespace rfc2435
