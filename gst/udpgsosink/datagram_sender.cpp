// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "datagram_sender.h"

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>

namespace rfc2435 {

constexpr std::size_t max_messages = 1024; // UIO_MAXIOV

// An ICMP message about an earlier packet, possibly to another destination,
// makes the next send fail without being tried.
static bool
may_be_of_earlier_packet (int error)
{
  auto kind = send_error (error);
  return kind == SendError::refused || kind == SendError::unreachable;
}

struct DatagramSender::Job {
  std::span<SendTarget> targets;
  PacketBatch &batch;
  bool use_gso;
  GsoPolicy::Clock::time_point now;
};

// Adds the message at `at`, and moves `at` past it.
void
DatagramSender::add_message (const Job &job, Position &at)
{
  auto &[targets, batch, use_gso, now] = job;
  auto &target = targets[at.target];
  auto &run = batch.runs ()[at.run];
  auto &header = headers_.emplace_back ();
  auto &msg = header.msg_hdr;

  // sendmsg() only reads the address.
  msg.msg_name = const_cast<sockaddr_storage *> (&target.address->storage);
  msg.msg_namelen = target.address->size;

  // If its first packet was sent alone, the run was refused.
  std::span<iovec> iovecs;
  if (use_gso && run.count > 1 && at.packet == run.first &&
      target.policy->allows (run.segment_size, now)) {
    auto &control = controls_.emplace_back ();
    auto size = static_cast<std::uint16_t> (run.segment_size);
    msg.msg_control = control.bytes.data ();
    msg.msg_controllen = control.bytes.size ();
    auto cmsg = CMSG_FIRSTHDR (&msg);
    cmsg->cmsg_level = SOL_UDP;
    cmsg->cmsg_type = UDP_SEGMENT;
    cmsg->cmsg_len = CMSG_LEN (sizeof size);
    std::memcpy (CMSG_DATA (cmsg), &size, sizeof size);

    iovecs = batch.run_iovecs (run);
    messages_.push_back ({at, run.count, run.bytes, run.segment_size});
  } else {
    iovecs = batch.packet_iovecs (at.packet);
    messages_.push_back ({at, 1, batch.packet_size (at.packet), 0});
  }
  msg.msg_iov = iovecs.data ();
  msg.msg_iovlen = iovecs.size ();

  at.packet += messages_.back ().packets;
  if (at.packet < run.first + run.count)
    return;
  if (++at.run == batch.runs ().size ())
    at = {.target = at.target + 1};
}

void
DatagramSender::prepare (const Job &job, Position &at)
{
  messages_.clear ();
  headers_.clear ();
  controls_.clear ();
  // The headers point to them, so they must not move.
  controls_.reserve (max_messages);

  while (at.target < job.targets.size () && messages_.size () < max_messages)
    add_message (job, at);
}

DatagramSender::Outcome
DatagramSender::send (DatagramSocket &socket, std::span<SendTarget> targets,
    bool use_gso, PacketBatch &batch, GsoPolicy::Clock::time_point now)
{
  Outcome outcome;
  Job job{targets, batch, use_gso, now};
  Position at; // after the messages prepared so far
  std::size_t next = 0;
  bool second_try = false;

  if (batch.packet_count () == 0)
    return outcome;
  messages_.clear ();
  for (;;) {
    if (next == messages_.size ()) {
      if (at.target == targets.size ())
        return outcome;
      prepare (job, at);
      next = 0;
    }
    int sent = socket.send (
        &headers_[next], static_cast<unsigned> (messages_.size () - next));
    outcome.calls++;

    if (sent > 0) {
      for (auto end = next + static_cast<std::size_t> (sent); next < end;
           next++) {
        auto &message = messages_[next];
        auto &target = targets[message.at.target];
        auto &counters = target.result.counters;
        counters.packets_sent += message.packets;
        counters.bytes_sent += message.bytes;
        if (message.segment_size > 0) {
          counters.gso_runs++;
          counters.gso_packets += message.packets;
          target.result.gso_resumed |=
              target.policy->accept (message.segment_size);
        }
      }
      second_try = false;
      continue;
    }

    int error = errno;
    auto &message = messages_[next];
    auto &target = targets[message.at.target];
    auto &[counters, errors, last_error, failed_size, refused_size,
        gso_resumed] = target.result;

    if (error == EINTR)
      continue;
    if (error == EAGAIN) {
      auto room = socket.wait_for_room ();
      if (room == DatagramSocket::Room::available)
        continue;
      if (room == DatagramSocket::Room::cancelled) {
        outcome.cancelled = true;
        return outcome;
      }
    }
    bool known = target.policy->refusal ();
    if (message.segment_size > 0 &&
        target.policy->refuse (error, message.segment_size, now)) {
      if (!known)
        refused_size = message.segment_size;
      at = message.at;
      prepare (job, at);
      next = 0;
      continue;
    }

    if (!second_try) {
      last_error = error;
      errors.count (send_error (error));
    }
    if (may_be_of_earlier_packet (error) && !second_try) {
      second_try = true;
      continue;
    }
    failed_size = batch.packet_size (message.at.packet);
    counters.packets_failed += message.packets;
    second_try = false;
    next++;
  }
}

} // namespace rfc2435
