// SPDX-License-Identifier: LGPL-2.1-or-later
//
// CPU time that udpsink and udpgsosink take for a frame of RTP packets, in
// alternating rounds, without what making the buffers takes.

#include "network_pair.h"

#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <arpa/inet.h>
#include <sys/resource.h>

namespace {

constexpr int packets = 120, packet_size = 1400, rtp_header_size = 20;
constexpr int rounds = 7, frames = 200;

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

GstBufferList *
make_frame (GstMemory *slab, Layout layout)
{
  auto list = gst_buffer_list_new_sized (packets);
  for (int i = 0; i < packets; i++) {
    auto buffer = gst_buffer_new ();
    auto share = [&] (int size) {
      gst_buffer_append_memory (
          buffer, gst_memory_share (slab, i * packet_size, size));
    };
    if (layout == Layout::header_apart) {
      gst_buffer_append_memory (
          buffer, gst_allocator_alloc (nullptr, rtp_header_size, nullptr));
      share (packet_size - rtp_header_size);
    } else {
      share (packet_size);
    }
    gst_buffer_list_add (list, buffer);
  }
  return list;
}

class Stream {
public:
  Stream (const char *name, const char *host, int port)
  {
    GstSegment segment;
    sink_ = gst_element_factory_make (name, nullptr);
    if (!sink_)
      return;
    g_object_set (sink_, "host", host, "port", port, "sync", FALSE, "async",
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
  void push (GstBufferList *list) { gst_pad_push_list (source_, list); }

private:
  GstElement *sink_ = nullptr;
  GstPad *source_ = nullptr;
};

template <typename F>
double
per_frame (F &&work)
{
  auto start = cpu_time_us ();
  for (int i = 0; i < frames; i++)
    work ();
  return (cpu_time_us () - start) / frames;
}

bool
compare (const char *title, const char *host, int port)
{
  auto slab = gst_allocator_alloc (nullptr, packets * packet_size, nullptr);

  for (auto layout : {Layout::one_block, Layout::header_apart}) {
    std::array<Stream, 2> streams{
        Stream ("udpsink", host, port), Stream ("udpgsosink", host, port)};
    std::array<std::vector<double>, 2> costs;
    if (!streams[0] || !streams[1])
      return false;

    for (int round = 0; round < rounds; round++) {
      auto making = per_frame (
          [&] { gst_buffer_list_unref (make_frame (slab, layout)); });
      for (std::size_t i = 0; i < 2; i++)
        costs[i].push_back (per_frame ([&] {
          streams[i].push (make_frame (slab, layout));
        }) - making);
    }
    for (auto &cost : costs)
      std::sort (cost.begin (), cost.end ());
    auto stock = costs[0][rounds / 2], ours = costs[1][rounds / 2];
    std::printf ("| %s, %s | %.0f | %.0f | %.2f |\n", title,
        layout == Layout::one_block ? "one block" : "header apart", stock, ours,
        ours / stock);
  }
  gst_memory_unref (slab);
  return true;
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

  std::printf ("CPU time of a frame of %d packets of %d bytes, us\n\n", packets,
      packet_size);
  std::printf ("| | udpsink | udpgsosink | ratio |\n|---|---|---|---|\n");
  int receiver = bind_socket ("127.0.0.1", port);
  if (!compare ("loopback, bound receiver", "127.0.0.1", port)) {
    std::printf ("SKIP: no udpsink or no udpgsosink here\n");
    return 77;
  }
  close (receiver);
  compare ("loopback, nobody listens", "127.0.0.1", port);

  if (!no_network.empty ()) {
    std::printf ("no figures for a veth pair: %s\n", no_network.c_str ());
    return 0;
  }
  {
    NetworkPair::InPeer peer;
    receiver = bind_socket ("10.9.0.2", port);
  }
  compare ("veth pair, bound receiver", "10.9.0.2", port);
  close (receiver);
  return 0;
}
