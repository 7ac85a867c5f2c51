// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_order.h"

#include <algorithm>
#include <limits>

namespace rfc2435 {

// Appends the bytes [begin, end) of the joined pieces.
static void
append (std::vector<Bytes> &out, std::span<const Bytes> pieces,
    std::size_t begin, std::size_t end)
{
  std::size_t position = 0;
  for (const auto &piece : pieces) {
    const auto from = std::clamp (begin, position, position + piece.size ());
    const auto to = std::clamp (end, position, position + piece.size ());
    if (from < to)
      out.push_back (piece.subspan (from - position, to - from));
    position += piece.size ();
  }
}

std::span<const Bytes>
ScanOrder::sort (std::span<const Bytes> pieces, const JpegHeader &header)
{
  count_ = 0;
  auto components = header.scan_components;
  const auto scan = std::span{components}.first (header.scan_component_count);
  const auto place = &JpegHeader::ScanComponent::component;
  if (std::ranges::is_sorted (scan, {}, place))
    return pieces;

  count_ = header.scan_component_count;
  order_ = header.scan_components;
  // In release builds, GCC 12 warns about a fifth component with sort().
  std::ranges::stable_sort (scan, {}, place);
  auto selector = selectors_.begin ();
  for (const auto &c : components) {
    *selector++ = header.components[c.component].id;
    *selector++ = static_cast<std::uint8_t> (c.dc_table << 4 | c.ac_table);
  }

  // Ss, Se, Ah and Al follow, then the data.
  const auto end = header.scan_offset - 3;
  const auto sorted = Bytes{selectors_}.first (2 * count_);
  pieces_.clear ();
  append (pieces_, pieces, 0, end - sorted.size ());
  pieces_.push_back (sorted);
  append (pieces_, pieces, end, std::numeric_limits<std::size_t>::max ());
  return pieces_;
}

bool
ScanOrder::restore (jpeg_decompress_struct &in) const
{
  std::array<jpeg_component_info *, JpegHeader::max_components> order{};
  for (unsigned i = 0; i < count_; i++) {
    if (order_[i].component >= in.num_components)
      return false;
    order[i] = &in.comp_info[order_[i].component];
  }
  auto *const *read = in.cur_comp_info;
  if (!std::is_permutation (order.begin (), order.begin () + count_, read,
          read + in.comps_in_scan))
    return false;
  std::copy_n (order.begin (), count_, in.cur_comp_info);
  return true;
}

} // namespace rfc2435
