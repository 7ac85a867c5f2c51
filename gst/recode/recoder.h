// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"
#include "drop_cause.h"
#include "recode_kind.h"
#include "turn.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace rfc2435 {

struct RecodeState;

enum class RecodeLevel : std::uint8_t {
  lossless, // what can't be recoded losslessly fails with needs_loss
  lossy,
};

struct RecodeOptions {
  RecodeLevel level = RecodeLevel::lossy;
  Turn turn = Turn::none;
  // Accept a frame whose entropy-coded data is cut short or damaged, provided
  // that every component has begun; missing parts become gray.
  bool fill_missing = false;
  // DQT and DHT segments of earlier frames, including markers, for tables that
  // the frame itself does not define. Without DHT, Annex K's tables apply.
  Bytes tables;
  // In MCUs of the result, 0 for none. If unset, the source's interval is kept
  // if source and result have the same MCUs; otherwise there is none.
  std::optional<std::uint16_t> restart_interval;
  // Checked before memory is allocated: up to 16 bytes for each pixel of the
  // picture's whole MCUs.
  std::uint32_t max_pixels = 4096 * 4096;
};

struct RecodeResult {
  // - empty: no bytes
  // - not_jpeg: doesn't begin with SOI
  // - cut_short: part of the picture is missing
  // - malformed: breaks ITU-T T.81
  // - unsupported: 12 bits, lossless or hierarchical JPEG, 2 components…
  // - too_large: more pixels, scans or output than allowed
  // - needs_loss: RecodeLevel::lossless doesn't allow it
  // - out_of_memory: allocation failed
  std::optional<DropCause> error;
  // What failed, in words. Valid until the recoder's next call.
  const char *message = "";
  // Why RFC 2435 can't carry the source; empty if it can.
  RecodeKinds kinds;
  // With plain upsampling, the result decodes to the same picture, turned if
  // requested. Never true if parts were filled.
  bool lossless = false;
  // The source ended before its last refinement (progressive), or parts were
  // missing (RecodeOptions::fill_missing).
  bool incomplete = false;
  // Baseline, one interleaved scan of Y, U, V in 4:2:2 or 4:2:0, two 8-bit
  // quantization tables, Annex K's Huffman tables, no APPn, no COM. Valid until
  // the recoder's next call.
  Bytes jpeg;

  explicit operator bool () const { return !error; }
};

// Converts any JPEG to one that RFC 2435 can carry. Keeps its memory for the
// next frame, but no other state: no frame depends on an earlier one. Not
// thread-safe.
class Recoder {
public:
  Recoder ();
  ~Recoder ();
  Recoder (const Recoder &) = delete;
  Recoder &operator= (const Recoder &) = delete;

  // The pieces, joined, begin with SOI. What follows EOI is not read.
  RecodeResult recode (
      std::span<const Bytes> pieces, const RecodeOptions &options = {});
  RecodeResult recode (Bytes jpeg, const RecodeOptions &options = {})
  {
    return recode (std::span{&jpeg, 1}, options);
  }

private:
  std::unique_ptr<RecodeState> state_;
};

} // namespace rfc2435
