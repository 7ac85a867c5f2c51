// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpeg_markers.h"
#include "recode_state.h"

#include <algorithm>
#include <numeric>

namespace rfc2435 {

// A progressive JPEG has about ten scans. Each can cost a pass over all blocks
// for only a few bytes of input.
static constexpr int max_scans = 100;

static bool
is_ratio (
    const jpeg_component_info &y, const jpeg_component_info &c, int h, int v)
{
  return y.h_samp_factor == c.h_samp_factor * h &&
         y.v_samp_factor == c.v_samp_factor * v;
}

static void
find_chroma_sampling (State &s)
{
  const auto &in = s.in;
  const auto &y = in.comp_info[0];
  const auto &u = in.comp_info[1];
  const auto &v = in.comp_info[2];
  const bool alike =
      u.h_samp_factor == v.h_samp_factor && u.v_samp_factor == v.v_samp_factor;

  if (y.h_samp_factor < in.max_h_samp_factor ||
      y.v_samp_factor < in.max_v_samp_factor) {
    s.kinds.add (RecodeKind::luma_subsampled);
    s.pixels = true;
    s.sampling = {2, 1};
    return;
  }
  if (alike && (is_ratio (y, u, 2, 1) || is_ratio (y, u, 2, 2))) {
    s.sampling = {2, y.v_samp_factor / u.v_samp_factor};
    if (u.h_samp_factor != 1 || u.v_samp_factor != 1)
      s.kinds.add (RecodeKind::sampling_factors);
    return;
  }

  if (alike && is_ratio (y, u, 1, 1))
    s.kinds.add (RecodeKind::sampling_444);
  else if (alike && is_ratio (y, u, 1, 2))
    s.kinds.add (RecodeKind::sampling_440);
  else if (alike && is_ratio (y, u, 4, 1))
    s.kinds.add (RecodeKind::sampling_411);
  else if (alike && is_ratio (y, u, 4, 2))
    s.kinds.add (RecodeKind::sampling_410);
  else
    s.kinds.add (RecodeKind::sampling_other);

  s.resample_chroma = true;
  // The block rows of Y are kept in groups of its sampling factor: groups of 3
  // can't be regrouped in pairs.
  const int chroma_v = std::max (u.v_samp_factor, v.v_samp_factor);
  const bool half = y.v_samp_factor % 2 == 0 && chroma_v * 2 <= y.v_samp_factor;
  s.sampling = {2, half ? 2 : 1};
}

// Blocks that a turn mirrors must be complete. `s.sampling` is the sampling
// before the turn.
static bool
can_turn_blocks (const State &s)
{
  const unsigned h = s.flat_chroma ? 1 : s.sampling.h;
  const unsigned v = s.flat_chroma ? 1 : s.sampling.v;
  return (!s.steps.mirror_x || s.in.image_width % (8 * h) == 0) &&
         (!s.steps.mirror_y || s.in.image_height % (8 * v) == 0);
}

static void
choose (State &s)
{
  auto &in = s.in;

  if (in.progressive_mode)
    s.kinds.add (RecodeKind::progressive);
  if (in.arith_code)
    s.kinds.add (RecodeKind::arithmetic);

  switch (in.jpeg_color_space) {
  case JCS_GRAYSCALE: {
    s.kinds.add (RecodeKind::gray);
    s.flat_chroma = true;
    s.sampling = {2, 2};
    // The blocks of a single component are coded row by row, whatever its
    // sampling factors are (T.81 section A.2.2). With those of 4:2:0, the
    // library groups the rows as they will be written.
    auto &y = in.comp_info[0];
    y.h_samp_factor = in.max_h_samp_factor = 2;
    y.v_samp_factor = in.max_v_samp_factor = 2;
    in.total_iMCU_rows = divide_up (in.image_height, 2 * DCTSIZE);
    break;
  }
  case JCS_YCbCr:
    find_chroma_sampling (s);
    break;
  case JCS_RGB:
    s.kinds.add (RecodeKind::rgb);
    s.pixels = true;
    s.sampling = {2, 1};
    break;
  case JCS_CMYK:
  case JCS_YCCK:
    s.kinds.add (RecodeKind::cmyk);
    s.pixels = true;
    s.sampling = {2, 1};
    break;
  default:
    s.errors.fail (
        DropCause::unsupported, "Neither one, three nor four components");
  }

  // Swapping the axes of 4:2:2 results in 4:4:0.
  if (s.steps.swap_axes && s.sampling.v == 1) {
    s.sampling = {1, 2};
    if (!s.pixels && !s.resample_chroma) {
      s.kinds.add (RecodeKind::turned_422);
      s.resample_chroma = true;
      s.sampling = {2, 2};
    }
  }
  if (!s.pixels && !can_turn_blocks (s)) {
    s.kinds.add (RecodeKind::edge_blocks);
    s.pixels = true;
    if (s.kinds.has (RecodeKind::turned_422))
      s.sampling = {1, 2};
  }
  s.lossless = !s.pixels && !s.resample_chroma;
}

// Whether coefficients can be written as they are read, in the same order.
static bool
can_stream (State &s)
{
  const auto &in = s.in;
  if (jpeg_has_multiple_scans (&s.in) || s.pixels || s.resample_chroma ||
      s.options->turn != Turn::none || has_wide_table (s))
    return false;
  if (s.flat_chroma)
    return true;
  // The library reads table numbers when the scan begins.
  const auto u = in.comp_info[1].quant_tbl_no;
  const auto v = in.comp_info[2].quant_tbl_no;
  const auto is_missing = [&] (int number) {
    return number < 0 || number >= NUM_QUANT_TBLS || !in.quant_tbl_ptrs[number];
  };
  return u == v || (!is_missing (u) && !is_missing (v) &&
                       std::equal (in.quant_tbl_ptrs[u]->quantval,
                           in.quant_tbl_ptrs[u]->quantval + DCTSIZE2,
                           in.quant_tbl_ptrs[v]->quantval));
}

static void
check_limits (State &s)
{
  auto &in = s.in;
  const std::uint64_t size = std::uint64_t{in.image_width} * in.image_height;
  if (size > s.options->max_pixels)
    s.errors.fail (DropCause::too_large, "More pixels than allowed");

  // Huffman coding takes at least a bit for the DC coefficient of each block.
  std::uint64_t bytes = 0;
  for (const auto &piece : s.pieces)
    bytes += piece.size ();
  std::uint64_t blocks = 0;
  for (int i = 0; i < in.num_components; i++)
    blocks += std::uint64_t{in.comp_info[i].width_in_blocks} *
              in.comp_info[i].height_in_blocks;
  if (!in.arith_code && bytes * 8 < blocks)
    s.errors.fail (DropCause::cut_short, "Too few bytes for the picture");
}

static bool
is_progressive (std::uint8_t sof)
{
  return sof == marker::sof2 || sof == marker::sof10;
}

static bool
is_arithmetic (std::uint8_t sof)
{
  return sof == marker::sof9 || sof == marker::sof10;
}

void
read_header (State &s)
{
  auto &in = s.in;
  jpeg_create_decompress (&in);
  // JPEGMEM in the environment would make the library use a temporary file.
  in.mem->max_memory_to_use = 0;
  in.src = s.source.set (s.options->tables, s.pieces);
  jpeg_read_header (&in, TRUE);
  if (in.data_precision != 8 || in.progressive_mode != is_progressive (s.sof) ||
      in.arith_code != is_arithmetic (s.sof))
    s.errors.fail (DropCause::malformed, "An ambiguous header");
  if (s.scan_order.sorted ()) {
    if (!s.scan_order.restore (in))
      s.errors.fail (DropCause::malformed, "An ambiguous header");
    s.kinds.add (RecodeKind::component_order);
  }
  choose (s);
  s.streaming = can_stream (s);
  check_limits (s);
  if (!s.lossless && s.options->level == RecodeLevel::lossless)
    s.errors.fail (DropCause::needs_loss, "Can't be recoded without loss");
}

void
start_reading (State &s)
{
  auto &in = s.in;
  in.buffered_image = TRUE;
  in.raw_data_out = !s.pixels;
  in.do_block_smoothing = FALSE;
  in.dct_method = JDCT_ISLOW;
  if (in.jpeg_color_space == JCS_YCbCr)
    in.out_color_space = JCS_YCbCr;
  else
    in.out_color_space = in.num_components == 4 ? JCS_CMYK : JCS_RGB;
  // Replicated samples are averaged back exactly.
  in.do_fancy_upsampling = FALSE;
  jpeg_start_decompress (&in);
}

// The components whose first scan this is. In a progressive JPEG, that is the
// first scan of their DC coefficients.
static unsigned
components_of_scan (const State &s)
{
  const auto &in = s.in;
  unsigned bits = 0;
  if (!in.progressive_mode || (in.Ss == 0 && in.Ah == 0))
    for (int i = 0; i < in.comps_in_scan; i++)
      bits |= 1u << in.cur_comp_info[i]->component_index;
  return bits;
}

// Whether this progressive scan claims to be the first of AC coefficients that
// another scan has already begun, which the library accepts.
static bool
begins_again (State &s)
{
  const auto &in = s.in;
  if (in.Ah != 0)
    return false;
  std::uint64_t band = 0;
  for (int k = in.Ss; k <= in.Se; k++)
    band |= std::uint64_t{1} << k;
  auto &begun = s.begun_coefficients[in.cur_comp_info[0]->component_index];
  const bool again = (begun & band) != 0;
  begun |= band;
  return again;
}

// Huffman tables that have no codes for larger AC levels can't produce any,
// unless refinement adds bits to levels. They say nothing about DC levels, of
// which they code only differences.
static bool
has_small_ac_levels (State &s)
{
  static constexpr int largest_category = 10;
  const auto &in = s.in;
  if (in.arith_code || s.errors.bogus_progression)
    return false;
  if (in.progressive_mode && in.Ss == 0)
    return true;
  if (in.progressive_mode && begins_again (s))
    return false;
  for (int i = 0; i < in.comps_in_scan; i++) {
    const auto *component = in.cur_comp_info[i];
    const auto number = component ? component->ac_tbl_no : -1;
    const auto *table = number >= 0 && number < NUM_HUFF_TBLS
                            ? in.ac_huff_tbl_ptrs[number]
                            : nullptr;
    if (!table)
      return false;
    const int count = std::accumulate (table->bits + 1, table->bits + 17, 0);
    if (std::any_of (table->huffval, table->huffval + count, [&] (int symbol) {
          return symbol % 16 + in.Al > largest_category;
        }))
      return false;
  }
  return true;
}

// Reads a group of block rows, or the markers between two scans.
void
read_some (State &s)
{
  auto &in = s.in;
  if (in.input_iMCU_row == 0 && !s.source.between_scans)
    s.small_ac_levels &= has_small_ac_levels (s);
  s.begun |= components_of_scan (s);
  switch (jpeg_consume_input (&in)) {
  case JPEG_REACHED_SOS:
    s.source.between_scans = false;
    if (in.input_scan_number > max_scans)
      s.errors.fail (DropCause::too_large, "Too many scans");
    break;
  case JPEG_SCAN_COMPLETED:
    s.source.between_scans = true;
    if (!s.errors.short_scan && !s.errors.corrupt_data &&
        !(in.arith_code && s.source.ended))
      s.whole |= components_of_scan (s);
    break;
  case JPEG_SUSPENDED:
    // A second frame header is not allowed, but the library would overwrite the
    // first with it.
    if (marker::is_sof (in.unread_marker))
      s.errors.fail (DropCause::malformed, "A second frame header");
    [[fallthrough]];
  case JPEG_REACHED_EOI:
    s.all_read = true;
    break;
  default:
    break;
  }
}

// Reads to the end. A picture is complete if the first scan of each component
// reaches its end. A progressive JPEG may end in any later scan: then it lacks
// only detail.
void
read_scans (State &s)
{
  const auto &in = s.in;
  while (!s.all_read)
    read_some (s);

  const unsigned all = (1u << in.num_components) - 1;
  const bool cut = s.errors.short_scan != 0 ||
                   (s.source.ended && (in.progressive_mode || in.arith_code));
  const bool acceptable =
      !s.errors.corrupt_data && s.whole == all && (in.progressive_mode || !cut);
  s.incomplete = cut || s.errors.corrupt_data;
  if (acceptable)
    return;
  if (s.options->fill_missing && s.begun == all) {
    s.kinds.add (RecodeKind::cut);
    s.lossless = false;
    return;
  }
  if (s.errors.corrupt_data)
    s.errors.fail (DropCause::malformed, "Damaged entropy-coded data");
  s.errors.fail (DropCause::cut_short, "Part of the picture is missing");
}

} // namespace rfc2435
