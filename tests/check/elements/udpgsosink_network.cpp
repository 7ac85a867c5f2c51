// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// udpgsosink between two network namespaces, whose faults are real.

// Included before gstcheck.h, whose macro fail() would break it
#include <algorithm>
#include <memory>
#include <thread>

#include "assert_text.h"
#include "kernel_gaps.h"
#include "leaks.h"
#include "network_main.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gio/gio.h>

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

// The statistics account exactly for everything that was pushed.
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
    // Packets can be delayed and lost until the neighbour answers.
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
  // Packets can be lost until the neighbour answers.
  Datagrams received;
  for (int i = 0; i < 50 && received != datagrams; i++) {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    received = receiver->receive (datagrams.size ());
    receiver->drain ();
  }
  fail_unless (received == datagrams);
  // A link that was down is no reason to give up segmentation.
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

// Segments can't be larger than the path's MTU: such packets are sent one by
// one and in fragments, as by udpsink, and a message says what would fit.
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

    // Packets that fit are still sent in segments.
    auto fitting = frame (fits);
    h.push_list (fitting);
    fail_unless (receiver->receive (fitting.size ()) == fitting);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
    // Other destinations are not affected.
    UdpReceiver local ("10.9.0.1");
    g_signal_emit_by_name (h.sink, "add", "10.9.0.1", local.port ());
    h.push_list (datagrams);
    fail_unless (local.receive (datagrams.size ()) == datagrams);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 2 * 60);
  }
}
GST_END_TEST;

static std::string
gso_refusal (SinkHarness &h, const UdpReceiver &receiver)
{
  GstStructure *stats;
  g_signal_emit_by_name (
      h.sink, "get-stats", "10.9.0.2", receiver.port (), &stats);
  std::string text = gst_structure_get_string (stats, "gso-refusal");
  gst_structure_free (stats);
  return text;
}

// Segmentation resumes when the path's MTU rises: in the next run, and while
// playing.
GST_START_TEST (test_segments_come_back)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver));
  auto datagrams = frame ();
  auto push = [&] {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  };

  for (auto between : {GST_STATE_READY, GST_STATE_NULL}) {
    h.start ();
    run ("ip link set near mtu 1300");
    push ();
    fail_if (gso_refusal (h, *receiver).empty ());
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 0);
    run ("ip link set near mtu 1500");
    gst_element_set_state (h.sink, between);
    h.start ();
    assert_text (gso_refusal (h, *receiver), "");
    push ();
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
    h.stop ();
  }

  h.start ();
  push ();
  run ("ip link set near mtu 1300");
  push ();
  fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
  run ("ip link set near mtu 1500");
  for (int i = 0; i < 300 && h.stat ("gso-packets") == 60; i++) {
    push ();
    g_usleep (100000);
  }
  fail_unless_equals_uint64 (h.stat ("gso-packets"), 2 * 60);
  assert_text (gso_refusal (h, *receiver), "");
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
}
GST_END_TEST;

// Segments can be refused for other reasons than the MTU, and a packet of
// exactly the MTU is not fragmented.
GST_START_TEST (test_refusal_at_the_mtu)
{
  for (std::size_t size : {1472, 1473}) {
    auto receiver = receiver_in_peer ();
    g_autoptr (GSocket) socket = new_socket ();
    SinkHarness h (to (*receiver));
    auto datagrams = frame (size);

    // No segments without checksums
    g_socket_set_option (socket, SOL_SOCKET, SO_NO_CHECK, 1, nullptr);
    g_object_set (h.sink, "socket", socket, nullptr);
    h.start ();
    h.push_list (datagrams);
    fail_unless (receiver->receive (datagrams.size ()) == datagrams);
    fail_unless_equals_uint64 (h.stat ("gso-packets"), 0);
    fail_unless (h.take_warnings () ==
                 (size > 1472 ? Datagrams{"fragmented"} : Datagrams{}));
  }
}
GST_END_TEST;

// The path's MTU is that of the interface from which packets are sent, whatever
// the routes are.
GST_START_TEST (test_mtu_of_the_bound_device)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver) + " multicast-iface=near");
  auto datagrams = frame ();
  guint mtu = 0;

  run ("ip link add wide mtu 9000 type veth peer name side mtu 9000 && "
       "ip link set side up && ip link set wide up && "
       "ip route add 10.9.0.2/32 dev wide");
  run ("ip link set near mtu 1300");
  h.start ();
  h.push_list (datagrams);
  fail_unless (receiver->receive (datagrams.size ()) == datagrams);
  fail_unless (h.take_warnings (&mtu) == Datagrams{"fragmented"});
  fail_unless_equals_int (mtu, 1300 - 28);
  h.push_list (make_datagrams ({70000}));
  fail_unless (h.take_warnings (&mtu) == Datagrams{"too-large"});
  fail_unless_equals_int (mtu, 1300 - 28);
  run ("ip link del wide");
}
GST_END_TEST;

// Packets larger than the path's MTU, from two sinks on one socket: they are
// fragmented, whichever sink sends them and whatever the other one does.
GST_START_TEST (test_shared_socket_fragments)
{
  auto receiver = receiver_in_peer ();
  g_autoptr (GSocket) socket = new_socket ();
  auto description = to (*receiver) + " close-socket=false";
  SinkHarness one (description), two (description);
  auto datagrams = make_datagrams ({3000, 1400, 1400, 3000, 3000, 500, 500});

  for (auto h : {&one, &two}) {
    g_object_set (h->sink, "socket", socket, nullptr);
    h->start ();
  }
  auto push = [&] (SinkHarness &h) {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    fail_unless (receiver->receive (datagrams.size ()) == datagrams);
    fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
  };
  push (one);
  push (two);
  push (one);
  one.stop ();
  push (two);
  // In separate threads
  one.start ();
  std::thread other ([&] {
    for (int i = 0; i < 200; i++)
      one.push_list (datagrams);
  });
  for (int i = 0; i < 200; i++)
    two.push_list (datagrams);
  other.join ();
  fail_unless_equals_uint64 (one.stat ("packets-failed"), 0);
  fail_unless_equals_uint64 (two.stat ("packets-failed"), 0);
  gint mode = -1;
  g_socket_get_option (socket, IPPROTO_IP, IP_MTU_DISCOVER, &mode, nullptr);
  fail_unless_equals_int (mode, IP_PMTUDISC_WANT);
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

// Pausing while the queue is full only delays the remaining packets.
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

// A flush or a stop ends a wait for room that would never end.
GST_START_TEST (test_wait_without_end)
{
  auto receiver = receiver_in_peer ();
  SinkHarness h (to (*receiver) + " buffer-size=10000");
  auto datagrams = frame ();

  // 100 bytes per second; newer versions of tc accept no less.
  run ("tc qdisc add dev near root tbf rate 800bit burst 5kb limit 1mb");
  for (bool flush : {true, false}) {
    h.start ();
    std::thread stream ([&] {
      auto flow = GST_FLOW_OK;
      while (flow == GST_FLOW_OK)
        flow = h.push_list (datagrams);
      fail_unless_equals_int (flow, GST_FLOW_FLUSHING);
    });
    g_usleep (100000);
    if (flush)
      h.push_event (gst_event_new_flush_start ());
    else
      h.stop ();
    stream.join ();
    h.stop ();
  }
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
  // Opened first, it has another port.
  auto next = receiver_in_peer ();
  receiver.reset ();
  for (int i = 0; i < 5; i++)
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);

  receiver = std::move (next);
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
  tcase_add_test (tc, test_link_down_and_up);
  tcase_add_test (tc, test_route_removed);
  tcase_add_test (tc, test_segments_too_large_for_the_mtu);
  tcase_add_test (tc, test_segments_come_back);
  tcase_add_test (tc, test_refusal_at_the_mtu);
  tcase_add_test (tc, test_mtu_of_the_bound_device);
  tcase_add_test (tc, test_shared_socket_fragments);
  tcase_add_test (tc, test_packets_too_large_for_the_mtu);
  tcase_add_test (tc, test_full_queue_is_waited_for);
  tcase_add_test (tc, test_pause_while_the_queue_is_full);
  tcase_add_test (tc, test_stop_while_the_queue_is_full);
  tcase_add_test (tc, test_wait_without_end);
  tcase_add_test (tc, test_full_queue_and_no_waiting);
  tcase_add_test (tc, test_port_closed_and_opened);
  tcase_add_test (tc, test_prohibited_route);

  return suite;
}

int
main (int argc, char **argv)
{
  if (!kernel_tells_path_mtu ()) {
    g_print ("SKIP: the kernel doesn't tell the path MTU\n");
    return 77;
  }
  return network_main (
      argc, argv, udpgsosink_network_suite, "udpgsosink_network", __FILE__);
}
