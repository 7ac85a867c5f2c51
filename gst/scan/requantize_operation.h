// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "block.h"
#include "interval_writer.h"
#include "level_codes.h"
#include "requantizing.h"
#include "scan_decoder.h"

#include <algorithm>

namespace rfc2435 {

// Requantizes levels with other steps: an operation for scan_walk.h. Only the
// DC levels of a block are kept, and no decision depends on the next block.
class RequantizeOperation {
public:
  RequantizeOperation (const ScanDecoder<LevelRun> &decoder,
      const Requantizing &requantizing, const IntervalWriter &writer)
      : decoder_ (&decoder), control_ (requantizing.control),
        mcus_in_row_ (requantizing.mcus_in_row),
        mcus_left_ (requantizing.mcus_in_row),
        tables_{{{requantizing.steps[0], luma_level_encoder ()},
            {requantizing.steps[1], chroma_level_encoder ()},
            {requantizing.steps[2], chroma_level_encoder ()}}},
        writer_ (writer)
  {
    set_strength (requantizing.strength);
  }

  [[gnu::always_inline]] bool block (
      BitReader &reader, unsigned component, int &level, bool, int)
  {
    auto &c = decoder_->component (component);
    auto &tables = tables_[component];
    if (!read_dc (reader, c.dc, level))
      return false;
    auto dc = tables.steps.dc (level);
    writer_.put_dc (component, dc - dc_[component]);
    dc_[component] = dc;
    return requantize_ac (reader, c, tables);
  }

  void leave_segment (std::size_t) {}
  void enter_segment (std::size_t) {}
  void restart (std::size_t, unsigned number)
  {
    writer_.restart (number);
    dc_ = {};
  }
  bool end_mcu (std::size_t bit)
  {
    writer_.end_mcu ();
    if (--mcus_left_ != 0) [[likely]]
      return true;
    mcus_left_ = mcus_in_row_;
    if (!control_)
      return true;
    auto strength = control_->next_row (bit / 8, writer_.written ());
    if (strength)
      set_strength (*strength);
    return strength.has_value ();
  }
  void finish (std::size_t) { writer_.finish (); }

private:
  // Everything that processes the levels of a component, in one place: the loop
  // has no registers to spare.
  struct LevelTables {
    StepChange steps;
    LevelEncoder encoder;
    DeadZone zone{};
  };

  void set_strength (unsigned strength)
  {
    tables_[0].zone = DeadZone::luma (strength);
    tables_[1].zone = tables_[2].zone = DeadZone::chroma (strength);
  }

  [[gnu::always_inline]] bool requantize_ac (BitReader &reader_state,
      const ComponentDecoder<LevelRun> &c, const LevelTables &tables)
  {
    static_assert (BitReader::refilled >= 2 * max_coefficient_bits);
    // Copies, so that they stay in registers.
    auto reader = reader_state;
    auto writer = writer_.bits ();
    unsigned zeros = 0; // in front of the next level, as written
    unsigned k = 1;     // the next coefficient's number

    do {
      reader.refill ();
      // The codes of two small levels are written together.
      LevelCodes codes;
#pragma GCC unroll 2
      for (unsigned i = 0; i < 2; i++) {
        auto run = c.runs.find (reader.bits ());
        if (k + run.advance > 64) [[unlikely]] {
          if (k == 64)
            break;
          if (run.advance == SymbolRun::none)
            run = read_long (reader, c.ac);
          if (run.advance == SymbolRun::end_of_block) {
            reader.skip (run.length);
            codes.append (tables.encoder.end_of_block ());
            zeros = 0;
            k = 64;
            break;
          }
          if (k + run.advance > 64) {
            k = corrupt;
            break;
          }
        }
        reader.skip (run.length);
        k += run.advance;
        zeros += run.advance - 1u;

        auto level = tables.zone.quantize (
            tables.steps.ac (k - 1, run.magnitude ()), zeros);
        if (level > LevelEncoder::max_small_level ||
            zeros > LevelEncoder::max_run) [[unlikely]] {
          if (level != 0) {
            put (writer, codes);
            codes = long_code (
                writer, tables.encoder, zeros, level, run.is_negative ());
          }
        } else {
          codes.append (
              tables.encoder.small (zeros, level, run.is_negative ()));
        }
        zeros = (zeros + 1) & (0u - unsigned{level == 0});
      }
      put (writer, codes);
    } while (k < 64);

    if (k == 64 && zeros != 0) {
      LevelCodes codes;
      codes.append (tables.encoder.end_of_block ());
      put (writer, codes);
    }
    reader_state = reader;
    writer_.set_bits (writer);
    return k == 64;
  }

  // Reads a coefficient that the table of runs doesn't contain.
  static LevelRun read_long (BitReader &reader, const HuffmanDecoder &decoder)
  {
    auto symbol = read_ac (reader, decoder);
    auto run = LevelRun::of (symbol.code, symbol.value);
    run.length = 0;
    return run;
  }

  // The code of a large level, or after a long run of zeros, which is written
  // first.
  static LevelCodes long_code (BitWriter &writer, const LevelEncoder &encoder,
      unsigned zeros, unsigned level, bool is_negative)
  {
    LevelCodes codes;
    for (; zeros > LevelEncoder::max_run; zeros -= LevelEncoder::max_run + 1)
      codes.append (encoder.zero_run ());
    put (writer, codes);
    codes = {};
    codes.append (
        encoder.code (zeros, std::min (level, max_ac_level), is_negative));
    return codes;
  }

  static void put (BitWriter &writer, const LevelCodes &codes)
  {
    writer.put (codes.bits, codes.length);
  }

  static constexpr unsigned corrupt = 65; // more than a block has
  // The largest that baseline has codes for (T.81 F.1.2.2.1).
  static constexpr unsigned max_ac_level = 1023;

  const ScanDecoder<LevelRun> *decoder_;
  DeadZoneControl *control_;
  std::uint32_t mcus_in_row_;
  std::uint32_t mcus_left_;
  DcLevels dc_{}; // as written
  std::array<LevelTables, 3> tables_;
  IntervalWriter writer_;
};

} // namespace rfc2435
