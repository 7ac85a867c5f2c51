// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "chroma.h"
#include "libjpeg.h"
#include "recoder.h"
#include "scan_order.h"
#include "turn.h"

#include <span>

// Shared by the files of the recoder. Each of the functions may leave by a
// longjmp (see JpegErrors).

namespace rfc2435 {

// How the result is sampled: U and V have one sample for `h` by `v` samples of
// Y.
struct Sampling {
  int h = 2;
  int v = 2;
};

// Everything a frame needs. It is kept here because no function between setjmp
// and libjpeg may own anything that has a destructor.
struct RecodeState {
  JpegErrors errors;
  JpegSource source;
  JpegSink sink;
  jpeg_decompress_struct in{};
  jpeg_compress_struct out{};
  ChromaResampler resampler;
  ScanOrder scan_order;

  // The current frame
  const RecodeOptions *options = nullptr;
  std::span<const Bytes> pieces;
  std::uint8_t sof = 0; // as this plugin has read it
  RecodeKinds kinds;
  TurnSteps steps{};
  bool pixels = false;          // decode and re-encode
  bool resample_chroma = false; // keep only Y's coefficients
  bool lossless = true;
  bool incomplete = false;
  bool flat_chroma = false;    // gray
  bool streaming = false;      // write while reading
  bool small_ac_levels = true; // by the Huffman tables of all scans
  // Coefficients that a progressive scan has begun: a bit each.
  std::uint64_t begun_coefficients[MAX_COMPONENTS]{};
  // Components whose first scan has begun, or has ended: a bit each.
  unsigned begun = 0;
  unsigned whole = 0;
  bool all_read = false;
  // The result before it is turned
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

// reading.cpp: the header decides what to do; then the scans are read, step by
// step or to the end.
void read_header (State &s);
void start_reading (State &s);
void read_some (State &s);
void read_scans (State &s);

// tables.cpp
QuantTable table_of (const State &s, int component);
QuantTable transposed (const QuantTable &table);
// The smaller of the two steps at each frequency.
QuantTable smaller (const QuantTable &a, const QuantTable &b);
void check_tables (State &s);
// Adds the kinds that are known only after all scans have been read.
void find_coding (State &s);

// memory.cpp: memory that lasts as long as the frame.
JSAMPLE *new_samples (State &s, std::size_t size);
// Zeros, for `h` by `v` blocks per MCU. Rows must be accessed in order.
jvirt_barray_ptr new_array (
    State &s, unsigned width, unsigned height, int h, int v);
JBLOCKROW block_row (State &s, jvirt_barray_ptr array, unsigned row);

// eight_bit_tables.cpp: receivers read no other tables.
QuantTable eight_bits (QuantTable table);
bool has_wide_table (const State &s);
// Replaces wide steps of the result, and its levels; exactly if the steps have
// suitable divisors.
void narrow_tables (State &s);

// chroma_levels.cpp
void requantize (State &s, int i, const QuantTable &from, const QuantTable &to);
// Keeps U and V, but with one table for both.
void unify_chroma_tables (State &s);
// Converts U and V to `s.sampling`.
void resample_chroma (State &s);

// writing.cpp: from here on, `s.sampling` is the result's.
void create_output (State &s);
void set_table (State &s, int number, const QuantTable &table);
void set_output (State &s, J_COLOR_SPACE from);

// coefficients.cpp and pixels.cpp: the two ways to recode a frame whose header
// has been read.
void recode_coefficients (State &s);
void recode_pixels (State &s);
// Replaces the library's access_virt_barray when the compressor requests
// coefficients, and first decodes those that have not been decoded yet. So each
// block is written while it is in the processor's cache.
JBLOCKARRAY pull_rows (j_common_ptr out, jvirt_barray_ptr array,
    JDIMENSION first, JDIMENSION count, boolean writable);

} // namespace rfc2435
