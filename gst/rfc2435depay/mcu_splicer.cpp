// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mcu_splicer.h"

#include "block.h"
#include "main_header.h"

namespace rfc2435 {

McuSplicer::McuSplicer (const ScanLayout &layout, std::size_t expected)
    : layout_ (layout), writer_ (buffer_.data (), output_)
{
  output_.clear (MainHeader::max_fragment_offset);
  output_.reserve (expected + 2 * buffer_.size ());
}

void
McuSplicer::put (const std::uint8_t *data, const McuPosition &begin,
    const McuPosition &end, const DcLevels &offset)
{
  if (begin.bit >= end.bit)
    return;
  auto &decoder = standard_scan_decoder ();
  auto levels = begin.levels ();
  BitReader reader (data, begin.bit);
  auto copied = reader.position ();
  // The MCUs were read before and are complete: nothing can fail here.
  auto put_block = [&] (unsigned component, bool is_first) {
    auto &c = decoder.component (component);
    auto block = reader.position ();
    read_dc (reader, c.dc, levels[component]);
    if (is_first) {
      writer_.copy (data, copied, block);
      writer_.put_dc (component,
          levels[component] + offset[component] - written_[component]);
      copied = reader.position ();
    }
    skip_ac (reader, c.ac, c.runs);
  };
  for (unsigned i = 0; i < layout_.luma_blocks; i++)
    put_block (0, i == 0);
  put_block (1, true);
  put_block (2, true);
  writer_.copy (data, copied, end.bit);
  for (unsigned i = 0; i < written_.size (); i++)
    written_[i] = end.dc[i] + offset[i];
}

void
McuSplicer::put_gray (std::uint32_t count)
{
  constexpr HuffmanCode end_of_block{.symbol = 0x00};
  auto put_block = [&] (unsigned component) {
    writer_.put_dc (component, -written_[component]);
    writer_.put_ac (component, end_of_block, 0);
    written_[component] = 0;
  };
  for (; count > 0; count--) {
    for (unsigned i = 0; i < layout_.luma_blocks; i++)
      put_block (0);
    put_block (1);
    put_block (2);
    writer_.end_mcu ();
  }
}

std::optional<Bytes>
McuSplicer::finish ()
{
  writer_.finish ();
  if (output_.is_full ())
    return std::nullopt;
  return output_.bytes ();
}

} // namespace rfc2435
