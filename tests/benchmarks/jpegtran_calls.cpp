// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jpegtran_calls.h"

#include <csetjmp>
#include <cstdio> // jpeglib.h needs FILE and size_t declared
#include <cstdlib>

#include <jpeglib.h>

bool
jpegtran (rfc2435::Bytes jpeg, unsigned restart_interval)
{
  static std::jmp_buf give_up;
  jpeg_decompress_struct in;
  jpeg_compress_struct out;
  jpeg_error_mgr errors;
  in.err = out.err = jpeg_std_error (&errors);
  errors.error_exit = [] (j_common_ptr) {
    std::longjmp (give_up, 1);
  };
  errors.emit_message = [] (j_common_ptr, int) {
  };
  jpeg_create_decompress (&in);
  jpeg_create_compress (&out);

  static unsigned char *bytes;
  static unsigned long size;
  bytes = nullptr;
  size = 0;
  if (setjmp (give_up)) {
    jpeg_destroy_compress (&out);
    jpeg_destroy_decompress (&in);
    std::free (bytes);
    return false;
  }
  jpeg_mem_src (&in, jpeg.data (), jpeg.size ());
  jpeg_read_header (&in, TRUE);
  auto *coefficients = jpeg_read_coefficients (&in);
  jpeg_copy_critical_parameters (&in, &out);
  out.restart_interval = restart_interval;
  jpeg_mem_dest (&out, &bytes, &size);
  jpeg_write_coefficients (&out, coefficients);
  jpeg_finish_compress (&out);
  jpeg_destroy_compress (&out);
  jpeg_finish_decompress (&in);
  jpeg_destroy_decompress (&in);
  std::free (bytes);
  return true;
}
