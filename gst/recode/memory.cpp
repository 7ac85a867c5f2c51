// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

namespace rfc2435 {

JSAMPLE *
new_samples (State &s, std::size_t size)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  return static_cast<JSAMPLE *> (
      s.in.mem->alloc_large (common, JPOOL_IMAGE, size));
}

JBLOCKROW
block_row (State &s, jvirt_barray_ptr array, unsigned row)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  return s.in.mem->access_virt_barray (common, array, row, 1, TRUE)[0];
}

jvirt_barray_ptr
new_array (State &s, unsigned width, unsigned height, int h, int v)
{
  auto common = reinterpret_cast<j_common_ptr> (&s.in);
  auto array = s.in.mem->request_virt_barray (common, JPOOL_IMAGE, TRUE,
      divide_up (width, h) * h, divide_up (height, v) * v, v);
  s.in.mem->realize_virt_arrays (common);
  return array;
}

} // namespace rfc2435
