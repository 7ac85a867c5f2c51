// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// CPU time that udpsink and udpgsosink take for a frame of RTP packets, and
// multiudpsink and udpgsosink for several clients, in alternating rounds,
// without the time to make the buffers.
//
// With the arguments ELEMENT CLIENTS PACKETS FRAMES, it only sends this many
// lists, for valgrind --tool=callgrind and strace -c; 0 packets means a buffer
// without a list.

#include "network_pair.h"

#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <sys/resource.h>

namespace {

constexpr int packet_size = 1400, rtp_header_size = 20;
constexpr int rounds = 7;
constexpr int client_counts[] = {1, 10, 200};
constexpr int list_sizes[] = {0, 10, 120}; // 0: a buffer

enum class Layout { one_block, header_apart };

double
cpu_time_us ()
{
  rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  auto us = [] (const timeval &t) {
    return t.tv_sec * 1e6 + t.tv_usec;
  };
  return us (usage.ru_utime) + us (usage.ru_stime);
}

GstMemory *
make_slab (int packets)
{
  return gst_allocator_alloc (nullptr, packets * packet_size, nullptr);
}

GstBuffer *
make_packet (GstMemory *slab, int index, Layout layout)
{
  auto buffer = gst_buffer_new ();
  auto share = [&] (int size) {
    gst_buffer_append_memory (
        buffer, gst_memory_share (slab, index * packet_size, size));
  };
  if (layout == Layout::header_apart) {
    gst_buffer_append_memory (
        buffer, gst_allocator_alloc (nullptr, rtp_header_size, nullptr));
    share (packet_size - rtp_header_size);
  } else {
    share (packet_size);
  }
  return buffer;
}

GstBufferList *
make_list (GstMemory *slab, int packets, Layout layout)
{
  auto list = gst_buffer_list_new_sized (packets);
  for (int i = 0; i < packets; i++)
    gst_buffer_list_add (list, make_packet (slab, i, layout));
  return list;
}

class Stream {
public:
  Stream (const char *name, const std::string &clients)
  {
    GstSegment segment;
    sink_ = gst_element_factory_make (name, nullptr);
    if (!sink_)
      return;
    g_object_set (sink_, "clients", clients.c_str (), "sync", FALSE, "async",
        FALSE, nullptr);
    source_ = gst_pad_new ("src", GST_PAD_SRC);
    auto pad = gst_element_get_static_pad (sink_, "sink");
    gst_pad_link (source_, pad);
    gst_object_unref (pad);
    gst_pad_set_active (source_, TRUE);
    gst_element_set_state (sink_, GST_STATE_PLAYING);
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (source_, gst_event_new_stream_start ("bench"));
    gst_pad_push_event (source_, gst_event_new_segment (&segment));
  }
  ~Stream ()
  {
    if (!sink_)
      return;
    gst_element_set_state (sink_, GST_STATE_NULL);
    gst_object_unref (source_);
    gst_object_unref (sink_);
  }
  Stream (const Stream &) = delete;
  Stream &operator= (const Stream &) = delete;

  explicit operator bool () const { return sink_; }
  // A list of packets, or a single one if there are to be none.
  void push (GstMemory *slab, int packets, Layout layout)
  {
    if (packets == 0)
      gst_pad_push (source_, make_packet (slab, 0, layout));
    else
      gst_pad_push_list (source_, make_list (slab, packets, layout));
  }

private:
  GstElement *sink_ = nullptr;
  GstPad *source_ = nullptr;
};

struct Costs {
  double stock, ours; // µs per frame; 0: no such element
};

Costs
measure (const char *stock, const std::string &clients, int packets,
    Layout layout, int frames)
{
  auto slab = make_slab (std::max (packets, 1));
  std::array<Stream, 2> streams{
      Stream (stock, clients), Stream ("udpgsosink", clients)};
  std::array<std::vector<double>, 2> costs;

  if (!streams[0] || !streams[1])
    return {};
  auto per_frame = [frames] (auto &&work) {
    auto start = cpu_time_us ();
    for (int i = 0; i < frames; i++)
      work ();
    return (cpu_time_us () - start) / frames;
  };
  for (int round = 0; round < rounds; round++) {
    auto making = per_frame ([&] {
      if (packets == 0)
        gst_buffer_unref (make_packet (slab, 0, layout));
      else
        gst_buffer_list_unref (make_list (slab, packets, layout));
    });
    for (std::size_t i = 0; i < 2; i++)
      costs[i].push_back (per_frame ([&] {
        streams[i].push (slab, packets, layout);
      }) - making);
  }
  gst_memory_unref (slab);
  for (auto &cost : costs)
    std::sort (cost.begin (), cost.end ());
  return {costs[0][rounds / 2], costs[1][rounds / 2]};
}

bool
compare_layouts (const char *title, const std::string &client)
{
  for (auto layout : {Layout::one_block, Layout::header_apart}) {
    auto [stock, ours] = measure ("udpsink", client, 120, layout, 200);
    if (stock == 0)
      return false;
    std::printf ("| %s, %s | %.0f | %.0f | %.2f |\n", title,
        layout == Layout::one_block ? "one block" : "header apart", stock, ours,
        ours / stock);
  }
  return true;
}

// Addresses of this host, and one port.
std::string
local_clients (int count, int port)
{
  std::string clients;
  for (int i = 1; i <= count; i++)
    clients += (i > 1 ? "," : "") + ("127.0.9." + std::to_string (i)) + ":" +
               std::to_string (port);
  return clients;
}

void
compare_clients (int port)
{
  for (auto packets : list_sizes) {
    for (auto count : client_counts) {
      auto frames =
          std::clamp (40000 / (count * std::max (packets, 1)), 5, 2000);
      auto [stock, ours] = measure ("multiudpsink", local_clients (count, port),
          packets, Layout::one_block, frames);
      std::printf ("| %s, %d client%s | %.1f | %.1f | %.2f |\n",
          packets == 0 ? "single packet"
                       : ("list of " + std::to_string (packets)).c_str (),
          count, count == 1 ? "" : "s", stock, ours, ours / stock);
    }
  }
}

// A socket that nobody reads from; -1 if there is no such address.
int
bind_socket (const char *address, int &port)
{
  sockaddr_in to{};
  socklen_t size = sizeof to;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  to.sin_family = AF_INET;
  inet_pton (AF_INET, address, &to.sin_addr);
  if (bind (fd, reinterpret_cast<sockaddr *> (&to), size) < 0)
    return -1;
  getsockname (fd, reinterpret_cast<sockaddr *> (&to), &size);
  port = ntohs (to.sin_port);
  return fd;
}

} // namespace

int
main (int argc, char **argv)
{
  auto no_network = NetworkPair::enter ();
  gst_init (&argc, &argv);
  int port;
  int receiver = bind_socket ("0.0.0.0", port);
  auto client = [&port] (const char *host) {
    return host + (":" + std::to_string (port));
  };

  if (argc == 5) {
    auto packets = std::atoi (argv[3]);
    Stream stream (argv[1], local_clients (std::atoi (argv[2]), port));
    auto slab = make_slab (std::max (packets, 1));
    if (!stream)
      return 77;
    for (int i = std::atoi (argv[4]); i > 0; i--)
      stream.push (slab, packets, Layout::one_block);
    gst_memory_unref (slab);
    return 0;
  }

  std::printf (
      "CPU time of a frame of 120 packets of %d bytes, us\n\n", packet_size);
  std::printf ("| | udpsink | udpgsosink | ratio |\n|---|---|---|---|\n");
  if (!compare_layouts ("loopback, bound receiver", client ("127.0.0.1"))) {
    std::printf ("SKIP: no udpsink or no udpgsosink here\n");
    return 77;
  }
  close (receiver);
  compare_layouts ("loopback, nobody listens", client ("127.0.0.1"));

  if (no_network.empty ()) {
    {
      NetworkPair::InPeer peer;
      receiver = bind_socket ("10.9.0.2", port);
    }
    compare_layouts ("veth pair, bound receiver", client ("10.9.0.2"));
    close (receiver);
  } else {
    std::printf ("no figures for a veth pair: %s\n", no_network.c_str ());
  }

  std::printf ("\nCPU time of packets of %d bytes to clients on loopback, "
               "us\n\n| | multiudpsink | udpgsosink | ratio |\n"
               "|---|---|---|---|\n",
      packet_size);
  receiver = bind_socket ("0.0.0.0", port);
  compare_clients (port);
  close (receiver);
  return 0;
}
