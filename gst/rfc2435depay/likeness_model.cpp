// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "likeness_model.h"

#include "dc_decoder.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// Deviations of blocks are correlated: many of them prove no more than a few.
constexpr double max_samples = 8;
// Nor may a single one be decisive.
constexpr double max_surprise = 4;

constexpr std::size_t min_samples = 5;

// If the picture moves, intervals from elsewhere may be more similar than those
// from here, and such a guide misleads. At all places that could be mistaken
// for the right one, values must differ more by this factor.
constexpr double min_contrast = 1.5;
constexpr Index reach = 5 * 8;

constexpr int unknown = 1 << 16;

int
known (const std::vector<int> &values, Index index)
{
  return index >= 0 && index < static_cast<Index> (values.size ())
             ? values[static_cast<std::size_t> (index)]
             : unknown;
}

// 64 more for twice the size.
int
log_size (std::uint32_t size)
{
  return size > 0 ? static_cast<int> (std::lround (64 * std::log2 (size)))
                  : unknown;
}

} // namespace

std::optional<int>
first_level (Bytes interval)
{
  static const auto decoder = [] {
    DcDecoder standard;
    standard.build (standard_dc_luma);
    return standard;
  }();
  // The code and its bits take at most 20 bits.
  std::uint64_t bits = 0;
  unsigned count = 0;
  for (std::size_t i = 0; i < interval.size () && count < 32; i++) {
    bits |= std::uint64_t{interval[i]} << (56 - count);
    count += 8;
    if (interval[i] == 0xff)
      i++;
  }
  auto difference = decoder.find (bits);
  if (difference.length == 0 || difference.length > count)
    return std::nullopt;
  return difference.value;
}

LikenessModel::LikenessModel (std::span<const IntervalSpan> spans,
    std::uint32_t count, Bytes received, const PreviousIntervals &previous,
    double intervals_per_row)
    : per_row_ (static_cast<Index> (std::lround (intervals_per_row)))
{
  level_.now.assign (count, unknown);
  size_.now.assign (count, unknown);
  read_features (spans, received);
  read_previous (previous);
  for (std::size_t i = 0; i < spans.size (); i++) {
    if (spans[i].base)
      place (i, *spans[i].base);
  }
  update ();
}

void
LikenessModel::read_features (
    std::span<const IntervalSpan> spans, Bytes received)
{
  for (auto &span : spans) {
    auto &levels = level_.of_span.emplace_back (span.size (), unknown);
    auto &sizes = size_.of_span.emplace_back (span.size (), unknown);
    for (std::size_t k = 0; k < span.size (); k++) {
      auto &piece = span.piece (k);
      if (!piece.whole)
        continue;
      auto size = piece.end - piece.begin;
      levels[k] =
          first_level (received.subspan (piece.begin, size)).value_or (unknown);
      sizes[k] = log_size (size);
    }
  }
}

void
LikenessModel::read_previous (const PreviousIntervals &previous)
{
  for (std::size_t i = 0; i + 1 < previous.begins.size (); i++) {
    auto begin = previous.begins[i], end = previous.begins[i + 1];
    bool known = begin + 2 < end && end - 2 <= previous.scan.size ();
    level_.before.push_back (
        known ? first_level (previous.scan.subspan (begin, end - 2 - begin))
                    .value_or (unknown)
              : unknown);
    size_.before.push_back (known ? log_size (end - 2 - begin) : unknown);
  }
}

LikenessModel::Guide
LikenessModel::learn (const Values &now, const Values &other, Index distance)
{
  double best_elsewhere = 0, here = 0, samples = 0;
  for (Index shift = -reach; shift <= reach; shift += 8) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < now.size (); i++) {
      auto value = known (other, static_cast<Index> (i) + distance + shift);
      if (now[i] == unknown || value == unknown)
        continue;
      sum += std::abs (now[i] - value);
      count++;
    }
    if (count < min_samples) {
      if (shift == 0)
        return {};
      continue;
    }
    auto mean = sum / static_cast<double> (count) + 0.5;
    if (shift == 0) {
      here = mean;
      samples = static_cast<double> (count);
    } else if (best_elsewhere == 0 || mean < best_elsewhere) {
      best_elsewhere = mean;
    }
  }
  // Few samples prove little, so they need a higher contrast.
  auto contrast = best_elsewhere / here - 8 / samples;
  return contrast < min_contrast ? Guide{} : Guide{here, contrast};
}

void
LikenessModel::update ()
{
  for (auto feature : {&level_, &size_}) {
    feature->by_previous = learn (feature->now, feature->before, 0);
    if (per_row_ > 0)
      feature->by_row = learn (feature->now, feature->now, -per_row_);
  }
  // If the picture moves, one of the two may mislead.
  if (level_.by_previous.contrast == 0 || size_.by_previous.contrast == 0)
    level_.by_previous = size_.by_previous = {};
}

void
LikenessModel::place (std::size_t span, Index base)
{
  for (auto feature : {&level_, &size_}) {
    auto &values = feature->of_span[span];
    for (std::size_t k = 0; k < values.size (); k++) {
      auto index = static_cast<std::size_t> (base) + k;
      if (index < feature->now.size () && values[k] != unknown)
        feature->now[index] = values[k];
    }
  }
}

double
LikenessModel::likelihood (std::size_t span, Index base) const
{
  double result = 0;
  auto compare = [&] (const Values &values, const Values &other, Index distance,
                     const Guide &guide) {
    if (guide.contrast == 0)
      return;
    // Differences are distributed exponentially, with one mean here and another
    // elsewhere.
    auto gain = std::log (guide.contrast);
    auto loss = (1 - 1 / guide.contrast) / guide.mean;
    auto max_difference = max_surprise * guide.mean;
    double sum = 0, count = 0;
    for (std::size_t k = 0; k < values.size (); k++) {
      auto value = known (other, base + static_cast<Index> (k) + distance);
      if (values[k] == unknown || value == unknown)
        continue;
      sum += gain - loss * std::min<double> (
                               max_difference, std::abs (values[k] - value));
      count++;
    }
    if (count > 0)
      result += sum / count * std::min (count, max_samples);
  };
  for (auto feature : {&level_, &size_}) {
    auto &values = feature->of_span[span];
    compare (values, feature->before, 0, feature->by_previous);
    compare (values, feature->now, -per_row_, feature->by_row);
    compare (values, feature->now, per_row_, feature->by_row);
  }
  return std::max (result, 0.0);
}

} // namespace rfc2435
