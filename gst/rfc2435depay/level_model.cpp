// SPDX-License-Identifier: LGPL-2.1-or-later
#include "level_model.h"

#include "huffman_table.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// Blocks err together: many of them are no better evidence than a few.
constexpr double max_samples = 8;
// Nor may a single one decide.
constexpr double max_surprise = 4;

constexpr std::size_t min_samples = 32;

// Where the picture moves, levels of another place may be more alike than those
// of the same: such a guide leads astray. At all places that could be taken for
// the right one, they have to differ by this factor more.
constexpr double min_contrast_before = 2;
constexpr double min_contrast_row = 1.5;
constexpr Index reach = 5 * 8;

} // namespace

std::optional<int>
first_level (Bytes interval)
{
  // The code and its bits are 20 at most.
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (std::size_t i = 0; i < interval.size () && count < 32; i++) {
    bits |= std::uint32_t{interval[i]} << (24 - count);
    count += 8;
    if (interval[i] == 0xff)
      i++;
  }

  unsigned code = 0, first = 0, index = 0;
  for (unsigned length = 1; length <= 16; length++) {
    auto codes = standard_dc_luma.counts[length - 1];
    code = bits >> (32 - length);
    if (code < first + codes) {
      unsigned size = standard_dc_luma.symbols[index + code - first];
      if (length + size > count || size > 11)
        return std::nullopt;
      if (size == 0)
        return 0;
      auto value = static_cast<int> ((bits << length) >> (32 - size));
      return value >> (size - 1) ? value : value - (1 << size) + 1;
    }
    index += codes;
    first = (first + codes) << 1;
  }
  return std::nullopt;
}

LevelModel::LevelModel (std::span<const IntervalSpan> spans,
    std::uint32_t count, Bytes received, const PreviousIntervals &previous,
    double intervals_per_row)
    : per_row_ (static_cast<Index> (std::lround (intervals_per_row))),
      now_ (count, unknown)
{
  for (std::size_t i = 0; i < spans.size (); i++) {
    auto &span = spans[i];
    auto &levels = of_span_.emplace_back (span.size (), unknown);
    for (std::size_t k = 0; k < span.size (); k++) {
      auto &piece = span.piece (k);
      if (piece.whole)
        levels[k] = first_level (
            received.subspan (piece.begin, piece.end - piece.begin))
                        .value_or (unknown);
    }
    if (span.base)
      place (i, *span.base);
  }
  for (std::size_t i = 0; i + 1 < previous.begins.size (); i++) {
    auto begin = previous.begins[i], end = previous.begins[i + 1];
    before_.push_back (
        begin + 2 < end && end - 2 <= previous.scan.size ()
            ? first_level (previous.scan.subspan (begin, end - 2 - begin))
                  .value_or (unknown)
            : unknown);
  }
  scale_before_ = scale_of (before_, 0, min_contrast_before);
  if (per_row_ > 0)
    scale_row_ = scale_of (now_, -per_row_, min_contrast_row);
}

// Of levels of this picture and those that lie so far from them in `guide`.
double
LevelModel::scale_of (
    const Levels &guide, Index distance, double contrast) const
{
  double best_elsewhere = 1e9, here = 0;
  for (Index shift = -reach; shift <= reach; shift += 8) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < now_.size (); i++) {
      auto index = static_cast<Index> (i);
      auto other = known (guide, index + distance + shift);
      if (now_[i] == unknown || other == unknown)
        continue;
      sum += std::abs (now_[i] - other);
      count++;
    }
    auto mean = count > 0 ? sum / static_cast<double> (count) + 0.5 : 0;
    if (shift == 0) {
      if (count < min_samples)
        return 0;
      here = mean;
    } else if (count >= min_samples) {
      best_elsewhere = std::min (best_elsewhere, mean);
    }
  }
  return here * contrast <= best_elsewhere ? here : 0;
}

void
LevelModel::place (std::size_t span, Index base)
{
  auto &levels = of_span_[span];
  for (std::size_t k = 0; k < levels.size (); k++) {
    auto index = static_cast<std::size_t> (base) + k;
    if (index < now_.size () && levels[k] != unknown)
      now_[index] = levels[k];
  }
}

double
LevelModel::likelihood (std::size_t span, Index base) const
{
  double result = 0;
  auto &levels = of_span_[span];
  auto compare = [&] (const Levels &guide, Index distance, double scale) {
    double sum = 0, count = 0;
    for (std::size_t k = 0; k < levels.size () && scale > 0; k++) {
      auto other = known (guide, base + static_cast<Index> (k) + distance);
      if (levels[k] == unknown || other == unknown)
        continue;
      sum += std::min (max_surprise, std::abs (levels[k] - other) / scale);
      count++;
    }
    if (count > 0)
      result -= sum / count * std::min (count, max_samples);
  };
  compare (before_, 0, scale_before_);
  compare (now_, -per_row_, scale_row_);
  compare (now_, per_row_, scale_row_);
  return result;
}

} // namespace rfc2435
