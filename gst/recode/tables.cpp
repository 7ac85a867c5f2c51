// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include <algorithm>
#include <numeric>

namespace rfc2435 {

QuantTable
table_of (const State &s, int component)
{
  const auto *table = s.in.comp_info[component].quant_table;
  QuantTable result;
  std::copy_n (table->quantval, result.size (), result.begin ());
  return result;
}

void
check_tables (State &s)
{
  for (int i = 0; i < s.in.num_components; i++) {
    const auto *table = s.in.comp_info[i].quant_table;
    if (!table || std::find (table->quantval, table->quantval + DCTSIZE2, 0) !=
                      table->quantval + DCTSIZE2)
      s.errors.fail (DropCause::malformed, "Quantization step of 0");
  }
}

QuantTable
transposed (const QuantTable &table)
{
  QuantTable result;
  for (unsigned k = 0; k < 64; k++)
    result[k % 8 * 8 + k / 8] = table[k];
  return result;
}

QuantTable
smaller (const QuantTable &a, const QuantTable &b)
{
  QuantTable result;
  for (unsigned k = 0; k < 64; k++)
    result[k] = std::min (a[k], b[k]);
  return result;
}

// A truncated scan header can leave any number.
static bool
is_same_table (JHUFF_TBL *const *tables, int number, const JHUFF_TBL *standard)
{
  const auto *table =
      number >= 0 && number < NUM_HUFF_TBLS ? tables[number] : nullptr;
  return table && standard &&
         std::equal (table->bits + 1, table->bits + 17, standard->bits + 1) &&
         std::equal (table->huffval,
             table->huffval +
                 std::accumulate (table->bits + 1, table->bits + 17, 0),
             standard->huffval);
}

// For a frame of one sequential scan. The library gives each new compressor
// the tables of Annex K.
static bool
has_standard_tables (const State &s)
{
  for (int i = 0; i < s.in.num_components; i++) {
    const auto &c = s.in.comp_info[i];
    const int standard = i == 0 ? 0 : 1;
    if (!is_same_table (s.in.dc_huff_tbl_ptrs, c.dc_tbl_no,
            s.out.dc_huff_tbl_ptrs[standard]) ||
        !is_same_table (s.in.ac_huff_tbl_ptrs, c.ac_tbl_no,
            s.out.ac_huff_tbl_ptrs[standard]))
      return false;
  }
  return true;
}

void
find_coding (State &s)
{
  const auto &in = s.in;
  const bool is_ycc =
      in.jpeg_color_space == JCS_YCbCr || in.jpeg_color_space == JCS_GRAYSCALE;
  if (!in.progressive_mode && in.input_scan_number > 1)
    s.kinds.add (RecodeKind::several_scans);
  else if (!in.progressive_mode && !in.arith_code && is_ycc &&
           !has_standard_tables (s))
    s.kinds.add (RecodeKind::huffman_tables);
  if (in.jpeg_color_space == JCS_YCbCr && table_of (s, 1) != table_of (s, 2))
    s.kinds.add (RecodeKind::chroma_tables);
}

} // namespace rfc2435
