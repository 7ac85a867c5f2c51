// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The sockets of udpgsosink: when its settings take effect, sockets supplied by
// the user, multicast groups.

// Included before gstcheck.h, whose macro fail() would break it
#include <fstream>
#include <memory>
#include <thread>

#include "kernel_gaps.h"
#include "leaks.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gio/gio.h>

#include <netinet/in.h>

static std::string
to (const UdpReceiver &receiver, const char *host = "127.0.0.1")
{
  return "udpgsosink host=" + std::string (host) +
         " port=" + std::to_string (receiver.port ());
}

// Packets like those of a frame from an RTP payloader.
static Datagrams
frame ()
{
  std::vector<std::size_t> sizes (60, 1400);
  sizes.back () = 700;
  return make_datagrams (sizes);
}

static int
unused_port ()
{
  UdpReceiver unused;
  return unused.port ();
}

static GSocket *
new_socket (GSocketFamily family = G_SOCKET_FAMILY_IPV4)
{
  return g_socket_new (
      family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr);
}

static int
local_port (GstElement *sink)
{
  g_autoptr (GSocket) socket = nullptr;
  g_object_get (sink, "used-socket", &socket, nullptr);
  if (!socket)
    return 0;
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, nullptr);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static int
int_option (GSocket *socket, int level, int option)
{
  gint value = -1;
  fail_unless (g_socket_get_option (socket, level, option, &value, nullptr));
  return value;
}

GST_START_TEST (test_socket_options)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver) + " qos-dscp=46 ttl=33 ttl-mc=7 loop=false "
                                 "buffer-size=20000");
  GSocket *v4, *v6;

  h.start ();
  g_object_get (h.sink, "used-socket", &v4, "used-socket-v6", &v6, nullptr);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_TOS), 46 << 2);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_TTL), 33);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_MULTICAST_TTL), 7);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_MULTICAST_LOOP), 0);
  // Linux doubles the value.
  fail_unless_equals_int (int_option (v4, SOL_SOCKET, SO_SNDBUF), 40000);
  if (v6) {
    fail_unless_equals_int (
        int_option (v6, IPPROTO_IPV6, IPV6_TCLASS), 46 << 2);
    fail_unless_equals_int (
        int_option (v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 33);
  }

  // Also while playing.
  g_object_set (h.sink, "qos-dscp", 10, "ttl", 5, "loop", TRUE, nullptr);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_TOS), 10 << 2);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_TTL), 5);
  fail_unless_equals_int (int_option (v4, IPPROTO_IP, IP_MULTICAST_LOOP), 1);
  g_clear_object (&v4);
  g_clear_object (&v6);

  h.stop ();
  g_object_get (h.sink, "used-socket", &v4, nullptr);
  fail_unless (v4 == nullptr);
}
GST_END_TEST;

GST_START_TEST (test_bind)
{
  UdpReceiver receiver;
  auto port = unused_port ();
  SinkHarness h (to (receiver) +
                 " bind-address=127.0.0.1 bind-port=" + std::to_string (port));
  GSocket *v6;

  h.start ();
  h.push ("1");
  fail_unless (receiver.receive (1) == Datagrams{"1"});
  auto &source = reinterpret_cast<sockaddr_in &> (receiver.source);
  fail_unless_equals_int (ntohs (source.sin_port), port);
  g_object_get (h.sink, "used-socket-v6", &v6, nullptr);
  fail_unless (v6 == nullptr);
}
GST_END_TEST;

GST_START_TEST (test_bind_to_a_foreign_address)
{
  SinkHarness h ("udpgsosink bind-address=192.0.2.1");

  fail_unless_equals_int (gst_element_set_state (h.sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  auto message = gst_bus_pop_filtered (h.bus, GST_MESSAGE_ERROR);
  fail_unless (message != nullptr);
  gst_message_unref (message);
}
GST_END_TEST;

// ---- When settings take effect ----------------------------------------------

static int
source_port (const UdpReceiver &receiver)
{
  return ntohs (
      reinterpret_cast<const sockaddr_in &> (receiver.source).sin_port);
}

// At once until the first packet, later in the next run.
GST_START_TEST (test_settings_until_the_first_packet)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));

  for (auto state :
      {GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING}) {
    auto port = unused_port ();
    gst_element_set_state (h.sink, state);
    g_object_set (h.sink, "bind-port", port, nullptr);
    if (state != GST_STATE_NULL)
      fail_unless_equals_int (local_port (h.sink), port);
    h.start ();
    h.push ("1");
    fail_unless (receiver.receive (1) == Datagrams{"1"});
    fail_unless_equals_int (source_port (receiver), port);

    // Too late
    auto next = unused_port ();
    g_object_set (h.sink, "bind-port", next, nullptr);
    h.push ("2");
    fail_unless (receiver.receive (1) == Datagrams{"2"});
    fail_unless_equals_int (source_port (receiver), port);
    gst_element_set_state (h.sink, GST_STATE_READY);
    h.start ();
    h.push ("3");
    fail_unless (receiver.receive (1) == Datagrams{"3"});
    fail_unless_equals_int (source_port (receiver), next);
    gst_element_set_state (h.sink, GST_STATE_READY);
    h.stop ();
  }
}
GST_END_TEST;

// Settings that don't work by themselves may work together with later ones.
GST_START_TEST (test_settings_one_after_the_other)
{
  UdpReceiver receiver, taken ("127.0.0.9");
  SinkHarness h (to (receiver));
  g_autoptr (GSocket) used = nullptr;

  gst_element_set_state (h.sink, GST_STATE_READY);
  g_object_set (h.sink, "bind-address", "192.0.2.1", nullptr);
  g_object_get (h.sink, "used-socket", &used, nullptr);
  fail_unless (used == nullptr);
  g_object_set (h.sink, "bind-address", "127.0.0.1", nullptr);
  h.start ();
  h.push ("1");
  fail_unless (receiver.receive (1) == Datagrams{"1"});

  gst_element_set_state (h.sink, GST_STATE_READY);
  g_object_set (h.sink, "bind-address", "192.0.2.1", nullptr);
  fail_unless (gst_bus_pop_filtered (h.bus, GST_MESSAGE_ERROR) == nullptr);
  fail_unless_equals_int (gst_element_set_state (h.sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  auto message = gst_bus_pop_filtered (h.bus, GST_MESSAGE_ERROR);
  fail_unless (message != nullptr);
  gst_message_unref (message);
  g_object_set (h.sink, "bind-address", nullptr, nullptr);
  h.start ();
  h.push ("2");
  fail_unless (receiver.receive (1) == Datagrams{"2"});
}
GST_END_TEST;

// If a name has addresses of both families, the one of the socket's family is
// used.
GST_START_TEST (test_name_for_the_family_of_the_socket)
{
  UdpReceiver receiver;

  for (auto when : {GST_STATE_NULL, GST_STATE_READY}) {
    SinkHarness h (to (receiver, "localhost"));
    gst_element_set_state (h.sink, when);
    g_object_set (h.sink, "bind-address", "127.0.0.1", nullptr);
    h.start ();
    h.push ("1");
    fail_unless (receiver.receive (1) == Datagrams{"1"});
  }
}
GST_END_TEST;

// ---- Sockets of the user's --------------------------------------------------

GST_START_TEST (test_socket_of_the_user)
{
  UdpReceiver receiver;
  gboolean close_socket = __i__;
  auto socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, nullptr);
  GSocket *used;
  SinkHarness h (to (receiver));

  g_object_set (
      h.sink, "socket", socket, "close-socket", close_socket, nullptr);
  h.start ();
  g_object_get (h.sink, "used-socket", &used, nullptr);
  fail_unless (used == socket);
  g_object_unref (used);
  h.push ("1");
  fail_unless (receiver.receive (1) == Datagrams{"1"});
  h.stop ();
  fail_unless_equals_int (g_socket_is_closed (socket), close_socket);
  g_object_unref (socket);
}
GST_END_TEST;

// An IPv6 socket serves IPv4 destinations, too, if there is no other.
GST_START_TEST (test_ipv6_socket_alone)
{
  UdpReceiver receiver;
  auto socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, nullptr);
  SinkHarness h (to (receiver));

  if (!socket) {
    g_print ("SKIP: no IPv6 here\n");
    return;
  }
  g_object_set (h.sink, "socket-v6", socket, nullptr);
  h.start ();
  auto datagrams = frame ();
  h.push_list (datagrams);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  g_object_unref (socket);
}
GST_END_TEST;

GST_START_TEST (test_socket_is_replaced)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  g_autoptr (GSocket) one = new_socket ();
  g_autoptr (GSocket) two = new_socket ();
  g_autoptr (GSocket) three = new_socket ();

  gst_element_set_state (h.sink, GST_STATE_READY);
  g_object_set (h.sink, "socket", one, nullptr);
  g_object_set (h.sink, "socket", two, nullptr);
  fail_unless (g_socket_is_closed (one));
  g_object_set (h.sink, "buffer-size", 30000, nullptr); // opened again
  fail_if (g_socket_is_closed (two));
  h.start ();
  h.push ("1");
  fail_unless (receiver.receive (1) == Datagrams{"1"});

  // In use until the run ends
  g_object_set (h.sink, "socket", three, nullptr);
  h.push ("2");
  fail_unless (receiver.receive (1) == Datagrams{"2"});
  fail_if (g_socket_is_closed (two));
  gst_element_set_state (h.sink, GST_STATE_READY);
  h.start ();
  fail_unless (g_socket_is_closed (two));
  h.push ("3");
  fail_unless (receiver.receive (1) == Datagrams{"3"});
  h.stop ();
  fail_unless (g_socket_is_closed (three));
}
GST_END_TEST;

// If others use the socket as well, the sink changes its options only for
// single calls.
GST_START_TEST (test_path_mtu_discovery_stays)
{
  UdpReceiver receiver;

  for (int mode :
      {IP_PMTUDISC_WANT, IP_PMTUDISC_DO, IP_PMTUDISC_DONT, IP_PMTUDISC_PROBE}) {
    g_autoptr (GSocket) socket = new_socket ();
    g_socket_set_option (socket, IPPROTO_IP, IP_MTU_DISCOVER, mode, nullptr);
    SinkHarness h (to (receiver) + " close-socket=false");
    auto datagrams = frame ();
    auto assert_as_it_was = [&] {
      fail_unless_equals_int (
          int_option (socket, IPPROTO_IP, IP_MTU_DISCOVER), mode);
    };

    g_object_set (h.sink, "socket", socket, nullptr);
    h.start ();
    assert_as_it_was ();
    h.push_list (datagrams);
    fail_unless (receiver.receive (datagrams.size ()) == datagrams);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), datagrams.size ());
    assert_as_it_was ();
    h.push_list (make_datagrams ({70000, 10}));
    fail_unless_equals_int (receiver.receive (1).size (), 1);
    assert_as_it_was ();
    h.stop ();
    assert_as_it_was ();
  }
}
GST_END_TEST;

// Two sinks on one socket, in two threads: neither loses anything because of
// what the other does to the socket. (On loopback, whose MTU is 65536, even a
// datagram of 65507 bytes fits; the tests with a network have ones that don't.)
GST_START_TEST (test_two_sinks_on_one_socket)
{
  UdpReceiver a, b;
  g_autoptr (GSocket) socket = new_socket ();
  SinkHarness one (to (a) + " close-socket=false");
  SinkHarness two (to (b) + " close-socket=false");
  auto datagrams = frame ();

  g_object_set (one.sink, "socket", socket, nullptr);
  g_object_set (two.sink, "socket", socket, nullptr);
  one.start ();
  two.start ();
  auto stream = [&datagrams] (SinkHarness &h, UdpReceiver &receiver) {
    for (int i = 0; i < 100; i++) {
      fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
      fail_unless (receiver.receive (datagrams.size ()) == datagrams);
    }
  };
  std::thread other ([&] { stream (two, b); });
  stream (one, a);
  other.join ();
  one.stop ();
  stream (two, b);
  fail_unless_equals_int (
      int_option (socket, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_WANT);
}
GST_END_TEST;

// ---- Multicast --------------------------------------------------------------

GST_START_TEST (test_multicast)
{
  if (!kernel_joins_groups ()) {
    g_print ("SKIP: no multicast groups here\n");
    return;
  }
  UdpReceiver receiver ("0.0.0.0"), second ("0.0.0.0");
  ip_mreqn group{};

  inet_pton (AF_INET, "239.255.43.21", &group.imr_multiaddr);
  inet_pton (AF_INET, "127.0.0.1", &group.imr_address);
  for (auto fd : {receiver.fd (), second.fd ()})
    setsockopt (fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);

  SinkHarness h (to (receiver, "239.255.43.21") + " multicast-iface=lo");
  // A second destination in a group that was joined already
  g_signal_emit_by_name (h.sink, "add", "239.255.43.21", second.port ());
  h.start ();
  auto datagrams = frame ();
  h.push_list (datagrams);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  fail_unless (second.receive (datagrams.size ()) == datagrams);

  g_signal_emit_by_name (h.sink, "remove", "239.255.43.21", receiver.port ());
  h.push ("1");
  fail_unless (second.receive (1) == Datagrams{"1"});
  fail_unless (receiver.drain ().empty ());
  fail_unless (h.take_warnings ().empty ());
}
GST_END_TEST;

// Whether this host is a member of 239.255.43.22, on whatever interface.
static bool
is_member ()
{
  std::ifstream groups ("/proc/net/igmp");
  std::string all{std::istreambuf_iterator<char> (groups), {}};
  return all.find (htonl (1) == 1 ? "EFFF2B16" : "162BFFEF") !=
         std::string::npos;
}

// A group is left with the last destination in it.
GST_START_TEST (test_group_is_shared)
{
  if (!kernel_joins_groups ()) {
    g_print ("SKIP: no multicast groups here\n");
    return;
  }
  constexpr auto group = "239.255.43.22";
  SinkHarness h ("udpgsosink clients=239.255.43.22:5004,239.255.43.22:5006,"
                 "239.255.43.22:5008 multicast-iface=lo");

  h.start ();
  fail_unless (is_member ());
  g_signal_emit_by_name (h.sink, "remove", group, 5004);
  fail_unless (is_member ());
  g_object_set (h.sink, "clients", "239.255.43.22:5008", nullptr);
  fail_unless (is_member ());
  g_signal_emit_by_name (h.sink, "remove", group, 5008);
  fail_if (is_member ());
  g_signal_emit_by_name (h.sink, "add", group, 5008);
  fail_unless (is_member ());
  h.stop ();
  fail_if (is_member ());

  // Until the first packet, groups follow the interface and auto-multicast.
  gst_element_set_state (h.sink, GST_STATE_READY);
  fail_unless (is_member ());
  g_object_set (h.sink, "auto-multicast", FALSE, nullptr);
  fail_if (is_member ());
  g_object_set (h.sink, "auto-multicast", TRUE, nullptr);
  fail_unless (is_member ());
  h.stop ();

  // A socket that stays open leaves its groups.
  g_autoptr (GSocket) socket = new_socket ();
  g_object_set (h.sink, "socket", socket, "close-socket", FALSE, nullptr);
  h.start ();
  fail_unless (is_member ());
  h.stop ();
  fail_if (is_member ());
}
GST_END_TEST;

static Suite *
udpgsosink_sockets_suite ()
{
  auto suite = suite_create ("udpgsosink_sockets");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_socket_options);
  tcase_add_test (tc, test_bind);
  tcase_add_test (tc, test_bind_to_a_foreign_address);
  tcase_add_test (tc, test_settings_until_the_first_packet);
  tcase_add_test (tc, test_settings_one_after_the_other);
  tcase_add_test (tc, test_name_for_the_family_of_the_socket);
  tcase_add_loop_test (tc, test_socket_of_the_user, 0, 2);
  tcase_add_test (tc, test_ipv6_socket_alone);
  tcase_add_test (tc, test_socket_is_replaced);
  tcase_add_test (tc, test_path_mtu_discovery_stays);
  tcase_add_test (tc, test_two_sinks_on_one_socket);
  tcase_add_test (tc, test_multicast);
  tcase_add_test (tc, test_group_is_shared);

  return suite;
}

GST_CHECK_MAIN (udpgsosink_sockets)
