// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gray_mcus.h"

#include "scan_layout.h"

namespace rfc2435 {

bool
has_gray_mcus (const PictureHeader &header)
{
  auto &jpeg = header.jpeg;
  if (jpeg.scan_component_count != 3)
    return false;
  for (unsigned i = 0; i < 3; i++) {
    auto &scan = jpeg.scan_components[i];
    if (scan.component != i ||
        header.tables.dc[scan.dc_table] !=
            (i == 0 ? standard_dc_luma : standard_dc_chroma) ||
        header.tables.ac[scan.ac_table] !=
            (i == 0 ? standard_ac_luma : standard_ac_chroma))
      return false;
  }
  auto &luma = jpeg.components[0];
  return luma.horizontal_sampling * luma.vertical_sampling + 2u <=
             ScanLayout::max_blocks &&
         jpeg.components[1].horizontal_sampling == 1 &&
         jpeg.components[1].vertical_sampling == 1 &&
         jpeg.components[2].horizontal_sampling == 1 &&
         jpeg.components[2].vertical_sampling == 1;
}

// For each block, a DC difference of 0 and an end of block (T.81 tables K.3 to
// K.6).
std::vector<std::uint8_t>
gray_mcus (const JpegHeader &header, std::uint32_t count)
{
  auto &luma = header.components[0];
  unsigned luma_blocks = luma.horizontal_sampling * luma.vertical_sampling;
  std::vector<std::uint8_t> out;
  unsigned bits = 0, filled = 0;
  auto put = [&] (unsigned value, unsigned size) {
    bits = bits << size | value;
    filled += size;
    while (filled >= 8) {
      filled -= 8;
      out.push_back (static_cast<std::uint8_t> (bits >> filled));
    }
  };
  for (std::uint32_t mcu = 0; mcu < count; mcu++) {
    for (unsigned block = 0; block < luma_blocks; block++)
      put (0b00'1010, 6);
    put (0b00'00'00'00, 8);
  }
  if (filled > 0)
    put ((1u << (8 - filled)) - 1, 8 - filled);
  return out;
}

} // namespace rfc2435
