// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_control.h"

#include "dead_zone.h"
#include "requantized_size.h"

#include <algorithm>
#include <cmath>

namespace rfc2435 {
namespace {

constexpr double max_strength = DeadZone::strengths - 1;

// The dead zone alone does up to this strength, which makes most frames a fifth
// smaller. Where all levels matter, it does less (a low exponent says so), and
// coarser tables lose less. Once there were any, a little more is wanted for
// the way back.
double
own_tables_strength (double exponent)
{
  return 44 + 7.5 * std::min (exponent, 1.0);
}
constexpr double to_come_back = 3;

// How far the strength may be from the usual one before tables change, be it
// for some frames or at once.
constexpr double weaker = 18;
constexpr double stronger = 5;
constexpr unsigned patience = 10; // frames
constexpr double far_stronger_at_once = 26;
constexpr double unused_at_once = 0.04; // of the budget, with no dead zone

// Where it gets as far as this in the frame at hand, it is started over.
constexpr double far_stronger = 16;
constexpr double far_stronger_with_own_tables = 26;
constexpr double far_weaker = 34;
// The part of a frame up to which that is done for quality's sake.
constexpr double early = 0.25;
// The part before which nothing can be said.
constexpr double too_early = 0.04;

// A frame whose first rows asked for coarser tables, and that fills no more
// than this part of its budget with them, did not need them.
constexpr double misled = 0.93;

// What a frame may be over its budget in the end.
constexpr double tolerance = 1.03;

constexpr unsigned max_passes = 4;

// The part of the budget that is taken to come to what was expected, beside
// what rows have shown: a frame goes on with caution, and is not started over
// for a little.
constexpr double going_on = 0.1, starting_over = 0.03;

constexpr double min_exponent = 0.3, max_exponent = 2.5;

// The strength that loses least: a strong dead zone with tables that are a
// little coarser than the source's, a weak one with much coarser ones, which
// have one of their own. Found by PSNR and SSIM: see docs/bitrate.md.
double
usual_strength (double coarseness)
{
  constexpr double fine = 0.55, coarse = 1.0;
  constexpr double with_fine = 33, with_coarse = 22;
  auto part = std::clamp ((coarseness - fine) / (coarse - fine), 0.0, 1.0);
  return with_fine + part * (with_coarse - with_fine);
}

} // namespace

// The logarithm of a row's size over the source's.
double
RateControl::predict (double strength) const
{
  return exponent_ * log_size (ladder_->rungs ()[rung_].coarseness, strength);
}

// Whether those of rung_ do for a frame of this size.
bool
RateControl::tables_do (double log_wanted)
{
  auto coarseness = ladder_->rungs ()[rung_].coarseness;
  auto needed = strength_for (coarseness, log_wanted);
  auto usual = usual_strength (coarseness);
  if (needed > usual - weaker && needed < usual + stronger) {
    impatience_ = 0;
    return true;
  }
  auto largest = exponent_ * log_size (coarseness, 0);
  return ++impatience_ <= patience && needed < usual + far_stronger_at_once &&
         std::exp (largest) * size_ > budget_ * (1 - unused_at_once);
}

// The strength above which coarser tables would have lost less.
double
RateControl::strongest_early () const
{
  return usual_strength (ladder_->rungs ()[rung_].coarseness) +
         (rung_ == 0 ? far_stronger_with_own_tables : far_stronger);
}

void
RateControl::choose_rung ()
{
  auto &rungs = ladder_->rungs ();
  auto wanted = std::log (budget_ / size_) / exponent_;

  // The tables chosen last, as long as they do.
  rung_ = tables_ ? ladder_->find_nearest (*tables_) : 0;
  if (passes_ == 0) {
    auto own_strength =
        own_tables_strength (exponent_) - (rung_ == 0 ? 0 : to_come_back);
    if (strength_for (0, wanted) < own_strength) {
      rung_ = 0;
      return;
    }
    if (rung_ != 0 && tables_do (wanted))
      return;
  }
  impatience_ = 0;

  for (rung_ = 0; rung_ + 1 < rungs.size (); rung_++) {
    auto coarseness = rungs[rung_].coarseness;
    if (log_size (coarseness, usual_strength (coarseness)) <= wanted)
      break;
  }
}

void
RateControl::begin_pass ()
{
  choose_rung ();
  tables_ = ladder_->rungs ()[rung_].tables;
  passes_++;
  read_ = written_ = predicted_ = log_expected_ = 0;
  auto wanted = std::log (budget_ / size_) / exponent_;
  strength_ = static_cast<unsigned> (
      std::lround (strength_for (ladder_->rungs ()[rung_].coarseness, wanted)));
}

void
RateControl::begin_frame (
    std::size_t size, std::size_t budget, const TableLadder &ladder)
{
  ladder_ = &ladder;
  size_ = static_cast<double> (std::max<std::size_t> (size, 1));
  budget_ = static_cast<double> (std::max<std::size_t> (budget, 1));
  passes_ = 0;
  first_rows_ask_ = false;
  begin_pass ();
}

void
RateControl::account (std::size_t read, std::size_t written)
{
  auto row = static_cast<double> (read) - read_;
  auto log = predict (strength_);
  predicted_ += row * std::exp (log);
  log_expected_ += row * log;
  read_ = static_cast<double> (read);
  written_ = static_cast<double> (written);
}

// What rows come to, in parts of what was expected. The first ones say little.
double
RateControl::correction (double doubted_part) const
{
  auto doubt = doubted_part * budget_;
  return (written_ + doubt) / (predicted_ + doubt);
}

// Learns from what there is of the frame.
RateControl::Step
RateControl::start_over ()
{
  auto log = read_ > 0 ? log_expected_ / read_ : 0;
  if (log < -0.02 && written_ > 0)
    exponent_ = std::clamp (
        exponent_ * (1 + std::log (correction (starting_over)) / log),
        min_exponent, max_exponent);
  auto before = rung_;
  begin_pass ();
  if (rung_ == before) {
    // The model knows no better: one that is certainly coarser.
    auto &rungs = ladder_->rungs ();
    auto coarser = ladder_->find (rungs[rung_].coarseness + 0.15);
    if (coarser == before)
      return Step::give_up;
    rung_ = coarser;
    tables_ = rungs[rung_].tables;
  }
  return Step::start_over;
}

RateControl::Step
RateControl::next_row (std::size_t read, std::size_t written)
{
  account (read, written);
  auto left = size_ - read_;
  if (left <= 0)
    return Step::go_on;

  auto coarseness = ladder_->rungs ()[rung_].coarseness;
  auto usual = usual_strength (coarseness);
  auto room = std::max (budget_ - written_, 1.0);
  auto rest = left * correction (going_on);
  auto wanted = std::log (room / rest) / exponent_;
  auto needed = strength_for (coarseness, wanted);
  auto least = written_ + rest * std::exp (predict (max_strength));
  auto done = read_ / size_;

  if (done > too_early && passes_ < max_passes) {
    bool is_last_rung = rung_ + 1 == ladder_->rungs ().size ();
    // Without coarser tables it is worth every try, for the model may be wrong.
    if ((is_last_rung ? written_ : least) > budget_ * tolerance)
      return is_last_rung ? Step::give_up : start_over ();
    if (done < early && !is_last_rung && needed > strongest_early ()) {
      first_rows_ask_ = true;
      if (!first_rows_mislead_)
        return start_over ();
    }
    if (done < early && passes_ == 1 && rung_ != 0 &&
        needed < usual - far_weaker)
      return start_over ();
  }
  strength_ = static_cast<unsigned> (std::lround (needed));
  return Step::go_on;
}

RateControl::Step
RateControl::end_frame (std::size_t written)
{
  account (static_cast<std::size_t> (size_), written);
  if (written_ > budget_ * tolerance)
    return passes_ < max_passes ? start_over () : Step::give_up;

  // Either it became too small with the tables that they asked for, or the dead
  // zone of its end shows that it could do without.
  first_rows_mislead_ =
      first_rows_ask_ && (first_rows_mislead_ ? strength_ < strongest_early ()
                                              : written_ < budget_ * misled);

  constexpr double learned = 0.5;
  auto log = log_expected_ / size_;
  if (log < -0.05)
    exponent_ = std::clamp (
        exponent_ * (1 + learned * std::log (written_ / predicted_) / log),
        min_exponent, max_exponent);
  return Step::go_on;
}

} // namespace rfc2435
