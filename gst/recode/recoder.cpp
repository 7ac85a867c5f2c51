// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recoder.h"

#include "chroma.h"
#include "libjpeg.h"
#include "row_window.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace rfc2435 {

// A progressive JPEG has about ten scans. Each may cost a walk over all blocks
// for a few bytes of input.
static constexpr int max_scans = 100;
// RFC 2435 counts a scan's bytes in 24 bits; the headers take some more.
static constexpr std::size_t max_output = (std::size_t{1} << 24) + 4096;

// How the components of the result are sampled: U and V have one sample for
// `h` by `v` of Y.
struct Sampling {
  int h = 2;
  int v = 2;
};

// All that a frame needs. No function between setjmp and libjpeg may own
// anything with a destructor, so it is kept here.
struct RecodeState {
  JpegErrors errors;
  JpegSource source;
  JpegSink sink;
  jpeg_decompress_struct in{};
  jpeg_compress_struct out{};
  ChromaResampler resampler;

  // Of the frame at hand.
  const RecodeOptions *options = nullptr;
  std::span<const Bytes> pieces;
  RecodeKinds kinds;
  TurnSteps steps{};
  bool pixels = false;          // decode and encode again
  bool resample_chroma = false; // keep Y's coefficients alone
  bool lossless = true;
  bool incomplete = false;
  bool flat_chroma = false; // gray
  bool streaming = false;   // write while reading
  bool small_ac_levels = true;
  bool between_scans = false;
  // Which components have a first scan, and have it to the end: a bit each.
  unsigned begun = 0;
  unsigned whole = 0;
  bool all_read = false;
  // Of the result before it is turned.
  Sampling sampling;
  jvirt_barray_ptr coefficients[3];
  QuantTable tables[2];
};

using State = RecodeState;

// Reading

static unsigned
divide_up (std::size_t n, std::size_t by)
{
  return static_cast<unsigned> ((n + by - 1) / by);
}

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
  // The block rows of Y are kept in groups of its factor: a factor of 3 can't
  // be regrouped by twos.
  const int chroma_v = std::max (u.v_samp_factor, v.v_samp_factor);
  const bool half = y.v_samp_factor % 2 == 0 && chroma_v * 2 <= y.v_samp_factor;
  s.sampling = {2, half ? 2 : 1};
}

// Blocks that a turn mirrors must be whole: `s.sampling` is what is turned.
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
    // The blocks of a single component are coded row by row whatever its
    // sampling factors say (T.81 section A.2.2). Those of 4:2:0 make the
    // library group its rows as they will be written.
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
        RecodeError::unsupported, "Neither one, three nor four components");
  }

  // What is 4:2:2 before its axes are swapped is 4:4:0 behind that.
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
      s.options->turn != Turn::none)
    return false;
  if (s.flat_chroma)
    return true;
  // The library looks at table numbers when the scan begins.
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
    s.errors.fail (RecodeError::too_large, "More pixels than allowed");

  // Upper bounds, for whole MCUs.
  std::uint64_t blocks = 0;
  std::uint64_t real_blocks = 0;
  for (int i = 0; i < in.num_components; i++) {
    const auto &c = in.comp_info[i];
    blocks += (std::uint64_t{c.width_in_blocks} + c.h_samp_factor) *
              (std::uint64_t{c.height_in_blocks} + c.v_samp_factor);
    real_blocks += std::uint64_t{c.width_in_blocks} * c.height_in_blocks;
  }
  std::uint64_t memory = s.streaming ? 0 : blocks * sizeof (JBLOCK);
  if (s.options->turn != Turn::none)
    memory *= 2;
  if (s.pixels)
    memory += size * 3;
  else if (s.resample_chroma || (s.flat_chroma && !s.streaming))
    memory += size * 4; // samples and new coefficients of U and V
  if (memory > s.options->max_memory)
    s.errors.fail (RecodeError::too_large, "More memory than allowed");

  // Huffman coding takes a bit for the DC coefficient of each block.
  std::uint64_t bytes = 0;
  for (const auto &piece : s.pieces)
    bytes += piece.size ();
  if (!in.arith_code && bytes * 8 < real_blocks)
    s.errors.fail (RecodeError::cut_short, "Too few bytes for the picture");
}

static void
read_header (State &s)
{
  auto &in = s.in;
  jpeg_create_decompress (&in);
  // The environment's JPEGMEM would have it look for a temporary file.
  in.mem->max_memory_to_use = 0;
  in.src = s.source.set (s.options->tables, s.pieces);
  jpeg_read_header (&in, TRUE);
  choose (s);
  s.streaming = can_stream (s);
  check_limits (s);
  if (!s.lossless && s.options->level == RecodeLevel::lossless)
    s.errors.fail (RecodeError::needs_loss, "Can't be recoded without loss");
}

static void
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
  // Exact when the same samples are averaged again.
  in.do_fancy_upsampling = FALSE;
  jpeg_start_decompress (&in);
}

// Of the components in the scan at hand, those that it is the first of. Of a
// progressive JPEG, that is the first scan of their DC coefficients.
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

// Huffman tables without codes for larger AC levels can't have been the source
// of any. Of DC coefficients they code differences alone.
static bool
has_small_ac_levels (const jpeg_decompress_struct &in)
{
  static constexpr int largest_category = 10;
  if (in.arith_code)
    return false;
  if (in.progressive_mode && in.Ss == 0)
    return true;
  for (int i = 0; i < in.comps_in_scan; i++) {
    const auto *table = in.ac_huff_tbl_ptrs[in.cur_comp_info[i]->ac_tbl_no];
    const int count = std::accumulate (table->bits + 1, table->bits + 17, 0);
    if (std::any_of (table->huffval, table->huffval + count, [&] (int symbol) {
          return symbol % 16 + in.Al > largest_category;
        }))
      return false;
  }
  return true;
}

// A group of block rows, or the markers between two scans.
static void
read_some (State &s)
{
  auto &in = s.in;
  if (in.input_iMCU_row == 0 && !s.between_scans)
    s.small_ac_levels &= has_small_ac_levels (in);
  s.begun |= components_of_scan (s);
  switch (jpeg_consume_input (&in)) {
  case JPEG_REACHED_SOS:
    s.between_scans = false;
    if (in.input_scan_number > max_scans)
      s.errors.fail (RecodeError::too_large, "Too many scans");
    break;
  case JPEG_SCAN_COMPLETED:
    s.between_scans = true;
    if (!s.errors.short_scan && !s.errors.corrupt_data &&
        !(in.arith_code && s.source.ended))
      s.whole |= components_of_scan (s);
    break;
  case JPEG_REACHED_EOI:
    s.all_read = true;
    break;
  default:
    break;
  }
}

// Reads to the end. A picture is whole when each component has its first scan
// to the end. A progressive JPEG may end in any scan behind those; what it
// lacks is detail.
static void
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
  if (acceptable || (s.options->fill_missing && s.begun == all))
    return;
  if (s.errors.corrupt_data)
    s.errors.fail (RecodeError::corrupt, "Damaged entropy-coded data");
  s.errors.fail (RecodeError::cut_short, "Part of the picture is missing");
}

// Tables

static QuantTable
table_of (const State &s, int component)
{
  const auto *table = s.in.comp_info[component].quant_table;
  QuantTable result;
  std::copy_n (table->quantval, result.size (), result.begin ());
  return result;
}

static void
check_tables (State &s)
{
  for (int i = 0; i < s.in.num_components; i++) {
    const auto *table = s.in.comp_info[i].quant_table;
    if (!table || std::find (table->quantval, table->quantval + DCTSIZE2, 0) !=
                      table->quantval + DCTSIZE2)
      s.errors.fail (RecodeError::corrupt, "Quantization step of 0");
  }
}

static QuantTable
transposed (const QuantTable &table)
{
  QuantTable result;
  for (unsigned k = 0; k < 64; k++)
    result[k % 8 * 8 + k / 8] = table[k];
  return result;
}

static QuantTable
smaller (const QuantTable &a, const QuantTable &b)
{
  QuantTable result;
  for (unsigned k = 0; k < 64; k++)
    result[k] = std::min (a[k], b[k]);
  return result;
}

static bool
is_same_table (const JHUFF_TBL *a, const JHUFF_TBL *b)
{
  return a && b && std::equal (a->bits + 1, a->bits + 17, b->bits + 1) &&
         std::equal (a->huffval,
             a->huffval + std::accumulate (a->bits + 1, a->bits + 17, 0),
             b->huffval);
}

// Of a frame of one sequential scan. The library gives each new compressor
// the tables of Annex K.
static bool
has_standard_tables (const State &s)
{
  for (int i = 0; i < s.in.num_components; i++) {
    const auto &c = s.in.comp_info[i];
    const int standard = i == 0 ? 0 : 1;
    if (!is_same_table (s.in.dc_huff_tbl_ptrs[c.dc_tbl_no],
            s.out.dc_huff_tbl_ptrs[standard]) ||
        !is_same_table (s.in.ac_huff_tbl_ptrs[c.ac_tbl_no],
            s.out.ac_huff_tbl_ptrs[standard]))
      return false;
  }
  return true;
}

// What shows only when all scans have been read.
static void
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

// Coefficients

static JBLOCKROW
block_row (State &s, jvirt_barray_ptr array, unsigned row)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  return s.in.mem->access_virt_barray (common, array, row, 1, TRUE)[0];
}

// For `h` by `v` blocks in each MCU.
static jvirt_barray_ptr
new_array (State &s, unsigned width, unsigned height, int h, int v)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  auto array = s.in.mem->request_virt_barray (common, JPOOL_IMAGE, TRUE,
      divide_up (width, h) * h, divide_up (height, v) * v, v);
  s.in.mem->realize_virt_arrays (common);
  return array;
}

// Multiplies the levels of component i by `factors`, false when one leaves the
// range of baseline coding; then nothing is changed.
static bool
scale_levels (State &s, int i, const QuantTable &factors)
{
  const auto &c = s.in.comp_info[i];
  if (std::all_of (factors.begin (), factors.end (),
          [] (unsigned factor) { return factor == 1; }))
    return true;

  for (const bool apply : {false, true})
    for (unsigned y = 0; y < c.height_in_blocks; y++) {
      auto row = block_row (s, s.coefficients[i], y);
      for (unsigned x = 0; x < c.width_in_blocks; x++)
        for (unsigned k = 0; k < 64; k++) {
          const int level = row[x][k] * factors[k];
          if (level > 1023 || level < (k == 0 ? -1024 : -1023))
            return false;
          if (apply)
            row[x][k] = static_cast<JCOEF> (level);
        }
    }
  return true;
}

static void
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

// U and V as they are, with one table for both. The greatest common divisor
// of two steps says all that either can, if the levels don't grow too large.
static void
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
  // In two steps: V is not touched unless both fit.
  if (scale_levels (s, 1, u_factors)) {
    if (scale_levels (s, 2, v_factors)) {
      s.tables[1] = common;
      return;
    }
    requantize (s, 1, common, u);
  }
  if (s.options->level == RecodeLevel::lossless)
    s.errors.fail (RecodeError::needs_loss, "U's and V's tables differ");
  s.lossless = false;
  requantize (s, 2, v, u);
}

static JSAMPLE *
new_samples (State &s, std::size_t size)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  return static_cast<JSAMPLE *> (
      s.in.mem->alloc_large (common, JPOOL_IMAGE, size));
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

static void
resample (State &s)
{
  const auto &in = s.in;
  const unsigned width = divide_up (in.image_width, s.sampling.h);
  const unsigned height = divide_up (in.image_height, s.sampling.v);
  Plane planes[3];

  s.tables[1] = smaller (table_of (s, 1), table_of (s, 2));
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

    // The library wants the rows of a new array touched in order.
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

// Baseline Huffman tables have codes for AC levels up to 1023 either way, and
// for DC differences up to 2047: those of levels from -1024 to 1023.
static bool
is_codable (const JBLOCK *blocks, unsigned count)
{
  // Eight at a time: this looks at every coefficient of every frame.
  static constexpr unsigned lanes = 8;
  JCOEF lowest[lanes] = {};
  JCOEF highest[lanes] = {};
  for (unsigned i = 0; i < count; i++)
    for (unsigned k = 0; k < DCTSIZE2; k += lanes)
      for (unsigned lane = 0; lane < lanes; lane++) {
        const JCOEF level = blocks[i][k + lane];
        lowest[lane] = std::min (lowest[lane], level);
        highest[lane] = std::max (highest[lane], level);
      }
  if (*std::min_element (lowest, lowest + lanes) >= -1023 &&
      *std::max_element (highest, highest + lanes) <= 1023)
    return true;

  for (unsigned i = 0; i < count; i++)
    for (unsigned k = 0; k < DCTSIZE2; k++)
      if (blocks[i][k] > 1023 || blocks[i][k] < (k == 0 ? -1024 : -1023))
        return false;
  return true;
}

// Writing

static void
set_table (State &s, int number, const QuantTable &table)
{
  auto &slot = s.out.quant_tbl_ptrs[number];
  if (!slot)
    slot = jpeg_alloc_quant_table (reinterpret_cast<j_common_ptr> (&s.out));
  std::copy (table.begin (), table.end (), slot->quantval);
}

// `sampling` is the result's.
static void
set_output (State &s, J_COLOR_SPACE from)
{
  auto &out = s.out;
  out.image_width = s.in.image_width;
  out.image_height = s.in.image_height;
  if (s.steps.swap_axes)
    std::swap (out.image_width, out.image_height);
  out.input_components = 3;
  out.in_color_space = from;
  jpeg_set_defaults (&out);
  jpeg_set_colorspace (&out, JCS_YCbCr);
  out.write_JFIF_header = FALSE;
  out.dct_method = JDCT_ISLOW;
  out.comp_info[0].h_samp_factor = s.sampling.h;
  out.comp_info[0].v_samp_factor = s.sampling.v;
  out.restart_interval = s.options->restart_interval.value_or (0);
  out.dest = s.sink.set (max_output);
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

static bool
has_small_dc_levels (const JBLOCK *blocks, unsigned count)
{
  return std::all_of (blocks, blocks + count, [] (const JBLOCK &block) {
    return block[0] >= -1024 && block[0] <= 1023;
  });
}

// Stands in for the library's own where the compressor asks for coefficients:
// those that are still to be decoded are decoded first. So each block is
// written while it is in the processor's cache.
static JBLOCKARRAY
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

  auto rows = s.in.mem->access_virt_barray (
      reinterpret_cast<j_common_ptr> (&s.in), array, first, count, FALSE);
  const auto &c = s.out.comp_info[i];
  for (JDIMENSION y = 0; y < count && first + y < c.height_in_blocks; y++)
    if (s.small_ac_levels ? !has_small_dc_levels (rows[y], c.width_in_blocks)
                          : !is_codable (rows[y], c.width_in_blocks))
      s.errors.fail (
          RecodeError::corrupt, "A coefficient that baseline can't say");
  return rows;
}

static void
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
    resample (s);
  else
    unify_chroma_tables (s);

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

// Pixels

static void
cmyk_to_rgb (
    const std::uint8_t *in, std::uint8_t *out, unsigned count, bool inverted)
{
  // Adobe writes CMYK inverted: 255 is no ink.
  const std::uint8_t flip = inverted ? 0 : 255;
  for (unsigned i = 0; i < count; i++, in += 4, out += 3) {
    const unsigned light = in[3] ^ flip;
    for (unsigned c = 0; c < 3; c++)
      out[c] = static_cast<std::uint8_t> (((in[c] ^ flip) * light + 127) / 255);
  }
}

// One row of three bytes a pixel to its place in the turned picture.
static void
place_row (
    const State &s, const std::uint8_t *row, unsigned y, std::uint8_t *image)
{
  const std::size_t width = s.in.output_width;
  const std::size_t height = s.in.output_height;
  const std::size_t to_y = s.steps.mirror_y ? height - 1 - y : y;

  for (std::size_t x = 0; x < width; x++, row += 3) {
    const auto to_x = s.steps.mirror_x ? width - 1 - x : x;
    const auto place =
        s.steps.swap_axes ? to_x * height + to_y : to_y * width + to_x;
    std::copy_n (row, 3, image + place * 3);
  }
}

// The library's forward DCT divides by 0 for steps of 8192. No receiver reads
// more than 8 bits anyway.
static QuantTable
eight_bits (QuantTable table)
{
  for (auto &step : table)
    step = std::min<std::uint16_t> (step, 255);
  return table;
}

// Quantized as finely as the source: with its own tables as far as it has
// them for luma and chroma, else with Annex K's, scaled as its first is.
static void
set_quality (State &s)
{
  const auto &in = s.in;
  const auto space = in.jpeg_color_space;
  const bool has_chroma = space == JCS_YCbCr || space == JCS_YCCK;

  jpeg_set_linear_quality (&s.out, 100, FALSE);
  const auto *standard = s.out.quant_tbl_ptrs[0]->quantval;
  const int component = space == JCS_RGB ? 1 : 0;
  const auto luma = table_of (s, component);
  const auto sum = std::accumulate (luma.begin (), luma.end (), 0u);
  const auto standard_sum = std::accumulate (standard, standard + 64, 0u);
  const auto percent = (sum * 100ull + standard_sum / 2) / standard_sum;
  jpeg_set_linear_quality (&s.out,
      static_cast<int> (std::clamp<unsigned long long> (percent, 1, 5000)),
      TRUE);

  set_table (s, 0, eight_bits (s.steps.swap_axes ? transposed (luma) : luma));
  if (has_chroma) {
    const auto chroma = smaller (table_of (s, 1), table_of (s, 2));
    set_table (
        s, 1, eight_bits (s.steps.swap_axes ? transposed (chroma) : chroma));
  }
}

static void
recode_pixels (State &s)
{
  auto &in = s.in;
  auto &out = s.out;

  start_reading (s);
  read_scans (s);
  check_tables (s);
  find_coding (s);

  const std::size_t width = in.output_width;
  const std::size_t height = in.output_height;
  const std::size_t row_bytes = width * 4;
  auto *image = new_samples (s, width * height * 3 + row_bytes);
  auto *row = image + width * height * 3;

  jpeg_start_output (&in, in.input_scan_number);
  for (unsigned y = 0; y < height; y++) {
    jpeg_read_scanlines (&in, &row, 1);
    if (in.out_color_space == JCS_CMYK)
      cmyk_to_rgb (row, row, in.output_width, in.saw_Adobe_marker);
    place_row (s, row, y, image);
  }

  const auto from = in.out_color_space == JCS_YCbCr ? JCS_YCbCr : JCS_RGB;
  if (s.steps.swap_axes)
    std::swap (s.sampling.h, s.sampling.v);
  set_output (s, from);
  set_quality (s);
  jpeg_start_compress (&out, TRUE);
  for (unsigned y = 0; y < out.image_height; y++) {
    JSAMPROW line = image + std::size_t{y} * out.image_width * 3;
    jpeg_write_scanlines (&out, &line, 1);
  }
  jpeg_finish_compress (&out);
}

// The frame

static void
create_output (State &s)
{
  jpeg_create_compress (&s.out);
  s.out.client_data = &s;
  s.out.mem->access_virt_barray = pull_rows;
  s.out.in_color_space = JCS_YCbCr;
  s.out.input_components = 3;
  jpeg_set_defaults (&s.out);
}

static void
recode_frame (State &s)
{
  // A new decompressor for each frame: tables of the last one would stay.
  if (!s.out.mem)
    create_output (s);
  read_header (s);
  if (s.pixels)
    recode_pixels (s);
  else
    recode_coefficients (s);
}

Recoder::Recoder () : state_{std::make_unique<RecodeState> ()}
{
  state_->in.err = state_->out.err = state_->errors.set ();
}

Recoder::~Recoder ()
{
  jpeg_destroy_compress (&state_->out);
}

static bool
begins_with_soi (std::span<const Bytes> pieces)
{
  static constexpr std::uint8_t soi[] = {0xff, 0xd8};
  std::size_t matched = 0;
  for (const auto &piece : pieces)
    for (const auto byte : piece) {
      if (byte != soi[matched])
        return false;
      if (++matched == sizeof soi)
        return true;
    }
  return false;
}

RecodeResult
Recoder::recode (std::span<const Bytes> pieces, const RecodeOptions &options)
{
  if (!begins_with_soi (pieces))
    return {.error = RecodeError::not_a_jpeg, .message = "No SOI"};

  auto &s = *state_;
  s.errors.reset ();
  s.options = &options;
  s.pieces = pieces;
  s.kinds = {};
  s.steps = steps_of (options.turn);
  s.pixels = s.resample_chroma = s.incomplete = s.flat_chroma = false;
  s.begun = s.whole = 0;
  s.all_read = s.between_scans = false;
  s.small_ac_levels = true;
  s.lossless = true;

  const bool done = guarded (s.errors, recode_frame, s);
  jpeg_destroy_decompress (&s.in);
  if (!done && s.out.mem)
    jpeg_abort_compress (&s.out);

  RecodeResult result{
      .kinds = s.kinds, .lossless = s.lossless, .incomplete = s.incomplete};
  if (done) {
    result.jpeg = s.sink.written ();
  } else {
    const bool ran_out =
        s.errors.error == RecodeError::corrupt && s.source.ended;
    result.error = ran_out ? RecodeError::cut_short : s.errors.error;
    result.message = s.errors.text;
  }
  return result;
}

} // namespace rfc2435
