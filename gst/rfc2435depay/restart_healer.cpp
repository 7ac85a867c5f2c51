// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "restart_healer.h"

#include "gray_mcus.h"
#include "interval_placement.h"
#include "jpeg_markers.h"

#include <algorithm>

namespace rfc2435 {
namespace {

class IntervalWriter {
public:
  IntervalWriter (const ReceivedFrame &frame, const PictureHeader &header,
      ShownPicture *previous)
      : mcus_ (header.jpeg.mcu_count ()),
        interval_ (header.jpeg.restart_interval),
        count_ ((mcus_ + interval_ - 1) / interval_), header_ (header),
        timestamp_ (frame.timestamp)
  {
    if (previous && previous->find_intervals (count_))
      previous_ = previous;
  }

  bool write (const ScanFragments &scan, std::optional<std::uint32_t> size)
  {
    auto &jpeg = header_.jpeg;
    auto mcu_width = 8u * jpeg.components[0].horizontal_sampling;
    auto mcus_per_row = (jpeg.width + mcu_width - 1) / mcu_width;
    auto placed = place_intervals (find_interval_runs (scan, size, count_),
        count_, scan.received_bytes (), previous_intervals (),
        static_cast<double> (mcus_per_row) / interval_);
    if (!previous_ && placed.size () < count_ && !has_gray_mcus (header_))
      return false;

    block_.reserve (size_with (placed));
    block_.append (header_.bytes);
    healed_.shown.intervals.reserve (count_);
    auto next = placed.begin ();
    for (std::uint32_t i = 0; i < count_; i++) {
      if (next != placed.end () && next->index == i) {
        put (i,
            scan.received_bytes ().subspan (
                next->begin, next->end - next->begin),
            timestamp_);
        next++;
      } else {
        conceal (i);
      }
    }
    return true;
  }

  HealedPicture finish ()
  {
    auto &picture = healed_.shown.picture;
    picture.scan_begin = header_.bytes.size ();
    picture.scan_end = block_.size ();
    block_.append (std::array<std::uint8_t, 2>{0xff, marker::eoi});
    picture.block = std::make_shared<const ByteBlock> (std::move (block_));
    healed_.shown.timestamp = timestamp_;
    return std::move (healed_);
  }

private:
  // The size of the whole picture; gray intervals may take more.
  std::size_t size_with (const std::vector<PlacedInterval> &placed) const
  {
    std::size_t size = header_.bytes.size () + std::size_t{count_} * 2;
    auto next = placed.begin ();
    for (std::uint32_t i = 0; i < count_; i++) {
      if (next != placed.end () && next->index == i) {
        size += next->end - next->begin;
        next++;
      } else if (previous_) {
        size += previous_->intervals[i].end - previous_->intervals[i].begin;
      }
    }
    return size;
  }

  PreviousIntervals previous_intervals () const
  {
    PreviousIntervals result;
    if (!previous_)
      return result;
    result.scan = previous_->picture.scan ();
    for (auto &interval : previous_->intervals)
      result.begins.push_back (interval.begin);
    result.begins.push_back (previous_->intervals.back ().end + 2);
    return result;
  }

  void put (std::uint32_t index, Bytes bytes, std::uint32_t arrived)
  {
    auto begin =
        static_cast<std::uint32_t> (block_.size () - header_.bytes.size ());
    block_.append (bytes);
    healed_.shown.intervals.push_back (
        {begin, begin + static_cast<std::uint32_t> (bytes.size ()), arrived});
    if (index + 1 < count_)
      block_.append (std::array<std::uint8_t, 2>{
          0xff, static_cast<std::uint8_t> (marker::rst0 + index % 8)});
  }

  void conceal (std::uint32_t index)
  {
    auto mcus = std::min<std::uint32_t> (interval_, mcus_ - index * interval_);
    healed_.concealed += mcus;
    if (previous_) {
      auto &interval = previous_->intervals[index];
      healed_.oldest_age =
          std::max (healed_.oldest_age, timestamp_ - interval.arrived);
      put (index,
          previous_->picture.scan ().subspan (
              interval.begin, interval.end - interval.begin),
          interval.arrived);
    } else {
      if (gray_.empty () || mcus != interval_)
        gray_ = gray_mcus (header_.jpeg, mcus);
      put (index, gray_, timestamp_);
    }
  }

  const std::uint32_t mcus_;
  const std::uint32_t interval_;
  const std::uint32_t count_;
  const PictureHeader &header_;
  const std::uint32_t timestamp_;
  ShownPicture *previous_ = nullptr;
  ByteBlock block_;
  std::vector<std::uint8_t> gray_;
  HealedPicture healed_;
};

} // namespace

std::optional<HealedPicture>
heal_intervals (
    ReceivedFrame &frame, const PictureHeader &header, ShownPicture *previous)
{
  frame.scan.sort ();
  IntervalWriter writer (frame, header, previous);
  if (!writer.write (frame.scan, frame.size))
    return std::nullopt;
  return writer.finish ();
}

} // namespace rfc2435
