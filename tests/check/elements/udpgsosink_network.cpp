// SPDX-License-Identifier: LGPL-2.1-or-later
// udpgsosink between two network namespaces, whose faults are real.

// Before gstcheck.h, which has a macro fail ()
#include <algorithm>
#include <memory>
#include <thread>

#include "leaks.h"
#include "network_pair.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gio/gio.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>

using Sizes = std::vector<std::size_t>;

static Datagrams
frame (std::size_t size = 1400)
{
  Sizes sizes (60, size);
  sizes.back () = size / 2;
  return make_datagrams (sizes);
}

static std::unique_ptr<UdpReceiver>
receiver_in_peer (const char *address = "10.9.0.2")
{
  NetworkPair::InPeer peer;
  return std::make_unique<UdpReceiver> (address);
}

static std::string
to (const UdpReceiver &receiver, const char *host = "10.9.0.2")
{
  return "udpgsosink host=" + std::string (host) +
         " port=" + std::to_string (receiver.port ());
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

static GSocket *
new_socket ()
{
  return g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, nullptr);
}

// Everything that came in equals what went out, by exact count.
static void
assert_all_accounted_for (SinkHarness &h, std::size_t pushed)
{
  fail_unless_equals_uint64 (
      h.stat ("packets-sent") + h.stat ("packets-failed"), pushed);
}

GST_START_TEST (test_segments_across_a_cable)
{
  for (auto address : {"10.9.0.2", "fd09::2"}) {
    auto receiver = receiver_in_peer (address);
    SinkHarness h (to (*receiver, address));
    auto datagrams = frame ();

    h.start ();
    // Packets can be held back and lost until the neighbour answers.
    while (receiver->drain ().empty ())
      h.push ("are you there?");
    for (int i = 0; i < 5; i++) {
      h.push_list (datagrams, 2);
      fail_unless (receiver->receive (datagrams.size ()) == datagrams);
    }
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 5 * 60);
    fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
  }
}
GST_END_TEST;

// The IP packets on the wire, but for what the kernel counts up in them.
class Capture {
public:
  Capture ()
  {
    NetworkPair::InPeer peer;
    fd_ = socket (AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons (ETH_P_IP));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons (ETH_P_IP);
    address.sll_ifindex = static_cast<int> (if_nametoindex ("far"));
    fail_unless (bind (fd_, reinterpret_cast<sockaddr *> (&address),
                     sizeof address) == 0);
    int buffer = 8 << 20;
    setsockopt (fd_, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  }
  ~Capture () { close (fd_); }
  Capture (const Capture &) = delete;
  Capture &operator= (const Capture &) = delete;

  Datagrams packets ()
  {
    Datagrams packets;
    pollfd poller{fd_, POLLIN, 0};
    while (poll (&poller, 1, 200) > 0) {
      std::string bytes (65536, '\0');
      auto size = recv (fd_, bytes.data (), bytes.size (), 0);
      fail_unless (size >= 28);
      bytes.resize (static_cast<std::size_t> (size));
      if (bytes[9] != IPPROTO_UDP)
        continue;
      // Identification (RFC 6864: of no meaning in what is not fragmented)
      // and the header checksum over it
      for (auto i : {4u, 5u, 10u, 11u})
        bytes[i] = 0;
      packets.push_back (std::move (bytes));
    }
    return packets;
  }

private:
  int fd_;
};

GST_START_TEST (test_wire_is_that_of_udpsink)
{
  auto receiver = receiver_in_peer ();
  auto datagrams = frame ();
  datagrams.push_back ("short");
  // Too large for the cable: to be fragmented as udpsink does it.
  datagrams.push_back (make_datagrams ({3000})[0]);
  datagrams.push_back ("after that");
  int port;
  {
    UdpReceiver unused ("10.9.0.1");
    port = unused.port ();
  }
  auto settings = " host=10.9.0.2 port=" + std::to_string (receiver->port ()) +
                  " bind-port=" + std::to_string (port) + " ttl=9 qos-dscp=34";

  if (!gst_registry_check_feature_version (
          gst_registry_get (), "udpsink", 1, 0, 0)) {
    g_print ("SKIP: no udpsink to compare with\n");
    return;
  }
  fail_unless (NetworkPair::switch_offload_off ("near"));
  Capture capture;
  Datagrams wire[2];
  for (int i = 0; i < 2; i++) {
    SinkHarness h ((i ? "udpsink" : "udpgsosink") + settings);
    h.start ();
    h.push_list (datagrams, 2);
    wire[i] = capture.packets ();
    // The large one is in three.
    fail_unless_equals_int (wire[i].size (), datagrams.size () + 2);
    if (i == 0)
      fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
  }
  for (std::size_t i = 0; i < wire[0].size (); i++)
    fail_unless (wire[0][i] == wire[1][i], "packet %d", static_cast<int> (i));
  // Whole datagrams say Don't Fragment, fragments don't.
  fail_unless_equals_int (wire[0][0][6], 0x40);
  fail_unless_equals_int (wire[0][datagrams.size () - 1][6] & 0x40, 0);
  auto twice = datagrams;
  twice.insert (twice.end (), datagrams.begin (), datagrams.end ());
  fail_unless (receiver->drain () == twice);
}
GST_END_TEST;

GST_START_TEST (test_link_down_and_up)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();

  h.start ();
  h.push_list (datagrams);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);

  run ("ip link set near down");
  for (int i = 0; i < 5; i++)
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  fail_unless (receiver->drain ().empty ());
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 5 * 60);
  fail_unless (h.error_count ("unreachable") > 0);
  fail_unless (h.take_warnings () == Datagrams{"unreachable"});

  run ("ip link set near up");
  // Until the neighbour answers, packets can be lost on the way.
  Datagrams received;
  for (int i = 0; i < 50 && received != datagrams; i++) {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    received = receiver->receive (datagrams.size ());
    receiver->drain ();
  }
  fail_unless (received == datagrams);
  // A link that was down is no reason to give segments up.
  auto before = h.stat ("gso-packets");
  h.push_list (datagrams);
  fail_unless_equals_uint64 (h.stat ("gso-packets"), before + 60);
}
GST_END_TEST;

GST_START_TEST (test_route_removed)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();

  h.start ();
  run ("ip route del 10.9.0.0/24 dev near");
  fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 60);
  fail_unless_equals_uint64 (h.error_count ("unreachable"), 2);
  fail_unless (h.take_warnings () == Datagrams{"unreachable"});

  run ("ip route add 10.9.0.0/24 dev near");
  h.push_list (datagrams);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  assert_all_accounted_for (h, 2 * 60);
}
GST_END_TEST;

// Segments can't be larger than the path's MTU: the packets go one by one and
// in fragments, as udpsink's do, and the user is told what would fit.
GST_START_TEST (test_segments_too_large_for_the_mtu)
{
  struct {
    const char *address;
    guint fits;
  } cases[] = {{"10.9.0.2", 1300 - 28}, {"fd09::2", 1300 - 48}};

  for (auto &[address, fits] : cases) {
    run ("ip link set near mtu 1300");
    auto receiver = receiver_in_peer (address);
    SinkHarness h (to (*receiver, address));
    auto datagrams = frame ();
    guint mtu = 0;

    h.start ();
    while (receiver->drain ().empty ())
      h.push ("are you there?");
    for (int i = 0; i < 3; i++) {
      fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
      fail_unless (receiver->receive (datagrams.size ()) == datagrams);
    }
    fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 0);
    fail_unless (h.take_warnings (&mtu) == Datagrams{"fragmented"});
    fail_unless_equals_int (mtu, fits);

    // What fits still goes in segments.
    auto fitting = frame (fits);
    h.push_list (fitting);
    fail_unless (receiver->receive (fitting.size ()) == fitting);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
    // Other destinations are not concerned.
    UdpReceiver local ("10.9.0.1");
    g_signal_emit_by_name (h.sink, "add", "10.9.0.1", local.port ());
    h.push_list (datagrams);
    fail_unless (local.receive (datagrams.size ()) == datagrams);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 2 * 60);
  }
}
GST_END_TEST;

// A socket that may not fragment gets EMSGSIZE.
GST_START_TEST (test_packets_too_large_for_the_mtu)
{
  auto receiver = receiver_in_peer ();
  auto socket = new_socket ();
  g_socket_set_option (
      socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, nullptr);
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();
  guint mtu = 0;

  g_object_set (h.sink, "socket", socket, nullptr);
  h.start ();
  run ("ip link set near mtu 1300");
  fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  // The last packet is half as large.
  fail_unless (receiver->receive (1) == Datagrams{datagrams.back ()});
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 59);
  fail_unless_equals_uint64 (h.error_count ("too-large"), 59);
  auto warnings = h.take_warnings (&mtu);
  fail_unless (std::find (warnings.begin (), warnings.end (), "too-large") !=
               warnings.end ());
  fail_unless_equals_int (mtu, 1300 - 28);

  run ("ip link set near mtu 1500");
  h.push_list (datagrams);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  assert_all_accounted_for (h, 2 * 60);
  g_object_unref (socket);
}
GST_END_TEST;

// A slow link and a small buffer: the sink waits, and loses nothing.
GST_START_TEST (test_full_queue_is_waited_for)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver) + " buffer-size=10000");
  auto datagrams = frame ();

  run ("tc qdisc add dev near root tbf rate 8mbit burst 5kb limit 1mb");
  h.start ();
  for (int i = 0; i < 5; i++)
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  for (int i = 0; i < 5; i++)
    fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
  // It had to wait.
  fail_unless (h.stat ("send-calls") > 5);
}
GST_END_TEST;

// Pausing while the queue is full delays what is left, no more.
GST_START_TEST (test_pause_while_the_queue_is_full)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver) + " buffer-size=10000 gso=false");
  auto datagrams = frame ();

  run ("tc qdisc add dev near root tbf rate 1mbit burst 5kb limit 1mb");
  h.start ();
  std::thread stream (
      [&] { fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK); });
  g_usleep (100000);
  gst_element_set_state (h.sink, GST_STATE_PAUSED);
  fail_unless (h.stat ("packets-failed") == 0);
  gst_element_set_state (h.sink, GST_STATE_PLAYING);
  stream.join ();
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  fail_unless_equals_uint64 (h.stat ("packets-sent"), 60);
}
GST_END_TEST;

GST_START_TEST (test_stop_while_the_queue_is_full)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver) + " buffer-size=10000");
  auto datagrams = frame ();
  auto flow = GST_FLOW_OK;

  // About one packet a second
  run ("tc qdisc add dev near root tbf rate 10kbit burst 5kb limit 1mb");
  h.start ();
  std::thread stream ([&] {
    while (flow == GST_FLOW_OK)
      flow = h.push_list (datagrams);
  });
  g_usleep (100000);
  h.stop ();
  stream.join ();
  fail_unless_equals_int (flow, GST_FLOW_FLUSHING);
}
GST_END_TEST;

// A socket that does not wait loses packets, but counts them.
GST_START_TEST (test_full_queue_and_no_waiting)
{
  auto receiver = receiver_in_peer ();
  auto socket = new_socket ();
  g_socket_set_blocking (socket, FALSE);
  SinkHarness h (to (*receiver) + " buffer-size=10000");
  auto datagrams = frame ();

  run ("tc qdisc add dev near root tbf rate 8mbit burst 5kb limit 1mb");
  g_object_set (h.sink, "socket", socket, nullptr);
  h.start ();
  for (int i = 0; i < 5; i++)
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  auto sent = h.stat ("packets-sent");
  fail_unless (h.error_count ("queue-full") > 0);
  fail_unless (h.take_warnings () == Datagrams{"queue-full"});
  assert_all_accounted_for (h, 5 * 60);
  fail_unless_equals_uint64 (receiver->receive (sent + 1).size (), sent);
  g_object_unref (socket);
}
GST_END_TEST;

// A receiver that comes back is served again at once.
GST_START_TEST (test_port_closed_and_opened)
{
  auto receiver = receiver_in_peer ();
  auto port = receiver->port ();
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();

  h.start ();
  receiver.reset ();
  for (int i = 0; i < 5; i++)
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);

  receiver = receiver_in_peer ();
  g_signal_emit_by_name (h.sink, "add", "10.9.0.2", receiver->port ());
  h.push_list (datagrams);
  fail_unless (receiver->port () != port);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  assert_all_accounted_for (h, 7 * 60);
  fail_unless (h.take_warnings ().empty ());
}
GST_END_TEST;

// A firewall's refusal costs packets, not the pipeline.
GST_START_TEST (test_prohibited_route)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();

  h.start ();
  run ("ip route add prohibit 10.9.0.2/32");
  fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 60);
  fail_unless_equals_uint64 (h.error_count ("not-permitted"), 2);
  fail_unless (h.take_warnings () == Datagrams{"not-permitted"});

  run ("ip route del prohibit 10.9.0.2/32");
  h.push_list (datagrams);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
}
GST_END_TEST;

static Suite *
udpgsosink_network_suite ()
{
  auto suite = suite_create ("udpgsosink_network");
  auto tc = tcase_create ("faults");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, plug, test::assert_no_leak);
  tcase_add_test (tc, test_segments_across_a_cable);
  tcase_add_test (tc, test_wire_is_that_of_udpsink);
  tcase_add_test (tc, test_link_down_and_up);
  tcase_add_test (tc, test_route_removed);
  tcase_add_test (tc, test_segments_too_large_for_the_mtu);
  tcase_add_test (tc, test_packets_too_large_for_the_mtu);
  tcase_add_test (tc, test_full_queue_is_waited_for);
  tcase_add_test (tc, test_pause_while_the_queue_is_full);
  tcase_add_test (tc, test_stop_while_the_queue_is_full);
  tcase_add_test (tc, test_full_queue_and_no_waiting);
  tcase_add_test (tc, test_port_closed_and_opened);
  tcase_add_test (tc, test_prohibited_route);

  return suite;
}

int
main (int argc, char **argv)
{
  auto reason = NetworkPair::enter ();
  if (!reason.empty ()) {
    std::printf ("SKIP: %s\n", reason.c_str ());
    return 77;
  }
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (
      udpgsosink_network_suite (), "udpgsosink_network", __FILE__);
}
