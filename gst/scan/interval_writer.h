// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bit_writer.h"
#include "block.h"
#include "jpeg_markers.h"
#include "stuffed_output.h"

namespace rfc2435 {

// Writes the restart intervals of a scan. Bits are collected in a buffer that
// fits into the processor's L1 cache, and stuffed from there.
class IntervalWriter {
public:
  // The maximum written between two calls of end_mcu (): six blocks, each of a
  // DC difference of 20 bits and 63 coefficients of 26.
  static constexpr std::size_t max_mcu_size = 6 * (20 + 63 * 26) / 8 + 64;
  static constexpr std::size_t buffer_size = 8192;

  // `buffer` has room for `buffer_size` bytes.
  IntervalWriter (std::uint8_t *buffer, StuffedOutput &output)
      : encoders_ (&standard_encoders ()), output_ (&output), buffer_ (buffer),
        bits_ (buffer)
  {}

  // As in BitWriter.
  void add (std::uint64_t value, unsigned count) { bits_.add (value, count); }
  void flush () { bits_.flush (); }
  void put (std::uint64_t value, unsigned count) { bits_.put (value, count); }

  // For callers that write many bits at once, using a copy.
  BitWriter bits () const { return bits_; }
  void set_bits (const BitWriter &bits) { bits_ = bits; }

  // Adds the bits of a DC difference; call flush () after it.
  [[gnu::always_inline]] void add_dc (unsigned component, int difference)
  {
    auto code = encoders_->dc_of (component).code (difference);
    bits_.add (code.bits, code.length);
  }

  [[gnu::always_inline]] void put_dc (unsigned component, int difference)
  {
    add_dc (component, difference);
    bits_.flush ();
  }

  [[gnu::always_inline]] void put_ac (
      unsigned component, HuffmanCode symbol, unsigned value)
  {
    auto code = encoders_->ac_of (component).code (symbol.symbol);
    bits_.put (static_cast<std::uint32_t> (code.bits) << symbol.size () | value,
        code.length + symbol.size ());
  }

  // Copies the bits of `data` from `from` to `to`. Eight more bytes after them
  // must be readable.
  void copy (const std::uint8_t *data, std::size_t from, std::size_t to)
  {
    while (from < to) {
      auto count = std::min<std::size_t> (to - from, BitWriter::max_bits);
      auto bits = load_be64 (data + from / 8) << (from & 7);
      bits_.put (bits >> (64 - count), static_cast<unsigned> (count));
      from += count;
      end_mcu ();
    }
  }

  // Makes room for the next MCU.
  void end_mcu ()
  {
    if (bits_.next () > buffer_ + (buffer_size - max_mcu_size)) [[unlikely]]
      stuff ();
  }

  // Bytes so far; those not in the output yet are counted without stuffing.
  std::size_t written () const
  {
    return output_->bytes ().size () +
           static_cast<std::size_t> (bits_.next () - buffer_);
  }

  // Begins a new interval, after restart marker `number`.
  void restart (unsigned number)
  {
    bits_.align ();
    stuff ();
    output_->append_marker (static_cast<std::uint8_t> (marker::rst0 + number));
  }

  void finish ()
  {
    bits_.align ();
    stuff ();
  }

private:
  void stuff ()
  {
    output_->append ({buffer_, bits_.next ()});
    bits_.move (buffer_);
  }

  const StandardEncoders *encoders_;
  StuffedOutput *output_;
  std::uint8_t *buffer_;
  BitWriter bits_;
};

} // namespace rfc2435
