// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include <algorithm>
#include <cstdlib>

namespace rfc2435 {

static constexpr int max_step = 255;
static constexpr int max_level = 1023;

// Also needed because the library's forward DCT divides by 0 for steps of 8192.
QuantTable
eight_bits (QuantTable table)
{
  for (auto &step : table)
    step = std::min<std::uint16_t> (step, max_step);
  return table;
}

static bool
is_wide (const QuantTable &table)
{
  return table != eight_bits (table);
}

// Considers the tables defined by the header.
bool
has_wide_table (const State &s)
{
  for (int i = 0; i < s.in.num_components; i++) {
    const auto number = s.in.comp_info[i].quant_tbl_no;
    const auto *table = number >= 0 && number < NUM_QUANT_TBLS
                            ? s.in.quant_tbl_ptrs[number]
                            : nullptr;
    if (table && std::any_of (table->quantval, table->quantval + DCTSIZE2,
                     [] (int step) { return step > max_step; }))
      return true;
  }
  return false;
}

static void
find_highest_levels (State &s, int i, int (&highest)[DCTSIZE2])
{
  const auto &c = s.in.comp_info[i];
  for (unsigned y = 0; y < c.height_in_blocks; y++) {
    const auto row = block_row (s, s.coefficients[i], y);
    for (unsigned x = 0; x < c.width_in_blocks; x++)
      for (unsigned k = 0; k < DCTSIZE2; k++)
        highest[k] = std::max (highest[k], std::abs (row[x][k]));
  }
}

// The 8-bit step that replaces a larger one: a divisor of it, which is exact,
// unless levels would outgrow the range of baseline; then the finest step that
// keeps them within it.
static int
narrow_step (int step, int highest_level)
{
  auto divisor = max_step;
  while (step % divisor != 0)
    divisor--;
  if (step / divisor * highest_level <= max_level)
    return divisor;
  return std::min (
      (step * highest_level + max_level - 1) / max_level, max_step);
}

// Narrows one of the result's two tables, which these components use.
static void
narrow_table (State &s, int table, int first_component, int end)
{
  const auto wide = s.tables[table];
  if (!is_wide (wide))
    return;
  s.kinds.add (RecodeKind::wide_tables);

  int highest[DCTSIZE2] = {};
  for (int i = first_component; i < end; i++)
    find_highest_levels (s, i, highest);
  // DC coefficients may also be -1024.
  if (highest[0] > max_level + 1 ||
      std::any_of (highest + 1, highest + DCTSIZE2,
          [] (int level) { return level > max_level; }))
    s.errors.fail (DropCause::malformed,
        "A coefficient beyond the range of baseline JPEG");
  auto &narrow = s.tables[table];
  bool exact = true;
  for (unsigned k = 0; k < DCTSIZE2; k++) {
    if (wide[k] <= max_step)
      continue;
    narrow[k] = static_cast<std::uint16_t> (narrow_step (wide[k], highest[k]));
    exact &= wide[k] % narrow[k] == 0;
  }
  if (!exact && s.options->level == RecodeLevel::lossless)
    s.errors.fail (
        DropCause::needs_loss, "8-bit quantization tables would not be exact");
  s.lossless &= exact;
  for (int i = first_component; i < end; i++)
    requantize (s, i, wide, narrow);
}

void
narrow_tables (State &s)
{
  narrow_table (s, 0, 0, 1);
  if (s.flat_chroma)
    s.tables[1] = s.tables[0];
  else
    narrow_table (s, 1, 1, 3);
}

} // namespace rfc2435
