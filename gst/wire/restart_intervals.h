// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"

#include <span>
#include <vector>

namespace rfc2435 {

// Chooses the number of MCUs between inserted restart markers.
class IntervalChooser {
public:
  // The approximate number of intervals in a packet.
  static constexpr std::size_t intervals_a_packet = 4;

  // The one that the user wants or, if `wanted` is 0, one that makes intervals
  // about a quarter of `payload_size` bytes long: a packet then holds several,
  // and a lost one costs little more than itself. The choice for the last frame
  // is kept unless it is off by a factor of two, which helps receivers that
  // combine frames. It is never so small that there would be more intervals
  // than RFC 2435 can count.
  //
  // `scan_size` is the approximate size of the scan without markers.
  std::uint16_t choose (std::uint32_t mcu_count, std::size_t scan_size,
      std::size_t payload_size, std::uint16_t wanted);

  // Whether a picture's own interval is as good as the one chosen.
  static bool is_small_enough (
      std::uint16_t interval, std::uint16_t chosen, std::uint32_t mcu_count);

private:
  std::uint32_t mcu_count_ = 0;
  std::uint16_t chosen_ = 0;
};

// Where each restart interval ends in the data of a frame that has restart
// markers: after the marker, or after EOI for the last one.
void find_interval_ends (std::span<const Bytes> pieces, const Frame &frame,
    std::vector<std::uint32_t> &ends);

} // namespace rfc2435
