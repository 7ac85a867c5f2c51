// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libjpeg.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <jerror.h>

namespace rfc2435 {

static JpegErrors &
errors_of (j_common_ptr jpeg)
{
  return *reinterpret_cast<JpegErrors *> (jpeg->err);
}

static DropCause
meaning (int code)
{
  switch (code) {
  case JERR_NO_SOI:
    return DropCause::not_jpeg;
  case JERR_NO_IMAGE:
  case JERR_SOF_NO_SOS:
    return DropCause::cut_short;
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_COMPONENT_COUNT:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_NOTIMPL:
  case JERR_NOT_COMPILED:
  case JERR_SOF_UNSUPPORTED:
    return DropCause::unsupported;
  case JERR_IMAGE_TOO_BIG:
  case JERR_WIDTH_OVERFLOW:
    return DropCause::too_large;
  case JERR_OUT_OF_MEMORY:
    return DropCause::out_of_memory;
  default:
    return DropCause::malformed;
  }
}

static void
error_exit (j_common_ptr jpeg)
{
  auto &errors = errors_of (jpeg);
  errors.error = meaning (jpeg->err->msg_code);
  jpeg->err->format_message (jpeg, errors.text);
  std::longjmp (errors.jump, 1);
}

static void
emit_message (j_common_ptr jpeg, int level)
{
  if (level >= 0)
    return;

  auto &errors = errors_of (jpeg);
  errors.manager.num_warnings++;
  switch (jpeg->err->msg_code) {
  case JWRN_HIT_MARKER:
    if (!errors.short_scan)
      errors.short_scan =
          reinterpret_cast<j_decompress_ptr> (jpeg)->input_scan_number;
    break;
  case JWRN_HUFF_BAD_CODE:
  case JWRN_ARITH_BAD_CODE:
  case JWRN_MUST_RESYNC:
    errors.corrupt_data = true;
    break;
  case JWRN_BOGUS_PROGRESSION:
    errors.bogus_progression = true;
    break;
  default:
    break;
  }
}

static void
output_message (j_common_ptr)
{}

jpeg_error_mgr *
JpegErrors::set ()
{
  jpeg_std_error (&manager);
  manager.error_exit = error_exit;
  manager.emit_message = emit_message;
  manager.output_message = output_message;
  reset ();
  return &manager;
}

void
JpegErrors::reset ()
{
  manager.num_warnings = 0;
  text[0] = '\0';
  error = std::nullopt;
  short_scan = 0;
  corrupt_data = false;
  bogus_progression = false;
}

void
JpegErrors::fail (DropCause why, const char *what)
{
  error = why;
  std::snprintf (text, sizeof text, "%s", what);
  std::longjmp (jump, 1);
}

static constexpr std::uint8_t soi[] = {0xff, 0xd8};
static constexpr std::uint8_t eoi[] = {0xff, 0xd9};

static void
init_source (j_decompress_ptr)
{}

static boolean
fill_input (j_decompress_ptr jpeg)
{
  auto &source = *reinterpret_cast<JpegSource *> (jpeg->src);
  Bytes piece;

  if (!source.prefix.empty ()) {
    piece = source.prefix;
    source.prefix = {};
  }
  while (piece.empty () && source.next < source.frame.size ()) {
    piece = source.frame[source.next++];
    const auto skipped = std::min (source.skip, piece.size ());
    piece = piece.subspan (skipped);
    source.skip -= skipped;
  }
  if (piece.empty ()) {
    source.ended = true;
    WARNMS (jpeg, JWRN_JPEG_EOF);
    if (source.between_scans) {
      source.manager.bytes_in_buffer = 0;
      return FALSE;
    }
    piece = eoi;
  }

  source.manager.next_input_byte = piece.data ();
  source.manager.bytes_in_buffer = piece.size ();
  return TRUE;
}

static void
skip_input (j_decompress_ptr jpeg, long count)
{
  auto &source = *reinterpret_cast<JpegSource *> (jpeg->src);
  if (count <= 0)
    return;

  auto left = static_cast<std::size_t> (count);
  while (left > source.manager.bytes_in_buffer && !source.ended) {
    left -= source.manager.bytes_in_buffer;
    fill_input (jpeg);
  }
  // The EOI given after the end must not be skipped.
  if (source.ended)
    return;
  source.manager.next_input_byte += left;
  source.manager.bytes_in_buffer -= left;
}

static void
term_source (j_decompress_ptr)
{}

jpeg_source_mgr *
JpegSource::set (Bytes tables, std::span<const Bytes> frame_pieces)
{
  manager = {};
  manager.init_source = init_source;
  manager.fill_input_buffer = fill_input;
  manager.skip_input_data = skip_input;
  manager.resync_to_restart = jpeg_resync_to_restart;
  manager.term_source = term_source;
  // SOI, then the tables, then the frame without its SOI.
  manager.next_input_byte = soi;
  manager.bytes_in_buffer = sizeof soi;
  prefix = tables;
  frame = frame_pieces;
  skip = sizeof soi;
  next = 0;
  ended = between_scans = false;
  return &manager;
}

JpegSink::JpegSink ()
{
  manager_.manager.init_destination = init;
  manager_.manager.empty_output_buffer = grow;
  manager_.manager.term_destination = term;
  manager_.sink = this;
}

JpegSink::~JpegSink ()
{
  std::free (bytes_);
}

jpeg_destination_mgr *
JpegSink::set (std::size_t limit)
{
  limit_ = limit;
  return &manager_.manager;
}

Bytes
JpegSink::written () const
{
  return {bytes_, capacity_ - manager_.manager.free_in_buffer};
}

void
JpegSink::init (j_compress_ptr jpeg)
{
  auto &sink = *reinterpret_cast<Manager *> (jpeg->dest)->sink;
  jpeg->dest->next_output_byte = sink.bytes_;
  jpeg->dest->free_in_buffer = sink.capacity_;
  if (sink.capacity_ == 0)
    grow (jpeg);
}

// The library calls this when the buffer is full, whatever free_in_buffer says.
boolean
JpegSink::grow (j_compress_ptr jpeg)
{
  auto &sink = *reinterpret_cast<Manager *> (jpeg->dest)->sink;
  const auto used = sink.capacity_;
  const auto capacity =
      std::min (std::max<std::size_t> (used * 2, 256 * 1024), sink.limit_);

  if (capacity <= used)
    errors_of (reinterpret_cast<j_common_ptr> (jpeg))
        .fail (DropCause::too_large, "The recoded JPEG is too large");
  auto *bytes =
      static_cast<std::uint8_t *> (std::realloc (sink.bytes_, capacity));
  if (!bytes)
    ERREXIT1 (jpeg, JERR_OUT_OF_MEMORY, 0);

  sink.bytes_ = bytes;
  sink.capacity_ = capacity;
  jpeg->dest->next_output_byte = bytes + used;
  jpeg->dest->free_in_buffer = capacity - used;
  return TRUE;
}

void
JpegSink::term (j_compress_ptr)
{}

} // namespace rfc2435
