// SPDX-License-Identifier: LGPL-2.1-or-later
#include "datagram_sender.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>

namespace rfc2435 {

SendCounters &
SendCounters::operator+= (const SendCounters &other)
{
  packets_sent += other.packets_sent;
  bytes_sent += other.bytes_sent;
  packets_failed += other.packets_failed;
  calls += other.calls;
  gso_runs += other.gso_runs;
  gso_packets += other.gso_packets;
  for (std::size_t i = 0; i < errors.size (); i++)
    errors[i] += other.errors[i];
  return *this;
}

// An ICMP message about an earlier packet, maybe one to another destination,
// makes the next send fail, which is not tried at all then.
static bool
may_be_of_earlier_packet (int error)
{
  auto kind = send_error (error);
  return kind == SendError::refused || kind == SendError::unreachable;
}

void
DatagramSender::add_message (const SocketAddress &address,
    std::span<iovec> iovecs, const Message &message)
{
  mmsghdr header{};
  auto &msg = header.msg_hdr;

  // sendmsg() only reads the address.
  msg.msg_name = const_cast<sockaddr_storage *> (&address.storage);
  msg.msg_namelen = address.size;
  msg.msg_iov = iovecs.data ();
  msg.msg_iovlen = iovecs.size ();

  if (message.segment_size > 0) {
    auto &control = controls_.emplace_back ();
    auto size = static_cast<std::uint16_t> (message.segment_size);
    msg.msg_control = control.bytes.data ();
    msg.msg_controllen = control.bytes.size ();
    auto cmsg = CMSG_FIRSTHDR (&msg);
    cmsg->cmsg_level = SOL_UDP;
    cmsg->cmsg_type = UDP_SEGMENT;
    cmsg->cmsg_len = CMSG_LEN (sizeof size);
    std::memcpy (CMSG_DATA (cmsg), &size, sizeof size);
  }
  headers_.push_back (header);
  messages_.push_back (message);
}

void
DatagramSender::prepare (const SocketAddress &address, bool use_gso,
    const GsoPolicy &policy, PacketBatch &batch, std::size_t first_run)
{
  auto runs = batch.runs ();

  messages_.clear ();
  headers_.clear ();
  controls_.clear ();
  // The headers point to them, so they must not move.
  controls_.reserve (runs.size ());

  for (auto i = first_run; i < runs.size (); i++) {
    auto &run = runs[i];
    if (use_gso && run.count > 1 && policy.allows (run.segment_size)) {
      add_message (address, batch.run_iovecs (run),
          {i, run.first, run.count, run.segment_size});
      continue;
    }
    for (auto packet = run.first; packet < run.first + run.count; packet++)
      add_message (address, batch.packet_iovecs (packet), {i, packet, 1, 0});
  }
}

SendResult
DatagramSender::send (DatagramSocket &socket, const SocketAddress &address,
    bool use_gso, GsoPolicy &policy, PacketBatch &batch)
{
  SendResult result;
  auto &counters = result.counters;
  std::size_t next = 0;
  bool second_try = false;

  auto count_error = [&] (int error) {
    result.last_error = error;
    counters.errors[static_cast<std::size_t> (send_error (error))]++;
  };

  prepare (address, use_gso, policy, batch, 0);
  while (next < messages_.size ()) {
    auto count =
        std::min (messages_.size () - next, SegmentationPlanner::max_pieces);
    int sent = socket.send (&headers_[next], static_cast<unsigned> (count));
    counters.calls++;

    if (sent > 0) {
      for (auto end = next + static_cast<std::size_t> (sent); next < end;
           next++) {
        auto &message = messages_[next];
        counters.packets_sent += message.count;
        for (std::size_t i = 0; i < message.count; i++)
          counters.bytes_sent += batch.packet_size (message.first + i);
        if (message.segment_size > 0) {
          counters.gso_runs++;
          counters.gso_packets += message.count;
        }
      }
      second_try = false;
      continue;
    }

    int error = errno;
    auto &message = messages_[next];

    if (error == EINTR)
      continue;
    if (error == EAGAIN) {
      auto room = socket.wait_for_room ();
      if (room == DatagramSocket::Room::available)
        continue;
      if (room == DatagramSocket::Room::cancelled) {
        result.cancelled = true;
        return result;
      }
    }
    if (message.segment_size > 0 &&
        policy.refuse (error, message.segment_size)) {
      result.refused_size = message.segment_size;
      prepare (address, use_gso, policy, batch, message.run);
      next = 0;
      continue;
    }

    if (!second_try)
      count_error (error);
    if (may_be_of_earlier_packet (error) && !second_try) {
      second_try = true;
      continue;
    }
    result.failed_size = batch.packet_size (message.first);
    counters.packets_failed += message.count;
    second_try = false;
    next++;
  }
  return result;
}

} // namespace rfc2435
