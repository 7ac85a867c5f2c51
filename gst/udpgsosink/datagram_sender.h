// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gso_policy.h"
#include "packet_batch.h"
#include "send_error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sys/socket.h>

namespace rfc2435 {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0; // 0: not known

  explicit operator bool () const { return size > 0; }
  int family () const { return storage.ss_family; }
};

// What the sender needs from a socket.
class DatagramSocket {
public:
  enum class Room {
    available,
    none, // the socket does not wait
    cancelled,
  };

  // Like sendmmsg(): returns the number of messages sent, or -1 with errno set.
  virtual int send (mmsghdr *messages, unsigned count) = 0;
  // Waits until send () may succeed, after EAGAIN.
  virtual Room wait_for_room () = 0;

protected:
  ~DatagramSocket () = default;
};

struct SendCounters {
  std::uint64_t packets_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t packets_failed = 0;
  std::uint64_t gso_runs = 0;    // sent with UDP_SEGMENT
  std::uint64_t gso_packets = 0; // in these runs

  SendCounters &operator+= (const SendCounters &other)
  {
    packets_sent += other.packets_sent;
    bytes_sent += other.bytes_sent;
    packets_failed += other.packets_failed;
    gso_runs += other.gso_runs;
    gso_packets += other.gso_packets;
    return *this;
  }
};

// Errors reported by the kernel, whether they cost packets or not.
class ErrorCounters {
public:
  std::uint64_t operator[] (SendError kind) const
  {
    return counts_[static_cast<std::size_t> (kind)];
  }
  void count (SendError kind) { counts_[static_cast<std::size_t> (kind)]++; }

  ErrorCounters &operator+= (const ErrorCounters &other)
  {
    for (std::size_t i = 0; i < counts_.size (); i++)
      counts_[i] += other.counts_[i];
    return *this;
  }

private:
  std::array<std::uint64_t, send_error_count> counts_{};
};

struct SendResult {
  SendCounters counters;
  ErrorCounters errors;         // none if last_error is 0
  int last_error = 0;           // errno of the last one counted
  std::size_t failed_size = 0;  // of a packet lost to it, or 0
  std::size_t refused_size = 0; // of segments refused for the first time, or 0
  bool gso_resumed = false;     // segments refused before were accepted
};

// A destination of a batch, and the result of sending it there.
struct SendTarget {
  const SocketAddress *address;
  GsoPolicy *policy;
  SendResult result{};
};

// Sends batches: runs with UDP_SEGMENT, everything else as datagrams, to all
// targets in one sendmmsg() unless an error occurs or a call would be too long.
// Keeps its memory between batches.
class DatagramSender {
public:
  struct Outcome {
    std::uint64_t calls = 0; // to the kernel
    bool cancelled = false;  // the rest is neither sent nor failed
  };

  // `use_gso` says whether the kernel supports UDP_SEGMENT: one that doesn't
  // ignores it, and would send a run as one datagram.
  Outcome send (DatagramSocket &socket, std::span<SendTarget> targets,
      bool use_gso, PacketBatch &batch, GsoPolicy::Clock::time_point now);

private:
  // How far sending has progressed, over all packets and all targets.
  struct Position {
    std::size_t target = 0;
    std::size_t run = 0;
    std::size_t packet = 0; // of the batch
  };
  struct Message {
    Position at;
    std::size_t packets;
    std::size_t bytes;
    std::size_t segment_size; // 0: without UDP_SEGMENT
  };
  struct alignas (cmsghdr) Control {
    std::array<std::byte, CMSG_SPACE (sizeof (std::uint16_t))> bytes;
  };
  struct Job;

  void prepare (const Job &job, Position &at);
  void add_message (const Job &job, Position &at);

  std::vector<Message> messages_;
  std::vector<mmsghdr> headers_;
  std::vector<Control> controls_;
};

} // namespace rfc2435
