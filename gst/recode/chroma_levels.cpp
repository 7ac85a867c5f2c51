// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include <algorithm>
#include <numeric>

namespace rfc2435 {

// Multiplies the levels of component i by `factors`. If one would leave the
// range of baseline coding, changes nothing and returns false.
static bool
scale_levels (State &s, int i, const QuantTable &factors)
{
  const auto &c = s.in.comp_info[i];
  if (std::all_of (factors.begin (), factors.end (),
          [] (unsigned factor) { return factor == 1; }))
    return true;

  JCOEF lowest[64] = {};
  JCOEF highest[64] = {};
  for (unsigned y = 0; y < c.height_in_blocks; y++) {
    const auto row = block_row (s, s.coefficients[i], y);
    for (unsigned x = 0; x < c.width_in_blocks; x++)
      for (unsigned k = 0; k < 64; k++) {
        lowest[k] = std::min (lowest[k], row[x][k]);
        highest[k] = std::max (highest[k], row[x][k]);
      }
  }

  JCOEF small_factors[64];
  for (unsigned k = 0; k < 64; k++) {
    if (highest[k] * factors[k] > 1023 ||
        lowest[k] * factors[k] < (k == 0 ? -1024 : -1023))
      return false;
    // A larger factor is acceptable only if all levels are zero.
    small_factors[k] = static_cast<JCOEF> (std::min<int> (factors[k], 1024));
  }
  for (unsigned y = 0; y < c.height_in_blocks; y++) {
    const auto row = block_row (s, s.coefficients[i], y);
    for (unsigned x = 0; x < c.width_in_blocks; x++)
      for (unsigned k = 0; k < 64; k++)
        row[x][k] = static_cast<JCOEF> (row[x][k] * small_factors[k]);
  }
  return true;
}

void
requantize (State &s, int i, const QuantTable &from, const QuantTable &to)
{
  const auto &c = s.in.comp_info[i];
  for (unsigned y = 0; y < c.height_in_blocks; y++) {
    auto row = block_row (s, s.coefficients[i], y);
    for (unsigned x = 0; x < c.width_in_blocks; x++)
      for (unsigned k = 0; k < 64; k++) {
        const std::int64_t value = row[x][k] * from[k];
        const int half = value < 0 ? -(to[k] / 2) : to[k] / 2;
        row[x][k] = static_cast<JCOEF> (std::clamp<std::int64_t> (
            (value + half) / to[k], k == 0 ? -1024 : -1023, 1023));
      }
  }
}

// With the greatest common divisor of the two steps, both components are exact,
// unless the levels grow too large.
void
unify_chroma_tables (State &s)
{
  const auto u = table_of (s, 1);
  const auto v = table_of (s, 2);
  s.tables[1] = u;
  if (u == v)
    return;

  QuantTable common;
  QuantTable u_factors;
  QuantTable v_factors;
  for (unsigned k = 0; k < 64; k++) {
    common[k] = std::gcd (u[k], v[k]);
    u_factors[k] = u[k] / common[k];
    v_factors[k] = v[k] / common[k];
  }
  // If V can't be scaled, U is changed back.
  if (scale_levels (s, 1, u_factors)) {
    if (scale_levels (s, 2, v_factors)) {
      s.tables[1] = common;
      return;
    }
    requantize (s, 1, common, u);
  }
  if (s.options->level == RecodeLevel::lossless)
    s.errors.fail (DropCause::needs_loss, "U's and V's tables differ");
  s.lossless = false;
  requantize (s, 2, v, u);
}

static void
decode_chroma (State &s, Plane planes[3])
{
  auto &in = s.in;
  std::size_t offset[3] = {};
  std::size_t size = 0;

  for (int i = 1; i < 3; i++) {
    const auto &c = in.comp_info[i];
    offset[i] = size;
    planes[i].stride = std::size_t{c.width_in_blocks} * DCTSIZE;
    planes[i].width = divide_up (
        std::size_t{in.image_width} * c.h_samp_factor, in.max_h_samp_factor);
    planes[i].height = divide_up (
        std::size_t{in.image_height} * c.v_samp_factor, in.max_v_samp_factor);
    size += planes[i].stride * in.total_iMCU_rows * c.v_samp_factor * DCTSIZE;
  }
  auto *samples = new_samples (s, size);
  for (int i = 1; i < 3; i++)
    planes[i].samples = samples + offset[i];

  in.comp_info[0].component_needed = FALSE;
  jpeg_start_output (&in, in.input_scan_number);
  JSAMPROW rows[3][MAX_SAMP_FACTOR * DCTSIZE] = {};
  JSAMPARRAY image[3] = {rows[0], rows[1], rows[2]};
  for (unsigned group = 0; group < in.total_iMCU_rows; group++) {
    for (int i = 1; i < 3; i++) {
      const int count = in.comp_info[i].v_samp_factor * DCTSIZE;
      for (int row = 0; row < count; row++)
        rows[i][row] = samples + offset[i] +
                       (std::size_t{group} * count + row) * planes[i].stride;
    }
    jpeg_read_raw_data (&in, image, in.max_v_samp_factor * DCTSIZE);
  }
}

void
resample_chroma (State &s)
{
  const auto &in = s.in;
  const unsigned width = divide_up (in.image_width, s.sampling.h);
  const unsigned height = divide_up (in.image_height, s.sampling.v);
  Plane planes[3];

  s.tables[1] = eight_bits (smaller (table_of (s, 1), table_of (s, 2)));
  decode_chroma (s, planes);
  for (int i = 1; i < 3; i++) {
    const auto &c = in.comp_info[i];
    const auto columns = divide_up (width, DCTSIZE);
    const auto rows = divide_up (height, DCTSIZE);

    s.resampler.set (planes[i], width, height,
        {static_cast<unsigned> (s.sampling.h * c.h_samp_factor),
            static_cast<unsigned> (in.max_h_samp_factor)},
        {static_cast<unsigned> (s.sampling.v * c.v_samp_factor),
            static_cast<unsigned> (in.max_v_samp_factor)},
        s.tables[1]);
    s.coefficients[i] = new_array (s, columns, rows, 1, 1);
    for (unsigned row = 0; row < rows; row++)
      s.resampler.block_row (row, block_row (s, s.coefficients[i], row));
  }
}

} // namespace rfc2435
