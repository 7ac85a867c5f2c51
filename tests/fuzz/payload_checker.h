// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "check.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Reads the payloads of a frame byte by byte as RFC 2435 section 3.1 has them,
// and puts its data together. Shares no code with gst/wire, so that it makes no
// mistake of its.
class PayloadChecker {
public:
  // The payload of the frame's next packet.
  void add (std::span<const std::uint8_t> p)
  {
    bool first = data_.empty ();

    CHECK (p.size () > main_header_size);
    CHECK (static_cast<std::size_t> (p[1] << 16 | p[2] << 8 | p[3]) ==
           data_.size ());
    std::array<std::uint8_t, 8> main{};
    std::copy_n (p.begin (), main_header_size, main.begin ());
    main[1] = main[2] = main[3] = 0;
    if (first)
      main_ = main;
    CHECK (main == main_);
    CHECK (main[0] == 0);
    CHECK (type () == 0 || type () == 1 || type () == 64 || type () == 65);
    CHECK ((q () >= 1 && q () <= 99) || q () == 255);
    CHECK ((width_blocks () == 0) == (height_blocks () == 0));

    std::size_t at = main_header_size;
    if (type () >= 64) {
      CHECK (p.size () > at + 4);
      unsigned interval = p[at] << 8 | p[at + 1];
      if (first)
        restart_interval_ = interval;
      CHECK (interval != 0 && interval == restart_interval_);
      CHECK (p[at + 2] == 0xff && p[at + 3] == 0xff);
      at += 4;
    }
    if (q () == 255 && first) {
      CHECK (p.size () > at + 4);
      CHECK (p[at] == 0 && p[at + 1] <= 3);
      unsigned wide_tables = (p[at + 1] & 1) + (p[at + 1] >> 1);
      std::size_t length = p[at + 2] << 8 | p[at + 3];
      CHECK (length == 128 + 64 * wide_tables);
      at += 4 + length;
    }
    CHECK (p.size () > at);
    data_.insert (
        data_.end (), p.begin () + static_cast<std::ptrdiff_t> (at), p.end ());
    CHECK (data_.size () < 1 << 24);
  }

  unsigned type () const { return main_[4]; }
  unsigned q () const { return main_[5]; }
  // 0: told out of band.
  unsigned width_blocks () const { return main_[6]; }
  unsigned height_blocks () const { return main_[7]; }
  unsigned restart_interval () const { return restart_interval_; }
  // Its scan and EOI.
  const std::vector<std::uint8_t> &data () const { return data_; }

  // After the last packet: no marker but those of the restart intervals, then
  // EOI.
  void finish () const
  {
    CHECK (data_.size () > 2);
    auto scan_size = data_.size () - 2;
    CHECK (data_[scan_size] == 0xff && data_[scan_size + 1] == 0xd9);

    unsigned restart_markers = 0;
    for (std::size_t i = 0; i < scan_size; i++) {
      if (data_[i] != 0xff || data_[i + 1] == 0xff || data_[i + 1] == 0)
        continue;
      CHECK (data_[i + 1] == 0xd0 + restart_markers % 8);
      restart_markers++;
    }
    CHECK (scan_size > 0 && data_[scan_size - 1] != 0xff);
    if (type () < 64)
      CHECK (restart_markers == 0);
    else if (width_blocks () != 0)
      CHECK (restart_markers == (mcus () - 1) / restart_interval_);
  }

private:
  // RFC 2435 section 4.1: MCUs of 16 by 8 or 16 by 16 pixels.
  unsigned mcus () const
  {
    auto columns = (width_blocks () + 1) / 2;
    auto rows =
        type () % 2 == 0 ? height_blocks () : (height_blocks () + 1) / 2;
    return columns * rows;
  }

  static constexpr std::size_t main_header_size = 8;

  // That of all packets, but for the fragment offset
  std::array<std::uint8_t, main_header_size> main_{};
  unsigned restart_interval_ = 0;
  std::vector<std::uint8_t> data_;
};
