// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "interval_runs.h"

#include "jpeg_markers.h"

#include <algorithm>
#include <span>

namespace rfc2435 {
namespace {

using Fragment = ScanFragments::Fragment;

bool
is_aligned (const Fragment &fragment)
{
  return fragment.restart_count != RestartHeader::whole_frame;
}

// Reads the fragments of one extent: those that are contiguous.
class ExtentReader {
public:
  ExtentReader (const ScanFragments &scan, std::span<const Fragment> fragments,
      std::optional<std::uint32_t> size, std::uint32_t count,
      std::size_t max_pieces, std::vector<IntervalRun> &runs)
      : fragments_ (fragments), begin_ (fragments.front ().position),
        end_ (fragments.back ().position + fragments.back ().size),
        data_ (scan.received_bytes ().data ()),
        ends_scan_ (size && fragments.back ().end () == *size), count_ (count),
        max_pieces_ (max_pieces), runs_ (runs)
  {}

  void read ()
  {
    auto &first = fragments_.front ();
    begin_run (begin_);
    begins_whole_ = first.offset == 0 || (first.first && is_aligned (first));
    run_.begins_interval = begins_whole_;
    if (begins_whole_ && first.offset != 0)
      skip_leading_marker ();

    auto at = piece_begin_;
    while (auto marker = next_marker (at)) {
      at = marker->end;
      if (marker::is_rst (marker->code)) {
        if (!end_piece_at_rst (*marker))
          return;
      } else {
        if (marker->code == marker::eoi)
          end_scan (marker->begin);
        finish_run ();
        return;
      }
    }
    auto &last = fragments_.back ();
    if (ends_scan_)
      end_scan (end_);
    else
      add_piece (end_, begins_whole_ && last.last && is_aligned (last));
    finish_run ();
  }

private:
  struct Marker {
    std::uint32_t begin, end;
    std::uint8_t code;
  };

  std::optional<Marker> next_marker (std::uint32_t at) const
  {
    while (at < end_) {
      auto found = static_cast<const std::uint8_t *> (
          std::memchr (data_ + at, 0xff, end_ - at));
      if (!found)
        break;
      auto begin = static_cast<std::uint32_t> (found - data_);
      at = begin + 1;
      while (at < end_ && data_[at] == 0xff)
        at++;
      if (at == end_)
        break;
      auto code = data_[at++];
      if (code != 0)
        return Marker{begin, at, code};
    }
    return std::nullopt;
  }

  // RFC 2435 doesn't say to which of two chunks the marker between them
  // belongs.
  void skip_leading_marker ()
  {
    if (end_ - begin_ < 2 || data_[begin_] != 0xff ||
        !marker::is_rst (data_[begin_ + 1]))
      return;
    run_.phase = (data_[begin_ + 1] - marker::rst0 + 1u) % 8;
    piece_begin_ = begin_ + 2;
  }

  void begin_run (std::uint32_t at)
  {
    run_ = IntervalRun{};
    run_.shift = fragments_.front ().offset - fragments_.front ().position;
    piece_begin_ = at;
    begins_whole_ = false;
  }

  void add_piece (std::uint32_t end, bool whole)
  {
    if (end > piece_begin_)
      run_.pieces.push_back ({piece_begin_, end, whole});
  }

  bool end_piece_at_rst (const Marker &marker)
  {
    unsigned number = marker.code - marker::rst0;
    auto k = run_.pieces.size ();
    if (runs_pieces_ + k > max_pieces_)
      return false;
    // Pictures contain no empty pieces.
    bool is_next = marker.begin > piece_begin_ &&
                   (!run_.phase || (*run_.phase + k) % 8 == number);
    if (!is_next) {
      finish_run ();
      begin_run (marker.end);
      run_.phase = (number + 1) % 8;
      run_.begins_interval = true;
    } else {
      if (!run_.phase)
        run_.phase = (number + 8 - k % 8) % 8;
      add_piece (marker.begin, begins_whole_);
      piece_begin_ = marker.end;
    }
    begins_whole_ = true;
    return true;
  }

  void end_scan (std::uint32_t end)
  {
    if (end > piece_begin_)
      run_.anchors.push_back (
          {static_cast<std::uint32_t> (run_.pieces.size ()), count_ - 1});
    add_piece (end, begins_whole_);
  }

  // Restart Count gives the index of the interval where a chunk begins.
  void finish_run ()
  {
    auto &pieces = run_.pieces;
    if (pieces.empty ())
      return;
    for (auto &fragment : fragments_) {
      auto at = fragment.position;
      bool begins_scan = fragment.offset == 0;
      if (!begins_scan && !(fragment.first && is_aligned (fragment)))
        continue;
      if (at < pieces.front ().begin && at + 2 != pieces.front ().begin)
        continue;
      if (at > pieces.back ().begin)
        break;
      auto piece = std::lower_bound (pieces.begin (), pieces.end (), at,
          [] (auto &p, std::uint32_t a) { return p.begin < a; });
      if (piece == pieces.end () ||
          (piece->begin != at && piece->begin != at + 2))
        continue;
      run_.anchors.push_back (
          {static_cast<std::uint32_t> (piece - pieces.begin ()),
              begins_scan ? 0u : fragment.restart_count});
    }
    std::stable_sort (run_.anchors.begin (), run_.anchors.end (),
        [] (auto &a, auto &b) { return a.piece < b.piece; });
    runs_pieces_ += pieces.size ();
    runs_.push_back (std::move (run_));
  }

  const std::span<const Fragment> fragments_;
  const std::uint32_t begin_, end_;
  const std::uint8_t *const data_;
  const bool ends_scan_;
  const std::uint32_t count_;
  const std::size_t max_pieces_;
  std::vector<IntervalRun> &runs_;

  IntervalRun run_;
  std::size_t runs_pieces_ = 0;
  std::uint32_t piece_begin_ = 0;
  bool begins_whole_ = false;
};

} // namespace

std::vector<IntervalRun>
find_interval_runs (const ScanFragments &scan,
    std::optional<std::uint32_t> size, std::uint32_t count)
{
  std::vector<IntervalRun> runs;
  std::span<const Fragment> fragments = scan.fragments ();
  std::size_t pieces = 0;

  while (!fragments.empty () && pieces <= count) {
    std::size_t n = 1;
    while (
        n < fragments.size () && fragments[n].offset == fragments[n - 1].end ())
      n++;
    auto known = runs.size ();
    ExtentReader (scan, fragments.first (n), size, count, count - pieces, runs)
        .read ();
    for (; known < runs.size (); known++)
      pieces += runs[known].pieces.size ();
    fragments = fragments.subspan (n);
  }
  return runs;
}

} // namespace rfc2435
