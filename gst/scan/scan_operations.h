// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "block.h"
#include "interval_writer.h"
#include "scan_decoder.h"
#include "unstuffed_scan.h"

// What ScanTranscoder does with the blocks of a scan: operations for
// scan_walk.h.

namespace rfc2435 {

// Reads every code, and writes nothing.
class CheckOperation {
public:
  explicit CheckOperation (const ScanDecoder<SymbolRun> &decoder)
      : decoder_ (&decoder)
  {}

  [[gnu::always_inline]] bool block (
      BitReader &reader, unsigned component, int &level, bool, int)
  {
    auto &c = decoder_->component (component);
    return read_dc (reader, c.dc, level) && skip_ac (reader, c.ac, c.runs);
  }

  void leave_segment (std::size_t) {}
  void enter_segment (std::size_t) {}
  void restart (std::size_t, unsigned) {}
  bool end_mcu (std::size_t) { return true; }
  void finish (std::size_t) {}

private:
  const ScanDecoder<SymbolRun> *decoder_;
};

// Inserts restart markers into a scan with the standard tables, or removes
// them. All bits are copied unchanged, except for the first DC difference of
// each component after a marker.
class CopyOperation {
public:
  CopyOperation (const UnstuffedScan &scan,
      const ScanDecoder<SymbolRun> &decoder, const IntervalWriter &writer)
      : data_ (scan.data ()), decoder_ (&decoder), writer_ (writer)
  {}

  [[gnu::always_inline]] bool block (BitReader &reader, unsigned component,
      int &level, bool is_first, int written_level)
  {
    auto &c = decoder_->component (component);
    auto begin = reader.position ();
    auto told_by = level;
    if (!read_dc (reader, c.dc, level))
      return false;
    if (is_first && written_level != told_by) {
      copy_to (begin);
      writer_.put_dc (component, level - written_level);
      copied_ = reader.position ();
    }
    return skip_ac (reader, c.ac, c.runs);
  }

  void leave_segment (std::size_t bit) { copy_to (bit); }
  void enter_segment (std::size_t bit) { copied_ = bit; }
  void restart (std::size_t bit, unsigned number)
  {
    copy_to (bit);
    writer_.restart (number);
  }
  bool end_mcu (std::size_t) { return true; }
  void finish (std::size_t bit)
  {
    copy_to (bit);
    writer_.finish ();
  }

private:
  void copy_to (std::size_t bit)
  {
    writer_.copy (data_, copied_, bit);
    copied_ = bit;
  }

  const std::uint8_t *data_;
  const ScanDecoder<SymbolRun> *decoder_;
  IntervalWriter writer_;
  std::size_t copied_ = 0; // up to this bit
};

// Replaces custom Huffman tables with the standard ones.
class RecodeOperation {
public:
  RecodeOperation (
      const ScanDecoder<RecodedRun> &decoder, const IntervalWriter &writer)
      : decoder_ (&decoder), writer_ (writer)
  {}

  [[gnu::always_inline]] bool block (BitReader &reader, unsigned component,
      int &level, bool is_first, int written_level)
  {
    auto &c = decoder_->component (component);
    auto told_by = is_first ? written_level : level;
    if (!read_dc (reader, c.dc, level))
      return false;
    writer_.add_dc (component, level - told_by);
    return recode_ac (reader, component, c);
  }

  void leave_segment (std::size_t) {}
  void enter_segment (std::size_t) {}
  void restart (std::size_t, unsigned number) { writer_.restart (number); }
  bool end_mcu (std::size_t)
  {
    writer_.end_mcu ();
    return true;
  }
  void finish (std::size_t) { writer_.finish (); }

private:
  static constexpr HuffmanCode end_of_block{.symbol = 0x00};
  static constexpr HuffmanCode zero_run{.symbol = 0xf0};

  // Starts after the block's DC difference, which is not flushed yet.
  [[gnu::always_inline]] bool recode_ac (BitReader &reader, unsigned component,
      const ComponentDecoder<RecodedRun> &c)
  {
    static_assert (
        BitReader::refilled >=
        max_coefficient_bits + 2 * RunTable<RecodedRun>::look_up_bits);
    unsigned k = 1;
    for (;;) {
      const RecodedRun *run = nullptr;
      unsigned next = 0;
      auto look_up = [&] {
        run = &c.runs.find (reader.bits ());
        next = k + run->advance;
        if (next >= 64)
          return false;
        reader.skip (run->length);
        writer_.add (run->bits, run->bit_count);
        k = next;
        return true;
      };
      // Four look-ups between two refills and two between two flushes, unless
      // something unusual occurs.
      if (look_up ()) [[likely]] {
        writer_.flush ();
        if (look_up ()) [[likely]] {
          reader.refill ();
          if (look_up ()) [[likely]] {
            writer_.flush ();
            if (look_up ()) [[likely]]
              continue;
          }
        }
      }
      if (next - SymbolRun::end_of_block < 64) [[likely]] {
        reader.skip (run->length);
        writer_.put (run->bits, run->bit_count);
        return true;
      }
      writer_.flush ();
      k = recode_symbol (reader, component, c.ac, k);
      if (k >= 64)
        return k == 64;
    }
  }

  // Recodes the next symbol by itself, with the runs of 16 zeros before it.
  // Such runs at the end of a block are omitted, as encoders do. Returns the
  // number of the next coefficient: 64 at the end of the block, more if a code
  // is invalid.
  [[gnu::always_inline]] unsigned recode_symbol (BitReader &reader,
      unsigned component, const HuffmanDecoder &decoder, unsigned k)
  {
    constexpr unsigned none = 65;
    unsigned zero_runs = 0;
    for (;;) {
      auto symbol = read_ac (reader, decoder);
      if (symbol.code.length == 0)
        return none;
      k += symbol.code.run () + 1;
      if (symbol.code.is_end_of_block () ||
          (symbol.code.is_zero_run () && k == 64)) {
        writer_.put_ac (component, end_of_block, 0);
        return 64;
      }
      if (k > 64)
        return none;
      if (!symbol.code.is_zero_run ()) {
        for (; zero_runs > 0; zero_runs--)
          writer_.put_ac (component, zero_run, 0);
        writer_.put_ac (component, symbol.code, symbol.value);
        return k;
      }
      zero_runs++;
    }
  }

  const ScanDecoder<RecodedRun> *decoder_;
  IntervalWriter writer_;
};

} // namespace rfc2435
