// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include "row_window.h"

#include <algorithm>

namespace rfc2435 {

// The size of the source's component in blocks, as it is before the turn.
static unsigned
blocks_across (const State &s, int i)
{
  return divide_up (
      s.in.image_width, i == 0 ? DCTSIZE : DCTSIZE * s.sampling.h);
}

static unsigned
blocks_down (const State &s, int i)
{
  return divide_up (
      s.in.image_height, i == 0 ? DCTSIZE : DCTSIZE * s.sampling.v);
}

static void
turn (State &s)
{
  const auto steps = s.steps;
  const int count = s.flat_chroma ? 1 : 3;
  for (int i = 0; i < count; i++) {
    const auto source = s.coefficients[i];
    const auto source_width = blocks_across (s, i);
    const auto source_height = blocks_down (s, i);
    auto width = source_width;
    auto height = source_height;
    auto h = i == 0 ? s.sampling.h : 1;
    auto v = i == 0 ? s.sampling.v : 1;
    if (steps.swap_axes) {
      std::swap (width, height);
      std::swap (h, v);
    }

    // The library requires the rows of a new array to be accessed in order.
    s.coefficients[i] = new_array (s, width, height, h, v);
    for (unsigned y = 0; y < height; y++) {
      const auto row = block_row (s, s.coefficients[i], y);
      for (unsigned x = 0; x < width; x++) {
        auto from_x = steps.swap_axes ? y : x;
        auto from_y = steps.swap_axes ? x : y;
        if (steps.mirror_x)
          from_x = source_width - 1 - from_x;
        if (steps.mirror_y)
          from_y = source_height - 1 - from_y;
        turn_block (block_row (s, source, from_y)[from_x], row[x], steps);
      }
    }
  }
  if (steps.swap_axes) {
    std::swap (s.sampling.h, s.sampling.v);
    for (auto &table : s.tables)
      table = transposed (table);
  }
}

static void
keep_restart_interval (State &s)
{
  const auto &in = s.in;
  const bool same_mcus = !in.progressive_mode && in.input_scan_number == 1 &&
                         in.num_components == 3 && !s.resample_chroma &&
                         in.comp_info[1].h_samp_factor == 1 &&
                         in.comp_info[1].v_samp_factor == 1 &&
                         !s.steps.swap_axes;
  if (same_mcus && !s.options->restart_interval)
    s.out.restart_interval = in.restart_interval;
}

// Baseline Huffman tables have codes for AC levels from -1023 to 1023, and for
// DC differences from -2047 to 2047: those of levels from -1024 to 1023.
static bool
is_codable (JCOEF level, unsigned k)
{
  return level <= 1023 && level >= (k == 0 ? -1024 : -1023);
}

static bool
are_codable (const JBLOCK *blocks, unsigned count)
{
  // Combine the bits of all magnitudes, and check once: this may have to look
  // at every coefficient of a frame.
  unsigned bits = 0;
  for (unsigned i = 0; i < count; i++) {
    JCOEF block_bits = 0;
    for (const JCOEF level : blocks[i]) {
      const auto sign = static_cast<JCOEF> (level >> 15);
      block_bits |= static_cast<JCOEF> ((level ^ sign) - sign);
    }
    bits |= static_cast<std::uint16_t> (block_bits);
  }
  if (bits <= 1023)
    return true;

  for (unsigned i = 0; i < count; i++)
    for (unsigned k = 0; k < DCTSIZE2; k++)
      if (!is_codable (blocks[i][k], k))
        return false;
  return true;
}

static bool
are_dc_levels_codable (const JBLOCK *blocks, unsigned count)
{
  return std::all_of (blocks, blocks + count,
      [] (const JBLOCK &block) { return is_codable (block[0], 0); });
}

// Checks rows of one of the result's components before they are written.
static void
check_levels (State &s, int component, JBLOCKARRAY rows, JDIMENSION first,
    JDIMENSION count)
{
  const auto &c = s.out.comp_info[component];
  for (JDIMENSION y = 0; y < count && first + y < c.height_in_blocks; y++)
    if (s.small_ac_levels ? !are_dc_levels_codable (rows[y], c.width_in_blocks)
                          : !are_codable (rows[y], c.width_in_blocks))
      s.errors.fail (DropCause::malformed,
          "A coefficient beyond the range of baseline JPEG");
}

JBLOCKARRAY
pull_rows (j_common_ptr out, jvirt_barray_ptr array, JDIMENSION first,
    JDIMENSION count, boolean)
{
  auto &s = *static_cast<State *> (out->client_data);
  const int i = static_cast<int> (
      std::find (s.coefficients, s.coefficients + 3, array) - s.coefficients);
  if (i < s.in.num_components) {
    const auto &from = s.in.comp_info[i];
    while (
        !s.all_read && s.in.input_iMCU_row * from.v_samp_factor < first + count)
      read_some (s);
  }

  const auto rows = s.in.mem->access_virt_barray (
      reinterpret_cast<j_common_ptr> (&s.in), array, first, count, FALSE);
  if (i < s.in.num_components)
    check_levels (s, i, rows, first, count);
  return rows;
}

void
recode_coefficients (State &s)
{
  if (s.streaming)
    use_row_windows (*s.in.mem);
  start_reading (s);
  if (!s.streaming)
    read_scans (s);

  const auto arrays = jpeg_read_coefficients (&s.in);
  std::copy_n (arrays, s.in.num_components, s.coefficients);
  check_tables (s);
  s.tables[0] = table_of (s, 0);
  if (s.flat_chroma)
    s.tables[1] = s.tables[0];
  else if (s.resample_chroma)
    resample_chroma (s);
  else
    unify_chroma_tables (s);

  narrow_tables (s);

  if (s.options->turn != Turn::none)
    turn (s);
  set_output (s, JCS_YCbCr);
  if (s.flat_chroma) {
    const auto width = divide_up (s.out.image_width, 2 * DCTSIZE);
    const auto height = divide_up (s.out.image_height, 2 * DCTSIZE);
    s.coefficients[1] = s.coefficients[2] = new_array (s, width, height, 1, 1);
  }
  set_table (s, 0, s.tables[0]);
  set_table (s, 1, s.tables[1]);
  keep_restart_interval (s);

  jpeg_write_coefficients (&s.out, s.coefficients);
  jpeg_finish_compress (&s.out);
  if (s.streaming)
    read_scans (s);
  find_coding (s);
}

} // namespace rfc2435
