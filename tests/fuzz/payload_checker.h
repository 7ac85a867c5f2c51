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
// and puts its scan together. Shares no code with gst/wire, so that it makes no
// mistake of its.
class PayloadChecker {
public:
  // The payload of the frame's next packet.
  void add (std::span<const std::uint8_t> p)
  {
    bool first = scan_.empty ();

    CHECK (p.size () > main_header_size);
    CHECK (static_cast<std::size_t> (p[1] << 16 | p[2] << 8 | p[3]) ==
           scan_.size ());
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
    scan_.insert (
        scan_.end (), p.begin () + static_cast<std::ptrdiff_t> (at), p.end ());
    CHECK (scan_.size () < 1 << 24);
  }

  unsigned type () const { return main_[4]; }
  unsigned q () const { return main_[5]; }
  // 0: told out of band.
  unsigned width_blocks () const { return main_[6]; }
  unsigned height_blocks () const { return main_[7]; }
  unsigned restart_interval () const { return restart_interval_; }
  const std::vector<std::uint8_t> &scan () const { return scan_; }

private:
  static constexpr std::size_t main_header_size = 8;

  // That of all packets, but for the fragment offset
  std::array<std::uint8_t, main_header_size> main_{};
  unsigned restart_interval_ = 0;
  std::vector<std::uint8_t> scan_;
};
