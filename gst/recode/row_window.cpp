// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_window.h"

#include <cstring>

namespace rfc2435 {

// The library identifies its arrays by opaque pointers; pointers to these
// replace them.
struct RowWindow {
  JBLOCKARRAY rows;
  JDIMENSION width;
  JDIMENSION height;
  JDIMENSION first;

  void clear ()
  {
    for (JDIMENSION y = 0; y < height; y++)
      std::memset (rows[y], 0, width * sizeof (JBLOCK));
  }
};

static jvirt_barray_ptr
request (j_common_ptr jpeg, int pool, boolean, JDIMENSION width, JDIMENSION,
    JDIMENSION height)
{
  auto *memory = jpeg->mem;
  auto *window = static_cast<RowWindow *> (
      memory->alloc_small (jpeg, pool, sizeof (RowWindow)));
  *window = {.rows = memory->alloc_barray (jpeg, pool, width, height),
      .width = width,
      .height = height,
      .first = 0};
  window->clear ();
  return reinterpret_cast<jvirt_barray_ptr> (window);
}

static JBLOCKARRAY
access (j_common_ptr, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION,
    boolean writable)
{
  auto &window = *reinterpret_cast<RowWindow *> (array);
  if (writable && first != window.first) {
    window.first = first;
    window.clear ();
  }
  return window.rows + first % window.height;
}

void
use_row_windows (jpeg_memory_mgr &memory)
{
  memory.request_virt_barray = request;
  memory.access_virt_barray = access;
}

} // namespace rfc2435
