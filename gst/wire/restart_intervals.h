// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"

#include <span>
#include <vector>

namespace rfc2435 {

// Chooses the number of MCUs between inserted restart markers.
class IntervalChooser {
public:
  // About as many as these are in a packet.
  static constexpr std::size_t intervals_a_packet = 4;

  // The one that the user wants, or, where `wanted` is 0, one that makes an
  // interval about a quarter of `payload_size` bytes long: a packet holds
  // several then, and a lost one costs little more than itself. What was chosen
  // for the last frame stays unless it is wrong by a factor of two, for
  // receivers that put frames together prefer it so. Never so few that there
  // would be more intervals than RFC 2435 counts.
  //
  // `scan_size` is that of the scan without markers, more or less.
  std::uint16_t choose (std::uint32_t mcu_count, std::size_t scan_size,
      std::size_t payload_size, std::uint16_t wanted);

  // Whether a picture's own interval does as well as the one chosen.
  static bool is_small_enough (
      std::uint16_t interval, std::uint16_t chosen, std::uint32_t mcu_count);

private:
  std::uint32_t mcu_count_ = 0;
  std::uint16_t chosen_ = 0;
};

// Where each restart interval ends in the data of a frame that has restart
// markers: behind the marker, the last one behind EOI.
void find_interval_ends (std::span<const Bytes> pieces, const Frame &frame,
    std::vector<std::uint32_t> &ends);

} // namespace rfc2435
