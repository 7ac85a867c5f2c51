// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Packets of any size, scattered in memory or not, through planner, batch and
// sender to a socket that splits runs as the kernel does and fails at random.
// The datagrams sent must equal the packets, in order; packets not sent must be
// counted.

#include "check.h"
#include "datagram_sender.h"
#include "fake_socket.h"

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

constexpr std::size_t max_total = 1 << 18;
constexpr std::size_t bytes_per_packet = 3;

constexpr int faults[] = {0, 0, EIO, EINVAL, EMSGSIZE, ENOPROTOOPT, EOPNOTSUPP,
    EAGAIN, EINTR, ECONNREFUSED, ENETUNREACH, ENOBUFS, EPERM, ENODEV, 0, 0};

// The input: a byte of options, the number of bytes of faults, these bytes, and
// then the packets.
struct Input {
  using Bytes = std::span<const std::uint8_t>;

  bool use_gso, waits;
  unsigned at_once;
  std::vector<std::uint8_t> script;
  Bytes packets;

  explicit Input (Bytes bytes)
      : use_gso (bytes[0] & 1), waits (bytes[0] & 2),
        at_once (bytes[0] & 4 ? 1024 : 1 + (bytes[0] >> 3))
  {
    auto count = std::min<std::size_t> (bytes[1], bytes.size () - 2);
    script.assign (bytes.begin () + 2,
        bytes.begin () + 2 + static_cast<std::ptrdiff_t> (count));
    packets = bytes.subspan (2 + count);
  }
};

void
check_runs (PacketBatch &batch)
{
  std::size_t packet = 0;

  for (auto &run : batch.runs ()) {
    CHECK (run.first == packet && run.count >= 1);
    CHECK (run.segment_size == batch.packet_size (run.first));
    std::size_t bytes = 0, pieces = 0;
    for (auto i = run.first; i < run.first + run.count; i++) {
      bytes += batch.packet_size (i);
      bool last = i + 1 == run.first + run.count;
      CHECK (last ? batch.packet_size (i) <= run.segment_size
                  : batch.packet_size (i) == run.segment_size);
    }
    for (auto &piece : batch.run_iovecs (run))
      pieces += piece.iov_len;
    CHECK (pieces == bytes);
    if (run.count > 1) {
      CHECK (run.count <= 64 && bytes <= 65535 - 48);
      CHECK (batch.run_iovecs (run).size () <= 1024);
      CHECK (batch.packet_size (run.first + run.count - 1) > 0);
    }
    packet += run.count;
  }
  CHECK (packet == batch.packet_count ());
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  if (n < 2)
    return 0;
  Input input ({data, n});

  // Sizes first: pieces must not move once they are in the batch.
  struct Packet {
    std::size_t size, pieces, gap;
  };
  std::vector<Packet> packets;
  std::size_t total = 0;
  for (auto p = input.packets; p.size () >= bytes_per_packet;
       p = p.subspan (bytes_per_packet)) {
    Packet packet{static_cast<std::size_t> (p[0] << 8 | p[1]),
        static_cast<std::size_t> (p[2] & 31),
        static_cast<std::size_t> (p[2] >> 5)};
    if (packet.pieces == 0)
      packet.size = 0;
    total += packet.size + (packet.pieces + 1) * packet.gap;
    if (total > max_total)
      break;
    packets.push_back (packet);
  }
  std::string memory (total + 1, '\0');
  for (std::size_t i = 0; i < total; i++)
    memory[i] = static_cast<char> (i * 2654435761u >> 13);

  PacketBatch batch;
  std::vector<std::string> expected;
  std::size_t at = 0;
  for (auto &packet : packets) {
    std::string bytes;
    for (std::size_t i = 0; i < packet.pieces; i++) {
      auto size = packet.size * (i + 1) / packet.pieces -
                  packet.size * i / packet.pieces;
      batch.add_piece (&memory[at], size);
      bytes.append (memory, at, size);
      at += size + packet.gap;
    }
    batch.end_packet ();
    expected.push_back (std::move (bytes));
  }
  batch.plan ();
  check_runs (batch);

  FakeSocket socket;
  std::size_t fault = 0;
  bool lossless = true;
  socket.at_once = input.at_once;
  socket.error = [&] (auto &message) {
    int error = fault < input.script.size ()
                    ? faults[input.script[fault++] % std::size (faults)]
                    : 0;
    GsoPolicy kernel;
    bool refusal = message.segment_size && kernel.refuse (error, 1, {});
    bool waits = error == EINTR || (error == EAGAIN && input.waits);
    if (error && !refusal && !waits)
      lossless = false;
    return error;
  };
  socket.room = [&] {
    return input.waits ? FakeSocket::Room::available : FakeSocket::Room::none;
  };

  // Several destinations with different addresses, the first one twice
  std::vector<SocketAddress> addresses (1 + input.script.size () % 3);
  std::vector<GsoPolicy> policies (addresses.size ());
  std::vector<SendTarget> targets;
  for (std::size_t i = 0; i < addresses.size (); i++) {
    auto &to = reinterpret_cast<sockaddr_in &> (addresses[i].storage);
    to.sin_family = AF_INET;
    to.sin_port = static_cast<in_port_t> (i);
    addresses[i].size = sizeof to;
    targets.push_back ({&addresses[i], &policies[i]});
  }
  targets.push_back (targets.front ());
  DatagramSender sender;
  auto outcome = sender.send (
      socket, targets, input.use_gso, batch, GsoPolicy::Clock::now ());

  CHECK (!socket.broken && !outcome.cancelled);
  CHECK (outcome.calls == socket.calls);
  std::size_t sent = 0, bytes = 0, datagram = 0, total_bytes = 0;
  for (auto &target : targets) {
    auto &counters = target.result.counters;
    CHECK (counters.packets_sent + counters.packets_failed == expected.size ());
    CHECK (input.use_gso || counters.gso_runs == 0);
    sent += counters.packets_sent;
    total_bytes += counters.bytes_sent;

    auto port = static_cast<std::size_t> (
        &target == &targets.back () ? 0 : &target - targets.data ());
    auto next = expected.begin ();
    for (auto end = datagram + counters.packets_sent; datagram < end;
         datagram++) {
      CHECK (socket.ports[datagram] == port);
      next = std::find (next, expected.end (), socket.datagrams[datagram]);
      CHECK (next != expected.end ());
      ++next;
      bytes += socket.datagrams[datagram].size ();
    }
    CHECK (!lossless || counters.packets_sent == expected.size ());
  }
  CHECK (sent == socket.datagrams.size ());
  CHECK (total_bytes == bytes);
  return 0;
}
