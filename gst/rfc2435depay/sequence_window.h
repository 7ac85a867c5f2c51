// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

namespace rfc2435 {

// The sequence numbers of a stream (RFC 3550 section 5.1), extended beyond
// their 16 bits: which have arrived, and which are no longer expected.
class SequenceWindow {
public:
  using Number = std::int64_t;

  // Packets overtaken by more than this many others are considered lost.
  static constexpr Number max_delay = 16;
  // Numbers this far back are no longer remembered.
  static constexpr Number size = 1024;

  bool started () const { return started_; }
  Number highest () const { return highest_; }
  std::uint64_t lost () const { return static_cast<std::uint64_t> (lost_); }

  // Extends to the number nearest to the highest.
  Number extend (std::uint16_t seqnum) const
  {
    if (!started_)
      return seqnum;
    return highest_ + static_cast<std::int16_t> (
                          seqnum - static_cast<std::uint16_t> (highest_));
  }

  bool has_arrived (Number n) const
  {
    return started_ && n <= highest_ && n > highest_ - size &&
           arrived_[index (n)];
  }

  void arrive (Number n)
  {
    if (!started_) {
      started_ = true;
      arrived_.reset ();
      first_ = expected_from_ = n;
    } else if (n <= highest_ - size) {
      // If it arrives repeatedly, it looks new each time: it stays lost.
      return;
    } else if (n <= highest_) {
      // It was counted as lost when it was overtaken, unless it precedes all
      // that have arrived.
      lost_ += std::max (first_ - n, Number{0}) - 1;
      first_ = std::min (first_, n);
      arrived_.set (index (n));
      return;
    } else {
      lost_ += n - highest_ - 1;
      if (n - highest_ >= size)
        arrived_.reset ();
      else
        for (auto i = highest_ + 1; i < n; i++)
          arrived_.reset (index (i));
    }
    arrived_.set (index (n));
    highest_ = n;
  }

  // No packet before this one will arrive any more.
  void give_up_before (Number n)
  {
    expected_from_ = std::max (expected_from_, n);
  }

  // Whether a number from `begin` to `end` is missing and may still arrive.
  bool is_any_expected (Number begin, Number end) const
  {
    begin = std::max ({begin, expected_from_, highest_ - max_delay + 1});
    for (auto n = begin; n <= end; n++) {
      if (!has_arrived (n))
        return true;
    }
    return false;
  }

  // The sender has restarted.
  void restart () { started_ = false; }

private:
  static std::size_t index (Number n)
  {
    return static_cast<std::size_t> (n) % size;
  }

  bool started_ = false;
  Number first_ = 0;
  Number highest_ = 0;
  Number expected_from_ = 0;
  std::int64_t lost_ = 0;
  std::bitset<size> arrived_;
};

} // namespace rfc2435
