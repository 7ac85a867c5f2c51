// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"
#include "recoder.h"

#include <csetjmp>
#include <cstdio> // jpeglib.h needs FILE and size_t declared

#include <jpeglib.h>

namespace rfc2435 {

// Turns libjpeg's errors into values. The library reports an error by calling
// error_exit, which must not return: ours does a longjmp to `jump`, so no
// function between setjmp and the library may own anything that has a
// destructor. Nothing is printed.
struct JpegErrors {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX];
  std::optional<DropCause> error;
  // The scan (counting from 1) whose data ended too early; 0 if none did.
  int short_scan;
  // The entropy-coded data contains what no encoder writes.
  bool corrupt_data;
  // A progressive scan does not refine the ones before it.
  bool bogus_progression;

  jpeg_error_mgr *set ();
  void reset ();
  // Leaves by longjmp, as the library's own errors do.
  [[noreturn]] void fail (DropCause why, const char *what);
};

// Runs `step`, which may call the library; false if the library failed.
template <typename State>
[[gnu::noinline]] bool
guarded (JpegErrors &errors, void (*step) (State &), State &state)
{
  if (setjmp (errors.jump))
    return false;
  step (state);
  return true;
}

// Reads a frame that lies in several pieces of memory. After the last one, the
// library is given an EOI; except between scans, where it would read that as
// part of a marker segment and is given nothing (JPEG_SUSPENDED).
struct JpegSource {
  jpeg_source_mgr manager;
  // Given to the library before the frame.
  Bytes prefix;
  std::span<const Bytes> frame;
  // Bytes of the frame to leave out.
  std::size_t skip;
  std::size_t next;
  bool ended;
  // Set by the caller.
  bool between_scans;

  jpeg_source_mgr *set (Bytes tables, std::span<const Bytes> frame_pieces);
};

// Writes to memory that is kept for the next frame.
class JpegSink {
public:
  JpegSink ();
  ~JpegSink ();
  JpegSink (const JpegSink &) = delete;
  JpegSink &operator= (const JpegSink &) = delete;

  jpeg_destination_mgr *set (std::size_t limit);
  Bytes written () const;

private:
  // First, for the library's pointer to it is cast to one to the sink.
  struct Manager {
    jpeg_destination_mgr manager;
    JpegSink *sink;
  };

  static void init (j_compress_ptr jpeg);
  static boolean grow (j_compress_ptr jpeg);
  static void term (j_compress_ptr jpeg);

  Manager manager_{};
  std::uint8_t *bytes_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t limit_ = 0;
};

} // namespace rfc2435
