// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gso_policy.h"
#include "packet_batch.h"
#include "send_error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/socket.h>

namespace rfc2435 {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0; // 0: not known

  explicit operator bool () const { return size > 0; }
  int family () const { return storage.ss_family; }
};

// What the sender needs of a socket.
class DatagramSocket {
public:
  enum class Room {
    available,
    none, // the socket does not wait
    cancelled,
  };

  // As sendmmsg(): the number of messages sent, or -1 and errno.
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
  std::uint64_t calls = 0;       // to the kernel
  std::uint64_t gso_runs = 0;    // sent with UDP_SEGMENT
  std::uint64_t gso_packets = 0; // in these runs
  // Errors the kernel gave, whether they cost packets or not.
  std::array<std::uint64_t, send_error_count> errors{};

  SendCounters &operator+= (const SendCounters &other);
};

struct SendResult {
  SendCounters counters;
  int last_error = 0;           // errno of the last one counted
  std::size_t failed_size = 0;  // of a packet that it cost, or 0
  std::size_t refused_size = 0; // segments that were refused, or 0
  bool cancelled = false;
};

// Sends batches: runs with UDP_SEGMENT, all else as datagrams, in one
// sendmmsg() as long as nothing goes wrong. Keeps its memory between batches.
class DatagramSender {
public:
  // `use_gso` is whether the socket knows UDP_SEGMENT; kernels that don't
  // ignore it and would send a run as one datagram.
  SendResult send (DatagramSocket &socket, const SocketAddress &address,
      bool use_gso, GsoPolicy &policy, PacketBatch &batch);

private:
  struct Message {
    std::size_t run;
    std::size_t first; // packet
    std::size_t count;
    std::size_t segment_size; // 0: without UDP_SEGMENT
  };
  struct alignas (cmsghdr) Control {
    std::array<std::byte, CMSG_SPACE (sizeof (std::uint16_t))> bytes;
  };

  void prepare (const SocketAddress &address, bool use_gso,
      const GsoPolicy &policy, PacketBatch &batch, std::size_t first_run);
  void add_message (const SocketAddress &address, std::span<iovec> iovecs,
      const Message &message);

  std::vector<Message> messages_;
  std::vector<mmsghdr> headers_;
  std::vector<Control> controls_;
};

} // namespace rfc2435
