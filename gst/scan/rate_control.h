// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "table_ladder.h"

#include <cstddef>
#include <optional>

namespace rfc2435 {

// Chooses how a scan that is too large is requantized to a given size: tables
// for the frame, and a dead zone for each row of MCUs, according to the size of
// the rows before it. Frames that need little reduction keep their tables and
// are reduced by the dead zone alone. Tables change rarely, since parts that a
// receiver fills in from the previous frame must use the same ones.
//
// Sizes are in bytes of the scan, without stuffed bytes.
class RateControl {
public:
  // Begins a new stream.
  void reset () { *this = RateControl{}; }

  // `size` is the size of the scan, `budget` what it is to be reduced to,
  // `ladder` that of its tables. The frame is to be requantized with the tables
  // of rung ().
  void begin_frame (
      std::size_t size, std::size_t budget, const TableLadder &ladder);
  std::size_t rung () const { return rung_; }

  enum class Step {
    go_on,      // with a dead zone of strength ()
    start_over, // with the tables of rung (), which has changed
    give_up,    // no tables of the ladder make it small enough
  };

  // To be called before each row except the first, when `read` bytes of the
  // scan have become `written` ones.
  Step next_row (std::size_t read, std::size_t written);
  unsigned strength () const { return strength_; }

  // To be called when the whole scan has become `written` bytes.
  Step end_frame (std::size_t written);

private:
  double predict (double strength) const;
  void begin_pass ();
  void choose_rung ();
  bool tables_do (double log_wanted);
  double strongest_early () const;
  void account (std::size_t read, std::size_t written);
  double correction (double doubted_part) const;
  Step start_over ();

  // Of the stream: the factor for the model's logarithms of sizes.
  double exponent_ = 1;
  std::optional<QuantizationTables> tables_; // those chosen last
  unsigned impatience_ = 0; // frames for which they did not suit
  // Whether the first rows of the previous frame asked for coarser tables than
  // the whole frame needed, so that a still picture is not started over for
  // this reason again and again.
  bool first_rows_mislead_ = false;

  // Of the frame
  const TableLadder *ladder_ = nullptr;
  double size_ = 0;
  double budget_ = 0;
  std::size_t rung_ = 0;
  unsigned passes_ = 0;
  bool first_rows_ask_ = false; // for coarser tables

  // Of the pass over it
  unsigned strength_ = 0;
  double read_ = 0;
  double written_ = 0;
  double predicted_ = 0;    // what was expected to be written
  double log_expected_ = 0; // the mean of the model's logarithms so far
};

} // namespace rfc2435
