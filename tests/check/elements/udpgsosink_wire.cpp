// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// udpgsosink puts the same packets on the wire as udpsink: they are compared
// one by one at both ends of a cable.

// Included before gstcheck.h, whose macro fail() would break it
#include <algorithm>
#include <memory>

#include "kernel_gaps.h"
#include "leaks.h"
#include "network_main.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gio/gio.h>

#include <cstdint>
#include <cstring>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
// Precedes a packet with PACKET_VNET_HDR. <linux/virtio_net.h> is not valid
// C++.
struct OffloadHeader {
  std::uint8_t flags, gso_type;
  std::uint16_t header_size, gso_size, checksum_start, checksum_offset;
};
constexpr std::uint8_t gso_udp = 5; // VIRTIO_NET_HDR_GSO_UDP_L4

// ---- Capturing --------------------------------------------------------------

// The IP packets with UDP that pass a device in both directions. Runs that the
// device has not split yet are split here.
class Capture {
public:
  // To be called in the namespace of the device.
  explicit Capture (const char *device)
  {
    fd_ = socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons (ETH_P_ALL));
    int on = 1, buffer = 32 << 20;
    setsockopt (fd_, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on);
    setsockopt (fd_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons (ETH_P_ALL);
    address.sll_ifindex = static_cast<int> (if_nametoindex (device));
    fail_unless (bind (fd_, reinterpret_cast<sockaddr *> (&address),
                     sizeof address) == 0);
  }
  ~Capture () { close (fd_); }
  Capture (const Capture &) = delete;
  Capture &operator= (const Capture &) = delete;

  // Without fields that count up from packet to packet. Checksums are left out
  // if the device is to fill them in.
  Datagrams packets (bool with_checksums)
  {
    Datagrams packets;
    pollfd poller{fd_, POLLIN, 0};

    while (poll (&poller, 1, 20) > 0) {
      std::string bytes (70000, '\0');
      auto size = recv (fd_, bytes.data (), bytes.size (), 0);
      fail_unless (size > 0, "recv: %s", g_strerror (errno));
      bytes.resize (static_cast<std::size_t> (size));
      OffloadHeader offload;
      std::memcpy (&offload, bytes.data (), sizeof offload);
      bytes.erase (0, sizeof offload + ETH_HLEN);
      if (protocol (bytes) != IPPROTO_UDP)
        continue;
      auto segment_size =
          offload.gso_type == gso_udp ? offload.gso_size : bytes.size ();
      uncut |= offload.gso_type == gso_udp;
      for (auto &packet : cut (bytes, segment_size))
        packets.push_back (comparable (std::move (packet), with_checksums));
    }
    return packets;
  }

  bool uncut = false; // there were runs

private:
  static bool is_ipv6 (const std::string &bytes)
  {
    return (static_cast<unsigned char> (bytes[0]) >> 4) == 6;
  }
  static bool is_fragment (const std::string &bytes)
  {
    if (is_ipv6 (bytes))
      return bytes[6] == IPPROTO_FRAGMENT;
    return (bytes[6] & 0x3f) != 0 || bytes[7] != 0;
  }
  static bool is_first (const std::string &bytes)
  {
    if (!is_fragment (bytes))
      return true;
    if (is_ipv6 (bytes))
      return bytes[42] == 0 && (bytes[43] & ~7) == 0;
    return (bytes[6] & 0x1f) == 0 && bytes[7] == 0;
  }
  static int protocol (const std::string &bytes)
  {
    if (bytes.size () < 28)
      return -1;
    switch (static_cast<unsigned char> (bytes[0])) {
    case 0x45:
      return bytes[9];
    case 0x60 ... 0x6f:
      return bytes[6] == IPPROTO_FRAGMENT ? bytes[40] : bytes[6];
    default:
      return -1;
    }
  }
  static std::size_t udp_offset (const std::string &bytes)
  {
    return !is_ipv6 (bytes) ? 20 : is_fragment (bytes) ? 48 : 40;
  }
  static void put (std::string &bytes, std::size_t at, std::size_t value)
  {
    bytes[at] = static_cast<char> (value >> 8);
    bytes[at + 1] = static_cast<char> (value);
  }

  // As defined by RFC 768: every datagram has its own header.
  static Datagrams cut (const std::string &bytes, std::size_t segment_size)
  {
    auto headers = udp_offset (bytes) + 8;
    Datagrams packets;
    if (bytes.size () <= headers + segment_size)
      return {bytes};
    for (auto at = headers; at < bytes.size (); at += segment_size) {
      auto payload = bytes.substr (at, segment_size);
      auto packet = bytes.substr (0, headers) + payload;
      put (packet, headers - 4, payload.size () + 8);
      if (is_ipv6 (bytes))
        put (packet, 4, payload.size () + 8);
      else
        put (packet, 2, packet.size ());
      packets.push_back (std::move (packet));
    }
    return packets;
  }

  static std::string comparable (std::string bytes, bool with_checksums)
  {
    if (is_ipv6 (bytes)) {
      if (is_fragment (bytes)) // its identification
        std::fill_n (&bytes[44], 4, '\0');
    } else {
      // Identification, which has no meaning without fragmentation (RFC 6864),
      // and the header checksum, which includes it
      put (bytes, 4, 0);
      put (bytes, 10, 0);
    }
    if (!with_checksums && is_first (bytes))
      put (bytes, udp_offset (bytes) + 6, 0);
    return bytes;
  }

  int fd_;
};

// ---- Comparing --------------------------------------------------------------

// How packets are sent: by IPv4, by IPv6, or to IPv4 from an IPv6 socket.
struct Way {
  const char *name, *host, *beyond, *settings;
};
static const Way ways[] = {
    {"IPv4", "10.9.0.2", "10.8.0.2", ""},
    {"IPv6", "fd09::2", "fd08::2", ""},
    {"IPv4 by an IPv6 socket", "10.9.0.2", "10.8.0.2", " bind-address=::"},
};
static const unsigned mtus[] = {1280, 1500, 9000};
static const NetworkPair::Offload offloads[] = {
    {true, true}, {true, false}, {false, false}};
static const char *const qdiscs[] = {
    "fq", "netem delay 2ms", "netem limit 9999", "fq_codel"};

static Datagrams
frame (std::size_t size)
{
  std::vector<std::size_t> sizes (60, size);
  sizes.back () = size / 2;
  return make_datagrams (sizes);
}

// Frames that fit the path's MTU, and datagrams that don't.
static Datagrams
stream_for (std::size_t mtu)
{
  auto datagrams = frame (mtu - 48);
  for (auto &more : {Datagrams{"short"}, make_datagrams ({2 * mtu}),
           Datagrams{"after that"}, frame (500),
           make_datagrams ({mtu - 28, mtu - 27, 700, 700, 3 * mtu, 700, 700})})
    datagrams.insert (datagrams.end (), more.begin (), more.end ());
  return datagrams;
}

static void
run (const std::string &command)
{
  fail_unless (NetworkPair::run (command), "%s", command.c_str ());
}

static void
plug ()
{
  fail_unless (NetworkPair::plug ());
}

static bool
have_udpsink ()
{
  if (gst_registry_check_feature_version (
          gst_registry_get (), "udpsink", 1, 0, 0))
    return true;
  g_print ("SKIP: no udpsink to compare with\n");
  return false;
}

static int
unused_port ()
{
  UdpReceiver unused ("10.9.0.1");
  return unused.port ();
}

struct Wire {
  Datagrams near, far; // packets at the ends of the cable
};

// Pushes the datagrams into a sink, and returns what passed both ends.
static Wire
capture (SinkHarness &h, UdpReceiver &receiver, const Datagrams &datagrams,
    bool with_checksums)
{
  Capture near ("near");
  std::unique_ptr<Capture> far;
  {
    NetworkPair::InPeer peer;
    far = std::make_unique<Capture> ("far");
  }
  fail_unless_equals_int (h.push_list (datagrams, 2), GST_FLOW_OK);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  return {near.packets (with_checksums), far->packets (with_checksums)};
}

static void
assert_same (const Datagrams &ours, const Datagrams &theirs, const char *where)
{
  for (std::size_t i = 0; i < std::min (ours.size (), theirs.size ()); i++) {
    if (ours[i] == theirs[i])
      continue;
    auto differ = std::mismatch (
        ours[i].begin (), ours[i].end (), theirs[i].begin (), theirs[i].end ());
    fail ("%s: packet %d of %d and %d bytes differs at byte %d", where,
        static_cast<int> (i), static_cast<int> (ours[i].size ()),
        static_cast<int> (theirs[i].size ()),
        static_cast<int> (differ.first - ours[i].begin ()));
  }
  fail_unless (ours.size () == theirs.size (), "%s: %d packets, udpsink %d",
      where, static_cast<int> (ours.size ()),
      static_cast<int> (theirs.size ()));
}

static void
assert_reachable (SinkHarness &h, UdpReceiver &receiver)
{
  // Packets can be delayed and lost until the neighbour answers.
  for (int i = 0; i < 100 && receiver.drain ().empty (); i++)
    h.push ("are you there?");
}

static std::string
settings_for (const char *host, const UdpReceiver &receiver, const Way &way)
{
  return std::string (" host=") + host +
         " port=" + std::to_string (receiver.port ()) +
         " bind-port=" + std::to_string (unused_port ()) + way.settings +
         " ttl=9 qos-dscp=34";
}

static void
compare (const Way &way, unsigned mtu, NetworkPair::Offload offload)
{
  std::unique_ptr<UdpReceiver> receiver;
  {
    NetworkPair::InPeer peer;
    receiver = std::make_unique<UdpReceiver> (way.host);
  }
  auto settings = settings_for (way.host, *receiver, way);
  auto datagrams = stream_for (mtu);
  bool with_checksums = !offload.checksums;
  Wire ours, theirs;

  {
    SinkHarness h ("udpgsosink" + settings);
    h.start ();
    assert_reachable (h, *receiver);
    ours = capture (h, *receiver, datagrams, with_checksums);
    fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
    // The frames
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 2 * 60);
    // Again, now that the sink knows what is too large
    auto again = capture (h, *receiver, datagrams, with_checksums);
    assert_same (again.near, ours.near, "second time");
    assert_same (again.far, ours.far, "second time");
  }
  {
    SinkHarness h ("udpsink" + settings);
    h.start ();
    assert_reachable (h, *receiver);
    theirs = capture (h, *receiver, datagrams, with_checksums);
  }
  assert_same (ours.near, theirs.near, "near");
  assert_same (ours.far, theirs.far, "far");
}

GST_START_TEST (test_cable)
{
  auto &way = ways[__i__ / 9];
  auto mtu = mtus[__i__ / 3 % 3];
  auto offload = offloads[__i__ % 3];

  if (!have_udpsink ())
    return;
  run ("ip link set near mtu " + std::to_string (mtu));
  NetworkPair::InPeer ().run ("ip link set far mtu " + std::to_string (mtu));
  fail_unless (NetworkPair::set_offload ("near", offload));
  compare (way, mtu, offload);
}
GST_END_TEST;

GST_START_TEST (test_qdisc)
{
  auto qdisc = qdiscs[__i__];

  if (!have_udpsink ())
    return;
  for (auto &offload : {offloads[0], offloads[2]}) {
    plug ();
    if (!NetworkPair::run (
            std::string ("tc qdisc add dev near root ") + qdisc)) {
      g_print ("SKIP: no qdisc %s here\n", qdisc);
      return;
    }
    fail_unless (NetworkPair::set_offload ("near", offload));
    for (auto &way : ways)
      compare (way, 1500, offload);
  }
}
GST_END_TEST;

// A router reports packets too large for the network behind it. Those sent
// before that are lost, with either sink; later ones are sent in fragments.
GST_START_TEST (test_router)
{
  auto &way = ways[__i__];
  std::unique_ptr<UdpReceiver> receiver;
  Wire wires[2];
  constexpr unsigned mtu = 1300;
  std::string settings;

  if (!have_udpsink ())
    return;
  // Sent as if the path had the MTU of the cable
  auto datagrams = stream_for (mtu);
  auto larger = frame (1400);
  datagrams.insert (datagrams.end (), larger.begin (), larger.end ());
  for (int i = 0; i < 2; i++) {
    plug ();
    fail_unless (NetworkPair::route (mtu));
    if (!receiver) {
      {
        NetworkPair::BehindRouter there;
        receiver = std::make_unique<UdpReceiver> (way.beyond);
      }
      settings = settings_for (way.beyond, *receiver, way);
    }
    SinkHarness h ((i ? "udpsink" : "udpgsosink") + settings);
    h.start ();
    assert_reachable (h, *receiver);
    Datagrams received;
    for (int tries = 0; tries < 10 && received != larger; tries++) {
      fail_unless_equals_int (h.push_list (larger), GST_FLOW_OK);
      received = receiver->drain ();
    }
    fail_unless (received == larger);
    wires[i] = capture (h, *receiver, datagrams, false);
  }
  assert_same (wires[0].near, wires[1].near, "near");
  assert_same (wires[0].far, wires[1].far, "far");
}
GST_END_TEST;

// Two sinks share a socket: each sends as if alone.
GST_START_TEST (test_shared_socket)
{
  std::unique_ptr<UdpReceiver> receiver;
  {
    NetworkPair::InPeer peer;
    receiver = std::make_unique<UdpReceiver> ("10.9.0.2");
  }
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr);
  auto description = "udpgsosink host=10.9.0.2 close-socket=false port=" +
                     std::to_string (receiver->port ());
  SinkHarness one (description), two (description);
  auto datagrams = stream_for (1500);

  for (auto h : {&one, &two}) {
    g_object_set (h->sink, "socket", socket, nullptr);
    h->start ();
  }
  assert_reachable (one, *receiver);
  auto wire = capture (one, *receiver, datagrams, false);
  // Whole datagrams have Don't Fragment, fragments don't: also after one
  // another.
  for (auto &packet : wire.far) {
    bool fragment = (packet[6] & 0x3f) != 0 || packet[7] != 0;
    fail_unless_equals_int (packet[6] & 0x40, fragment ? 0 : 0x40);
  }
  assert_same (capture (two, *receiver, datagrams, false).far, wire.far,
      "the second sink");
  one.stop ();
  assert_same (capture (two, *receiver, datagrams, false).far, wire.far,
      "the second sink, without the first");
}
GST_END_TEST;

static Suite *
udpgsosink_wire_suite ()
{
  auto suite = suite_create ("udpgsosink_wire");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, plug, test::assert_no_leak);
  tcase_add_loop_test (tc, test_cable, 0, 27);
  tcase_add_loop_test (tc, test_qdisc, 0, G_N_ELEMENTS (qdiscs));
  tcase_add_loop_test (tc, test_router, 0, G_N_ELEMENTS (ways));
  tcase_add_test (tc, test_shared_socket);

  return suite;
}

int
main (int argc, char **argv)
{
  if (!kernel_has_ethtool ()) {
    g_print ("SKIP: no ethtool here\n");
    return 77;
  }
  return network_main (
      argc, argv, udpgsosink_wire_suite, "udpgsosink_wire", __FILE__);
}
