// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_resync.h"

#include "block.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// Blocks are searched for within these bits.
constexpr std::uint32_t search_bits = 4096;
// Reading is started at each of these bits. A block is hardly ever longer.
constexpr std::uint32_t start_bits = 1024;
// If codes synchronize, all starts lead to one place, or to very few. Each of
// them is followed to the end of the scan, so their number limits the time
// taken.
constexpr std::size_t max_exits = 8;

// A place where a block may begin: a bit, and which of an MCU's blocks it is.
class BlockSearch {
public:
  BlockSearch (const UnstuffedScan &bits, const ScanLayout &layout)
      : data_ (bits.data ()),
        end_ (static_cast<std::uint32_t> (bits.segments ().front ().end * 8)),
        blocks_ (layout.luma_blocks + 2u), luma_blocks_ (layout.luma_blocks),
        mcu_count_ (layout.mcu_count),
        next_ (std::size_t{search_bits} * blocks_, unread),
        exit_ (next_.size (), unread)
  {}

  // The position in bits of the first MCU about which there is no doubt.
  std::optional<std::uint32_t> find ()
  {
    if (end_ < 2 * search_bits)
      return std::nullopt;
    std::vector<State> survivors;
    for (State state = 0; state < start_bits * blocks_; state++) {
      auto exit = exit_of (state);
      bool reaches = exit != dead && reaches_end (exit);
      if (exits_.size () > max_exits)
        return std::nullopt;
      if (!reaches)
        continue;
      survivors.push_back (state);
      if (exit != exit_[survivors.front ()])
        return std::nullopt;
    }
    if (survivors.empty ())
      return std::nullopt;
    return begin_of_mcu (agreed (survivors));
  }

  // Skips one block; false if its codes are invalid or beyond the end.
  static bool skip_block (BitReader &reader, unsigned component)
  {
    auto &c = standard_scan_decoder ().component (component);
    return read_dc_difference (reader, c.dc).length != 0 &&
           skip_ac (reader, c.ac, c.runs);
  }

private:
  // A state is bit * blocks_ + block. States within the bits that are searched,
  // and those to which a block leads from there, fit into 16 bits.
  using State = std::uint16_t;
  static constexpr State unread = 0xffff;
  static constexpr State dead = unread - 1;
  static_assert (
      (search_bits + UnstuffedScan::padding * 8 / ScanLayout::max_blocks) *
          ScanLayout::max_blocks <
      dead);

  unsigned component (unsigned block) const
  {
    return block < luma_blocks_ ? 0 : block - luma_blocks_ + 1;
  }
  bool is_outside (State state) const
  {
    return state != dead && state >= search_bits * blocks_;
  }

  State step (State state) const
  {
    auto block = state % blocks_;
    BitReader reader (data_, state / blocks_);
    if (!skip_block (reader, component (block)) || reader.position () > end_)
      return dead;
    return static_cast<State> (
        reader.position () * blocks_ + (block + 1) % blocks_);
  }

  // The state in which the blocks from here on leave the bits that are
  // searched, or `dead`.
  State exit_of (State state)
  {
    path_.clear ();
    auto at = state;
    while (at != dead && !is_outside (at) && exit_[at] == unread) {
      path_.push_back (at);
      at = next_[at] = step (at);
    }
    auto exit = at == dead || is_outside (at) ? at : exit_[at];
    for (auto passed : path_)
      exit_[passed] = exit;
    return exit;
  }

  // Whether complete MCUs follow up to the end, and then only ones.
  bool reaches_end (State exit)
  {
    for (auto &[known, reaches] : exits_) {
      if (known == exit)
        return reaches;
    }
    BitReader reader (data_, exit / blocks_);
    unsigned block = exit % blocks_;
    bool reaches = false;
    for (std::uint32_t mcus = 0; mcus <= mcu_count_; mcus += block == 0) {
      auto position = reader.position ();
      if (block == 0 && end_ - position < 8 &&
          reader.bits () >> (64 - 8) >> (8 - (end_ - position)) ==
              (1u << (end_ - position)) - 1) {
        reaches = true;
        break;
      }
      if (!skip_block (reader, component (block)) || reader.position () > end_)
        break;
      block = (block + 1) % blocks_;
    }
    exits_.emplace_back (exit, reaches);
    return reaches;
  }

  // The first state to which all of them lead: the truncated block may be a
  // long one, and starts within it need not lead to the next block at once.
  State agreed (const std::vector<State> &survivors) const
  {
    std::vector<bool> was_passed (next_.size ());
    for (auto at = survivors.front (); !is_outside (at); at = next_[at])
      was_passed[at] = true;
    State first = survivors.front ();
    for (auto state : survivors) {
      auto at = state;
      while (!is_outside (at) && !was_passed[at]) {
        was_passed[at] = true;
        at = next_[at];
      }
      if (is_outside (at) || at / blocks_ > first / blocks_)
        first = at;
      if (is_outside (first))
        break;
    }
    return first;
  }

  // Three MCUs are left out, in case the position within an MCU was the last
  // thing to synchronize.
  std::optional<std::uint32_t> begin_of_mcu (State state) const
  {
    BitReader reader (data_, state / blocks_);
    unsigned begins = 0;
    for (unsigned block = state % blocks_;; block = (block + 1) % blocks_) {
      auto position = static_cast<std::uint32_t> (reader.position ());
      if (position >= end_)
        return std::nullopt;
      if (block == 0 && begins++ == 3)
        return position;
      if (!skip_block (reader, component (block)))
        return std::nullopt;
    }
  }

  const std::uint8_t *data_;
  const std::uint32_t end_;
  const unsigned blocks_;
  const unsigned luma_blocks_;
  const std::uint32_t mcu_count_;
  std::vector<State> next_;
  std::vector<State> exit_;
  std::vector<State> path_;
  std::vector<std::pair<State, bool>> exits_;
};

} // namespace

std::optional<IndexedScan>
resynchronize (Bytes bytes, const ScanLayout &layout)
{
  // A byte 0 may have been stuffed after a byte that is missing.
  if (!bytes.empty () && bytes.front () == 0)
    bytes = bytes.subspan (1);
  IndexedScan scan;
  scan.bits.read ({&bytes, 1}, 0, false);
  auto begin = BlockSearch (scan.bits, layout).find ();
  if (!begin)
    return std::nullopt;

  auto &decoder = standard_scan_decoder ();
  auto end = scan.bits.segments ().front ().end * 8;
  BitReader reader (scan.bits.data (), *begin);
  DcLevels levels{};
  auto add = [&] {
    scan.mcus.push_back (
        {.bit = static_cast<std::uint32_t> (reader.position ()),
            .dc = {static_cast<std::int16_t> (levels[0]),
                static_cast<std::int16_t> (levels[1]),
                static_cast<std::int16_t> (levels[2])}});
  };
  auto read_block = [&] (unsigned component) {
    auto &c = decoder.component (component);
    // Levels relative to an unknown one may be outside the range: that is
    // checked once it is known.
    read_dc (reader, c.dc, levels[component]);
    levels[component] = std::clamp (levels[component], -32000, 32000);
    return skip_ac (reader, c.ac, c.runs);
  };
  // A block has at least a code of two bits and one of four, or two of two.
  constexpr std::size_t least_bits = 4;
  scan.mcus.reserve (
      std::min<std::size_t> (layout.mcu_count,
          (end - *begin) / (least_bits * (layout.luma_blocks + 2u))) +
      2);
  add ();
  while (end - reader.position () >= 8 && scan.count () <= layout.mcu_count) {
    for (unsigned i = 0; i < layout.luma_blocks; i++)
      if (!read_block (0))
        return std::nullopt;
    if (!read_block (1) || !read_block (2) || reader.position () > end)
      return std::nullopt;
    add ();
  }
  if (scan.count () == 0 || scan.count () > layout.mcu_count)
    return std::nullopt;
  return scan;
}

} // namespace rfc2435
