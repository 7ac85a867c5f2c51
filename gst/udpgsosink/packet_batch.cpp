// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "packet_batch.h"

namespace rfc2435 {

static void
append_merged (
    std::vector<iovec> &iovecs, std::size_t first, const iovec &piece)
{
  if (iovecs.size () > first) {
    auto &last = iovecs.back ();
    if (static_cast<char *> (last.iov_base) + last.iov_len == piece.iov_base) {
      last.iov_len += piece.iov_len;
      return;
    }
  }
  iovecs.push_back (piece);
}

void
PacketBatch::clear ()
{
  packets_.clear ();
  first_pieces_.clear ();
  pieces_.clear ();
  runs_.clear ();
  run_iovecs_.clear ();
  current_ = {};
  byte_count_ = 0;
}

void
PacketBatch::add_piece (const void *data, std::size_t size)
{
  // sendmsg() takes void *, but only reads.
  pieces_.push_back ({const_cast<void *> (data), size});
  current_.size += size;
  current_.pieces++;
}

void
PacketBatch::end_packet ()
{
  first_pieces_.push_back (pieces_.size () - current_.pieces);
  packets_.push_back (current_);
  byte_count_ += current_.size;
  current_ = {};
}

void
PacketBatch::plan ()
{
  SegmentationPlanner planner (packets_);
  PlannedRun run;

  while (planner.next (run)) {
    run.first_iovec = run_iovecs_.size ();
    run.bytes = 0;
    for (auto i = run.first; i < run.first + run.count; i++) {
      run.bytes += packets_[i].size;
      for (auto &piece : packet_iovecs (i))
        append_merged (run_iovecs_, run.first_iovec, piece);
    }
    run.iovec_count = run_iovecs_.size () - run.first_iovec;
    runs_.push_back (run);
  }
}

std::span<iovec>
PacketBatch::packet_iovecs (std::size_t packet)
{
  return {pieces_.data () + first_pieces_[packet], packets_[packet].pieces};
}

std::span<iovec>
PacketBatch::run_iovecs (const PlannedRun &run)
{
  return {run_iovecs_.data () + run.first_iovec, run.iovec_count};
}

} // namespace rfc2435
