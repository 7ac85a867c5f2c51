// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "check.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Reads the payloads of a frame byte by byte as defined by RFC 2435
// section 3.1, and reassembles its data. Shares no code with gst/wire, so that
// it does not share its mistakes.
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
    CHECK ((q () >= 1 && q () <= 99) || q () >= 128);
    CHECK ((width_blocks () == 0) == (height_blocks () == 0));

    std::size_t at = main_header_size;
    bool begins_chunk = true, ends_chunk = true;
    unsigned count = whole_frame;
    if (type () >= 64) {
      CHECK (p.size () > at + 4);
      unsigned interval = p[at] << 8 | p[at + 1];
      if (first)
        restart_interval_ = interval;
      CHECK (interval != 0 && interval == restart_interval_);
      begins_chunk = p[at + 2] & 0x80;
      ends_chunk = p[at + 2] & 0x40;
      count = (p[at + 2] & 0x3f) << 8 | p[at + 3];
      at += 4;
    }
    if (q () >= 128 && first) {
      CHECK (p.size () > at + 4);
      // Only 8-bit tables: no known receiver reads others.
      CHECK (p[at] == 0 && p[at + 1] == 0);
      std::size_t length = p[at + 2] << 8 | p[at + 3];
      CHECK (length == 128);
      at += 4 + length;
    }
    CHECK (p.size () > at);
    check_chunk (p.subspan (at), begins_chunk, ends_chunk, count);
    data_.insert (
        data_.end (), p.begin () + static_cast<std::ptrdiff_t> (at), p.end ());
    CHECK (data_.size () < 1 << 24);
  }

  // Whether packets end with restart intervals.
  bool has_chunks () const { return has_chunks_; }
  unsigned type () const { return main_[4]; }
  unsigned q () const { return main_[5]; }
  // 0 if transmitted out of band.
  unsigned width_blocks () const { return main_[6]; }
  unsigned height_blocks () const { return main_[7]; }
  unsigned restart_interval () const { return restart_interval_; }
  // The scan and EOI.
  const std::vector<std::uint8_t> &data () const { return data_; }

  // To be called after the last packet: there must be no markers other than
  // those of the restart intervals, and then EOI.
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
  static constexpr unsigned whole_frame = 0x3fff;

  // Section 3.1.7: F and L say whether intervals begin and end with the packet;
  // Restart Count is the index of the first.
  void check_chunk (std::span<const std::uint8_t> data, bool begins, bool ends,
      unsigned count)
  {
    if (data_.empty ())
      has_chunks_ = count != whole_frame;
    CHECK ((count != whole_frame) == has_chunks_);
    if (!has_chunks_) {
      CHECK (begins && ends);
      return;
    }
    CHECK (count == intervals_);
    CHECK (begins == is_between_intervals_);
    unsigned markers = 0;
    for (std::size_t i = 0; i < data.size (); i++) {
      // Also after the last byte of the previous packet.
      bool after_ff = i > 0 ? data[i - 1] == 0xff
                            : !data_.empty () && data_.back () == 0xff;
      bool is_marker = after_ff && data[i] >= 0xd0 && data[i] <= 0xd7;
      bool is_eoi = after_ff && data[i] == 0xd9;
      markers += is_marker;
      is_between_intervals_ = is_marker || is_eoi;
    }
    CHECK (ends == is_between_intervals_);
    // A packet that does not contain whole intervals is part of a single one.
    if (!begins || !ends)
      CHECK (markers <= (ends ? 1u : 0u));
    intervals_ += markers;
  }

  // Common to all packets, except for the fragment offset
  std::array<std::uint8_t, main_header_size> main_{};
  unsigned restart_interval_ = 0;
  bool has_chunks_ = false;
  bool is_between_intervals_ = true;
  unsigned intervals_ = 0; // that have ended
  std::vector<std::uint8_t> data_;
};
