// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "chroma.h"
#include "libjpeg.h"
#include "recoder.h"
#include "scan_order.h"
#include "turn.h"

#include <span>

// What the files of the recoder share. Each of its functions may end by a
// longjmp (see JpegErrors).

namespace rfc2435 {

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
  ScanOrder scan_order;

  // Of the frame at hand.
  const RecodeOptions *options = nullptr;
  std::span<const Bytes> pieces;
  std::uint8_t sof = 0; // as this plugin has read it
  RecodeKinds kinds;
  TurnSteps steps{};
  bool pixels = false;          // decode and encode again
  bool resample_chroma = false; // keep Y's coefficients alone
  bool lossless = true;
  bool incomplete = false;
  bool flat_chroma = false;    // gray
  bool streaming = false;      // write while reading
  bool small_ac_levels = true; // by the Huffman tables of all scans
  // Those that a progressive scan was the first of: a bit each.
  std::uint64_t begun_coefficients[MAX_COMPONENTS]{};
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

inline unsigned
divide_up (std::size_t n, std::size_t by)
{
  return static_cast<unsigned> ((n + by - 1) / by);
}

// reading.cpp: the header decides what is to be done, then come the scans, by
// and by or to the end.
void read_header (State &s);
void start_reading (State &s);
void read_some (State &s);
void read_scans (State &s);

// tables.cpp
QuantTable table_of (const State &s, int component);
QuantTable transposed (const QuantTable &table);
// Of two steps the smaller.
QuantTable smaller (const QuantTable &a, const QuantTable &b);
void check_tables (State &s);
// Adds the kinds that show only when all scans have been read.
void find_coding (State &s);

// memory.cpp: what lasts as long as the frame.
JSAMPLE *new_samples (State &s, std::size_t size);
// Zeros, for `h` by `v` blocks in each MCU. Rows are to be touched in order.
jvirt_barray_ptr new_array (
    State &s, unsigned width, unsigned height, int h, int v);
JBLOCKROW block_row (State &s, jvirt_barray_ptr array, unsigned row);

// eight_bit_tables.cpp: receivers read no others.
QuantTable eight_bits (QuantTable table);
bool has_wide_table (const State &s);
// Levels and tables of the result anew, exactly where the steps have divisors.
void narrow_tables (State &s);

// chroma_levels.cpp
void requantize (State &s, int i, const QuantTable &from, const QuantTable &to);
// U and V as they are, with one table for both.
void unify_chroma_tables (State &s);
// U and V in `s.sampling`, whatever they were sampled like.
void resample_chroma (State &s);

// writing.cpp: `s.sampling` is the result's by now.
void create_output (State &s);
void set_table (State &s, int number, const QuantTable &table);
void set_output (State &s, J_COLOR_SPACE from);

// coefficients.cpp and pixels.cpp: the two ways to recode a frame whose header
// has been read.
void recode_coefficients (State &s);
void recode_pixels (State &s);
// Stands in for the library's own where the compressor asks for coefficients:
// those that are still to be decoded are decoded first. So each block is
// written while it is in the processor's cache.
JBLOCKARRAY pull_rows (j_common_ptr out, jvirt_barray_ptr array,
    JDIMENSION first, JDIMENSION count, boolean writable);

} // namespace rfc2435
