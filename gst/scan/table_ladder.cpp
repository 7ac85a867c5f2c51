// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table_ladder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rfc2435 {
namespace {

constexpr unsigned max_quality = 100; // all steps are 1: no Q describes it
constexpr unsigned max_step = 255;    // 8 bits: receivers read no others

// From one scaled table to the next: steps of 12 %.
constexpr double scale_step = 1.122;

// Mean logarithm of luma's steps. AC coefficients of low frequency count more:
// there are more of them.
double
log_step (const QuantizationTables &tables)
{
  double sum = 0, weights = 0;
  for (unsigned k = 1; k < 64; k++) {
    double weight = 1.0 / (k + 2);
    sum += weight * std::log (tables.luma.values[k]);
    weights += weight;
  }
  return sum / weights;
}

struct Scale {
  std::array<double, max_quality + 1> log_steps{};

  Scale ()
  {
    for (unsigned q = 1; q <= max_quality; q++)
      log_steps[q] = log_step (formula_tables (q));
  }

  unsigned nearest (double log) const
  {
    unsigned best = 1;
    for (unsigned q = 2; q <= max_quality; q++)
      if (std::abs (log_steps[q] - log) < std::abs (log_steps[best] - log))
        best = q;
    return best;
  }
};

const Scale &
scale ()
{
  static const Scale instance;
  return instance;
}

// The quality of tables that are on the IJG's scale, otherwise 0.
unsigned
scale_quality (const QuantizationTables &tables)
{
  if (tables == formula_tables (max_quality))
    return max_quality;
  return formula_q (tables);
}

QuantizationTable
scaled (const QuantizationTable &table, double factor)
{
  QuantizationTable result;
  for (unsigned k = 0; k < 64; k++) {
    auto step = std::lround (table.values[k] * factor);
    result.values[k] = static_cast<std::uint16_t> (
        std::max (std::min<long> (step, max_step), long{table.values[k]}));
  }
  return result;
}

} // namespace

unsigned
nearest_quality (const QuantizationTables &tables)
{
  return scale ().nearest (log_step (tables));
}

void
TableLadder::set (const QuantizationTables &source, unsigned min_quality)
{
  if (!rungs_.empty () && min_quality == min_quality_ &&
      rungs_[0].tables == source)
    return;
  min_quality_ = min_quality;
  rungs_.clear ();

  auto quality = scale_quality (source);
  auto source_log = log_step (source);
  rungs_.push_back ({.tables = source, .quality = nearest_quality (source)});
  if (quality != 0) {
    for (auto q = quality; q-- > min_quality;)
      rungs_.push_back ({.tables = formula_tables (q),
          .quality = q,
          .coarseness = scale ().log_steps[q] - source_log});
    return;
  }
  for (double factor = scale_step;; factor *= scale_step) {
    Rung rung = {.tables = {.luma = scaled (source.luma, factor),
                     .chroma = scaled (source.chroma, factor)}};
    rung.quality = nearest_quality (rung.tables);
    rung.coarseness = log_step (rung.tables) - source_log;
    if (rung.quality < min_quality || rung.tables == rungs_.back ().tables)
      return;
    rungs_.push_back (rung);
  }
}

std::size_t
TableLadder::find (double coarseness) const
{
  auto found =
      std::ranges::lower_bound (rungs_, coarseness, {}, &Rung::coarseness);
  if (found == rungs_.end ())
    found--;
  return found - rungs_.begin ();
}

std::size_t
TableLadder::find_nearest (const QuantizationTables &tables) const
{
  auto coarseness = log_step (tables) - log_step (rungs_[0].tables);
  auto i = find (coarseness);
  if (i > 0 &&
      coarseness - rungs_[i - 1].coarseness < rungs_[i].coarseness - coarseness)
    i--;
  return i;
}

} // namespace rfc2435
