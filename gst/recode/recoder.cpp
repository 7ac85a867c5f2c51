// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recoder.h"

#include "jpeg_markers.h"
#include "recode_state.h"

#include <algorithm>

namespace rfc2435 {

static void
recode_frame (State &s)
{
  // Each frame gets a new decompressor, since tables of the last one would
  // stay.
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

// Kept from the library: libjpeg-turbo 3 accepts more kinds than earlier
// releases, and decodes them into memory of another layout.
static const char *
unsupported (const JpegHeader &header)
{
  if (header.precision != 8)
    return "A sample precision other than 8 bits";
  switch (header.sof) {
  case marker::sof0:
  case marker::sof1:
  case marker::sof2:
  case marker::sof9:
  case marker::sof10:
    return nullptr;
  default:
    return "Neither sequential nor progressive";
  }
}

RecodeResult
Recoder::recode (std::span<const Bytes> pieces, const RecodeOptions &options)
{
  if (std::ranges::all_of (pieces, &Bytes::empty))
    return {.error = DropCause::empty, .message = "No bytes"};
  if (!begins_with_soi (pieces))
    return {.error = DropCause::not_jpeg, .message = "No SOI"};

  ByteReader reader (pieces);
  JpegHeader header;
  JpegTables tables;
  if (const auto failure = header.parse (reader, tables))
    return {.error = failure == DropCause::no_picture ? DropCause::cut_short
                     : failure == DropCause::color_space
                         ? DropCause::unsupported
                         : failure,
        .message = "A broken or incomplete header"};
  if (auto *message = unsupported (header))
    return {.error = DropCause::unsupported, .message = message};

  auto &s = *state_;
  s.errors.reset ();
  s.options = &options;
  s.sof = header.sof;
  s.pieces = s.scan_order.sort (pieces, header);
  s.kinds = {};
  s.steps = steps_of (options.turn);
  s.pixels = s.resample_chroma = s.incomplete = s.flat_chroma = false;
  s.begun = s.whole = 0;
  s.all_read = false;
  s.small_ac_levels = true;
  std::ranges::fill (s.begun_coefficients, 0);
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
        s.errors.error == DropCause::malformed && s.source.ended;
    result.error = ran_out ? DropCause::cut_short : s.errors.error;
    result.message = s.errors.text;
  }
  return result;
}

} // namespace rfc2435
