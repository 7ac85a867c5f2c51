// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_state.h"

#include <algorithm>

namespace rfc2435 {

// RFC 2435 counts a scan's bytes in 24 bits; the headers take some more.
static constexpr std::size_t max_output = (std::size_t{1} << 24) + 4096;

void
create_output (State &s)
{
  jpeg_create_compress (&s.out);
  s.out.client_data = &s;
  s.out.mem->access_virt_barray = pull_rows;
  s.out.in_color_space = JCS_YCbCr;
  s.out.input_components = 3;
  jpeg_set_defaults (&s.out);
}

void
set_table (State &s, int number, const QuantTable &table)
{
  auto &slot = s.out.quant_tbl_ptrs[number];
  if (!slot)
    slot = jpeg_alloc_quant_table (reinterpret_cast<j_common_ptr> (&s.out));
  std::copy (table.begin (), table.end (), slot->quantval);
}

void
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

} // namespace rfc2435
