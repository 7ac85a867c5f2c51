// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// Before gstcheck.h, which has a macro fail ()
#include <algorithm>
#include <memory>
#include <thread>

#include "kernel_gaps.h"
#include "leaks.h"
#include "log_lines.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gio/gio.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include <linux/errqueue.h>
#include <netinet/in.h>

using Sizes = std::vector<std::size_t>;

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
  Sizes sizes (60, 1400);
  sizes.back () = 700;
  return make_datagrams (sizes);
}

GST_START_TEST (test_registered)
{
  auto factory = gst_element_factory_find ("udpgsosink");
  fail_unless (factory != nullptr);
  fail_unless_equals_string (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
      "Sink/Network");
  fail_unless_equals_int (
      gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)),
      GST_RANK_NONE);
  // udp:// is still handled by udpsink.
  fail_unless_equals_int (
      gst_element_factory_get_uri_type (factory), GST_URI_UNKNOWN);
  gst_object_unref (factory);
}
GST_END_TEST;

// A pipeline for udpsink needs nothing but another element name.
GST_START_TEST (test_drop_in_for_udpsink)
{
  auto theirs = gst_element_factory_make ("udpsink", nullptr);
  auto ours = gst_element_factory_make ("udpgsosink", nullptr);
  guint count;

  if (!theirs) {
    g_print ("SKIP: no udpsink to compare with\n");
    gst_object_unref (ours);
    return;
  }
  auto pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (theirs), &count);
  for (guint i = 0; i < count; i++) {
    auto name = pspecs[i]->name;
    if (g_str_equal (name, "force-ipv4"))
      continue;
    auto pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (ours), name);
    fail_unless (pspec != nullptr, "no property %s", name);
    fail_unless (pspec->value_type == pspecs[i]->value_type, "%s", name);
    constexpr auto access = G_PARAM_READWRITE;
    fail_unless (
        (pspec->flags & access) == (pspecs[i]->flags & access), "%s", name);
    if (g_str_equal (name, "clients")) // udpsink sets it, but says otherwise
      continue;
    fail_unless (
        g_param_values_cmp (pspec, g_param_spec_get_default_value (pspec),
            g_param_spec_get_default_value (pspecs[i])) == 0,
        "default of %s", name);
  }
  g_free (pspecs);

  for (auto name : {"add", "remove", "clear", "get-stats", "client-added",
           "client-removed"}) {
    GSignalQuery our_signal, their_signal;
    g_signal_query (g_signal_lookup (name, G_OBJECT_TYPE (ours)), &our_signal);
    g_signal_query (
        g_signal_lookup (name, G_OBJECT_TYPE (theirs)), &their_signal);
    fail_unless (our_signal.signal_id != 0, "no signal %s", name);
    fail_unless (our_signal.return_type == their_signal.return_type);
    fail_unless_equals_int (our_signal.n_params, their_signal.n_params);
    for (guint i = 0; i < our_signal.n_params; i++)
      fail_unless (our_signal.param_types[i] == their_signal.param_types[i]);
    fail_unless_equals_int (our_signal.signal_flags & G_SIGNAL_ACTION,
        their_signal.signal_flags & G_SIGNAL_ACTION);
  }
  gst_object_unref (theirs);
  gst_object_unref (ours);
}
GST_END_TEST;

static const Sizes shapes[] = {
    {1400},
    Sizes (46, 1400),
    Sizes (47, 1400),
    Sizes (64, 100),
    Sizes (65, 100),
    Sizes (200, 10),
    {1400, 1400, 1400, 3},
    {3, 1400, 1400, 1400},
    {100, 99, 98, 97, 96},
    {1, 2, 3, 4, 5},
    {10, 0, 10, 10, 0, 0},
    {65507, 65507, 1, 1},
    {30000, 30000, 30000, 30000, 5},
};

// The same datagrams in the same order as udpsink's, however they are stored.
GST_START_TEST (test_datagrams)
{
  auto &sizes = shapes[__i__];
  if (std::count (sizes.begin (), sizes.end (), 0u) > 0 &&
      !kernel_sends_empty_messages ()) {
    g_print ("SKIP: no empty messages here\n");
    return;
  }
  auto datagrams = make_datagrams (sizes);
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  h.start ();

  for (unsigned memories : {1u, 2u, 3u}) {
    fail_unless_equals_int (h.push_list (datagrams, memories), GST_FLOW_OK);
    fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  }
  fail_unless_equals_int (h.push_slab (datagrams), GST_FLOW_OK);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  g_object_set (h.sink, "gso", FALSE, nullptr);
  fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  for (auto &bytes : datagrams)
    fail_unless_equals_int (h.push (bytes, 2), GST_FLOW_OK);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  fail_unless (receiver.drain ().empty ());

  if (gst_registry_check_feature_version (
          gst_registry_get (), "udpsink", 1, 0, 0)) {
    SinkHarness stock (
        "udpsink host=127.0.0.1 port=" + std::to_string (receiver.port ()));
    stock.start ();
    stock.push_list (datagrams, 2);
    fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  }
}
GST_END_TEST;

// A buffer without memory is no datagram, as with udpsink.
GST_START_TEST (test_empty_buffer)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  h.start ();

  fail_unless_equals_int (h.push ("", 0), GST_FLOW_OK);
  fail_unless (receiver.drain ().empty ());
  fail_unless_equals_int (h.push ("", 1), GST_FLOW_OK);
  fail_unless (receiver.receive (1) == Datagrams{""});
  fail_unless_equals_int (h.push_list ({}), GST_FLOW_OK);
  fail_unless (receiver.drain ().empty ());
}
GST_END_TEST;

GST_START_TEST (test_stats)
{
  auto datagrams = frame ();
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  h.start ();
  h.push_list (datagrams);
  h.push_list (datagrams);
  h.push ("single");

  guint64 bytes = 2 * (59 * 1400 + 700) + 6, served, to_serve;
  fail_unless_equals_uint64 (h.stat ("packets-to-serve"), 121);
  fail_unless_equals_uint64 (h.stat ("bytes-to-serve"), bytes);
  fail_unless_equals_uint64 (h.stat ("packets-sent"), 121);
  fail_unless_equals_uint64 (h.stat ("bytes-sent"), bytes);
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 0);
  fail_unless_equals_uint64 (h.stat ("send-calls"), 3);
  fail_unless_equals_uint64 (h.stat ("gso-runs"), 4);
  fail_unless_equals_uint64 (h.stat ("gso-packets"), 120);
  fail_unless_equals_uint64 (h.stat ("rendered"), 3);
  g_object_get (
      h.sink, "bytes-served", &served, "bytes-to-serve", &to_serve, nullptr);
  fail_unless_equals_uint64 (served, bytes);
  fail_unless_equals_uint64 (to_serve, bytes);

  GstStructure *stats;
  g_object_get (h.sink, "stats", &stats, nullptr);
  auto list = gst_structure_get_value (stats, "destinations");
  fail_unless_equals_int (gst_value_array_get_size (list), 1);
  auto destination =
      gst_value_get_structure (gst_value_array_get_value (list, 0));
  guint64 sent, since;
  gint port;
  fail_unless_equals_string (
      gst_structure_get_string (destination, "host"), "127.0.0.1");
  fail_unless_equals_string (
      gst_structure_get_string (destination, "address"), "127.0.0.1");
  fail_unless_equals_string (
      gst_structure_get_string (destination, "gso-refusal"), "");
  fail_unless (gst_structure_get_int (destination, "port", &port));
  fail_unless_equals_int (port, receiver.port ());
  fail_unless (gst_structure_get_uint64 (destination, "packets-sent", &sent));
  fail_unless_equals_uint64 (sent, 121);
  fail_unless (gst_structure_get_uint64 (destination, "connect-time", &since));
  fail_unless (since > 0);
  // One call serves many destinations.
  fail_if (gst_structure_has_field (destination, "send-calls"));
  gst_structure_free (stats);
}
GST_END_TEST;

// Counters are those of one run, for the whole sink and for each destination.
GST_START_TEST (test_stats_of_a_run)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  auto destination_stat = [&] (const char *field) {
    GstStructure *stats;
    guint64 value = 0;
    g_signal_emit_by_name (
        h.sink, "get-stats", "127.0.0.1", receiver.port (), &stats);
    fail_unless (gst_structure_get_uint64 (stats, field, &value));
    gst_structure_free (stats);
    return value;
  };
  auto datagrams = make_datagrams ({3, 70000});
  for (auto between : {GST_STATE_READY, GST_STATE_NULL}) {
    h.start ();
    for (auto field : {"packets-to-serve", "packets-sent", "packets-failed",
             "send-calls", "rendered"})
      fail_unless_equals_uint64 (h.stat (field), 0);
    fail_unless_equals_uint64 (destination_stat ("packets-sent"), 0);
    fail_unless_equals_uint64 (destination_stat ("packets-failed"), 0);
    fail_unless_equals_uint64 (h.error_count ("too-large"), 0);
    h.push (datagrams[0]);
    h.push (datagrams[1]);
    h.push (datagrams[0]);
    h.push (datagrams[1]);
    fail_unless_equals_uint64 (h.stat ("packets-sent"), 2);
    fail_unless_equals_uint64 (h.stat ("packets-failed"), 2);
    fail_unless_equals_uint64 (h.stat ("bytes-sent"), 6);
    fail_unless_equals_uint64 (h.error_count ("too-large"), 2);
    fail_unless_equals_uint64 (destination_stat ("packets-failed"), 2);

    // They can be read afterwards.
    gst_element_set_state (h.sink, between);
    fail_unless_equals_uint64 (h.stat ("packets-sent"), 2);
    fail_unless_equals_uint64 (destination_stat ("packets-sent"), 2);
  }
}
GST_END_TEST;

// ---- Logs -------------------------------------------------------------------

// One line per list or buffer at LOG, none at lower levels.
GST_START_TEST (test_logs)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  test::LogLines lines ("udpgsosink", GST_LEVEL_DEBUG);

  h.start ();
  for (auto level : {GST_LEVEL_DEBUG, GST_LEVEL_LOG}) {
    lines.set_threshold (level);
    lines.take (GST_LEVEL_DEBUG);
    for (int i = 0; i < 5; i++) {
      h.push_list (frame ());
      h.push ("single");
    }
    fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 0);
    fail_unless_equals_int (
        lines.take (GST_LEVEL_LOG), level == GST_LEVEL_LOG ? 10 : 0);
  }
  // Settings
  g_object_set (h.sink, "ttl", 9, "qos-dscp", 10, nullptr);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 2);
}
GST_END_TEST;

GST_START_TEST (test_without_gso)
{
  auto datagrams = frame ();
  UdpReceiver receiver;
  SinkHarness h (to (receiver) + " gso=false");
  h.start ();
  h.push_list (datagrams);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  fail_unless_equals_uint64 (h.stat ("gso-runs"), 0);
  fail_unless_equals_uint64 (h.stat ("send-calls"), 1);

  g_object_set (h.sink, "gso", TRUE, nullptr);
  h.push_list (datagrams);
  fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  fail_unless_equals_uint64 (h.stat ("gso-packets"), 60);
}
GST_END_TEST;

static void
note_signal (GstElement *, const gchar *host, gint port, gpointer data)
{
  static_cast<Datagrams *> (data)->push_back (
      std::string (host) + ":" + std::to_string (port));
}

GST_START_TEST (test_add_and_remove_while_playing)
{
  auto datagrams = frame ();
  UdpReceiver a, b ("::1");
  SinkHarness h (to (a));
  Datagrams added, removed;
  GstStructure *stats;
  guint64 sent = 0;

  if (!b.port ()) {
    g_print ("SKIP: no IPv6 here\n");
    return;
  }
  g_signal_connect (h.sink, "client-added", G_CALLBACK (note_signal), &added);
  g_signal_connect (
      h.sink, "client-removed", G_CALLBACK (note_signal), &removed);
  h.start ();

  g_signal_emit_by_name (h.sink, "add", "::1", b.port ());
  fail_unless (added == Datagrams{"::1:" + std::to_string (b.port ())});
  h.push_list (datagrams);
  fail_unless (a.receive (datagrams.size ()) == datagrams);
  fail_unless (b.receive (datagrams.size ()) == datagrams);

  // The same destination twice: every datagram twice.
  g_signal_emit_by_name (h.sink, "add", "::1", b.port ());
  h.push ("x");
  fail_unless (a.receive_all (1) == Datagrams{"x"});
  fail_unless (b.receive_all (2) == (Datagrams{"x", "x"}));
  g_object_set (h.sink, "send-duplicates", FALSE, nullptr);
  h.push ("y");
  fail_unless (b.receive_all (1) == Datagrams{"y"});

  g_signal_emit_by_name (h.sink, "get-stats", "::1", b.port (), &stats);
  fail_unless (gst_structure_get_uint64 (stats, "packets-sent", &sent));
  fail_unless_equals_uint64 (sent, datagrams.size () + 3);
  gst_structure_free (stats);

  g_signal_emit_by_name (h.sink, "remove", "127.0.0.1", a.port ());
  fail_unless (removed == Datagrams{"127.0.0.1:" + std::to_string (a.port ())});
  a.receive (1);
  h.push ("z");
  fail_unless (a.drain ().empty ());
  fail_unless (b.receive_all (1) == Datagrams{"z"});

  // It is gone once it was removed as often as it was added.
  g_signal_emit_by_name (h.sink, "remove", "::1", b.port ());
  h.push ("1");
  fail_unless (b.receive_all (1) == Datagrams{"1"});
  g_signal_emit_by_name (h.sink, "remove", "::1", b.port ());
  g_signal_emit_by_name (h.sink, "remove", "::1", b.port ());
  fail_unless_equals_int (h.push ("2"), GST_FLOW_OK);
  fail_unless (b.drain ().empty ());
  fail_unless_equals_int (removed.size (), 2);

  g_signal_emit_by_name (h.sink, "get-stats", "::1", b.port (), &stats);
  fail_unless_equals_int (gst_structure_n_fields (stats), 0);
  gst_structure_free (stats);
  // Removed destinations still count in the sum.
  fail_unless_equals_uint64 (
      h.stat ("packets-sent"), 2 * datagrams.size () + 3 + 2 + 1 + 1);
}
GST_END_TEST;

GST_START_TEST (test_clients)
{
  UdpReceiver a, b, c;
  auto name = [] (auto &receiver) {
    return "127.0.0.1:" + std::to_string (receiver.port ());
  };
  SinkHarness h ("udpgsosink clients=" + name (a) + "," + name (b));
  gchar *clients;
  GstStructure *stats;
  guint64 sent = 0;

  h.start ();
  h.push ("1");
  fail_unless (a.receive_all (1) == Datagrams{"1"});
  fail_unless (b.receive_all (1) == Datagrams{"1"});

  auto next = name (b) + "," + name (c) + ",not-a-client";
  g_object_set (h.sink, "clients", next.c_str (), nullptr);
  h.push ("2");
  fail_unless (a.drain ().empty ());
  fail_unless (b.receive_all (1) == Datagrams{"2"});
  fail_unless (c.receive_all (1) == Datagrams{"2"});
  g_object_get (h.sink, "clients", &clients, nullptr);
  fail_unless (clients == name (b) + "," + name (c));
  g_free (clients);
  // The one in both lists was not affected.
  g_signal_emit_by_name (h.sink, "get-stats", "127.0.0.1", b.port (), &stats);
  fail_unless (gst_structure_get_uint64 (stats, "packets-sent", &sent));
  fail_unless_equals_uint64 (sent, 2);
  gst_structure_free (stats);

  g_signal_emit_by_name (h.sink, "clear");
  fail_unless_equals_int (h.push ("3"), GST_FLOW_OK);
  fail_unless (b.drain ().empty ());
  g_object_get (h.sink, "clients", &clients, nullptr);
  fail_unless_equals_string (clients, "");
  g_free (clients);
}
GST_END_TEST;

GST_START_TEST (test_host_and_port_while_playing)
{
  UdpReceiver a, b;
  SinkHarness h (to (a));
  gchar *clients;

  h.start ();
  h.push ("1");
  g_object_set (h.sink, "port", b.port (), nullptr);
  h.push ("2");
  fail_unless (a.receive_all (1) == Datagrams{"1"});
  fail_unless (b.receive_all (1) == Datagrams{"2"});
  g_object_get (h.sink, "clients", &clients, nullptr);
  fail_unless (clients == "127.0.0.1:" + std::to_string (b.port ()));
  g_free (clients);
}
GST_END_TEST;

// Destinations come and go in one thread while another streams.
GST_START_TEST (test_destinations_in_a_storm)
{
  auto datagrams = frame ();
  UdpReceiver steady, other;
  SinkHarness h (to (steady));
  Datagrams received;
  constexpr int rounds = 200;

  h.start ();
  std::thread storm ([&] {
    auto clients = "127.0.0.1:" + std::to_string (steady.port ());
    auto both = clients + ",127.0.0.1:" + std::to_string (other.port ());
    for (int i = 0; i < 300; i++) {
      g_signal_emit_by_name (h.sink, "add", "127.0.0.1", other.port ());
      g_object_set (h.sink, "qos-dscp", i % 64, "gso", i % 2, nullptr);
      h.stat ("packets-sent");
      g_signal_emit_by_name (h.sink, "remove", "127.0.0.1", other.port ());
      g_object_set (
          h.sink, "clients", i % 2 ? both.c_str () : clients.c_str (), nullptr);
    }
  });
  for (int i = 0; i < rounds; i++) {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    fail_unless (steady.receive (datagrams.size ()) == datagrams);
  }
  storm.join ();
  fail_unless (steady.drain ().empty ());
  for (auto &bytes : other.drain ())
    fail_unless (std::find (datagrams.begin (), datagrams.end (), bytes) !=
                 datagrams.end ());
}
GST_END_TEST;

// A host whose name can't be resolved doesn't affect others. It is reported
// once, when its name is looked up.
GST_START_TEST (test_unknown_host)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));

  g_signal_emit_by_name (h.sink, "add", "host.invalid", 5004);
  gst_element_set_state (h.sink, GST_STATE_READY);
  g_signal_emit_by_name (h.sink, "add", "another.invalid", 5004);
  fail_unless (h.take_warnings ().empty ());
  h.start ();
  fail_unless (h.take_warnings () == (Datagrams{"unreachable", "unreachable"}));
  for (int i = 0; i < 3; i++)
    fail_unless_equals_int (h.push ("1"), GST_FLOW_OK);
  fail_unless (receiver.receive (3) == (Datagrams{"1", "1", "1"}));
  fail_unless (h.take_warnings ().empty ());
  fail_unless_equals_uint64 (h.stat ("packets-sent"), 3);
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 6);
  fail_unless_equals_uint64 (h.error_count ("unreachable"), 6);

  g_signal_emit_by_name (h.sink, "add", "late.invalid", 5004);
  fail_unless (h.take_warnings () == Datagrams{"unreachable"});
}
GST_END_TEST;

GST_START_TEST (test_too_large)
{
  if (!kernel_tells_path_mtu ()) {
    g_print ("SKIP: the kernel doesn't tell the path MTU\n");
    return;
  }
  UdpReceiver receiver;
  SinkHarness h (to (receiver));
  guint mtu = 0;

  h.start ();
  auto datagrams = make_datagrams ({10, 70000, 20, 70000});
  fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
  fail_unless (receiver.receive (2) == (Datagrams{datagrams[0], datagrams[2]}));
  fail_unless_equals_uint64 (h.stat ("packets-failed"), 2);
  fail_unless_equals_uint64 (h.error_count ("too-large"), 2);
  // One message for all of them
  h.push_list (datagrams);
  fail_unless (h.take_warnings (&mtu) == Datagrams{"too-large"});
  fail_unless (mtu > 60000 && mtu <= 65507, "%u", mtu);
}
GST_END_TEST;

// The answer of a closed port arrives with a later packet, maybe one to another
// receiver, which must not lose it.
GST_START_TEST (test_closed_port)
{
  auto datagrams = frame ();
  UdpReceiver receiver;
  auto closed = std::make_unique<UdpReceiver> ();
  auto socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_UDP, nullptr);
  g_socket_set_option (socket, IPPROTO_IP, IP_RECVERR, 1, nullptr);
  SinkHarness h (to (*closed));
  closed.reset ();

  g_object_set (h.sink, "socket", socket, nullptr);
  g_signal_emit_by_name (h.sink, "add", "127.0.0.1", receiver.port ());
  h.start ();
  for (int i = 0; i < 10; i++) {
    fail_unless_equals_int (h.push_list (datagrams), GST_FLOW_OK);
    fail_unless (receiver.receive (datagrams.size ()) == datagrams);
  }
  fail_unless (h.error_count ("refused") > 0);
  fail_unless (h.take_warnings () == Datagrams{"refused"});
  fail_unless_equals_uint64 (
      h.stat ("packets-sent") + h.stat ("packets-failed"), 20 * 60);
  g_object_unref (socket);
}
GST_END_TEST;

GST_START_TEST (test_flush_and_eos)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));

  h.start ();
  h.push ("1");
  h.push_event (gst_event_new_flush_start ());
  fail_unless_equals_int (h.push ("lost"), GST_FLOW_FLUSHING);
  h.push_event (gst_event_new_flush_stop (TRUE));
  h.begin_stream ();
  fail_unless_equals_int (h.push ("2"), GST_FLOW_OK);
  fail_unless (receiver.receive (2) == (Datagrams{"1", "2"}));

  h.push_event (gst_event_new_eos ());
  auto message =
      gst_bus_timed_pop_filtered (h.bus, GST_SECOND, GST_MESSAGE_EOS);
  fail_unless (message != nullptr);
  gst_message_unref (message);
  fail_unless_equals_int (h.push ("late"), GST_FLOW_EOS);
}
GST_END_TEST;

// With sync, a packet leaves when its time has come, not before.
GST_START_TEST (test_sync)
{
  UdpReceiver receiver;
  auto h = gst_harness_new ("udpgsosink");
  g_object_set (h->element, "host", "127.0.0.1", "port", receiver.port (),
      "sync", TRUE, "async", FALSE, nullptr);
  gst_harness_use_testclock (h);
  gst_harness_set_src_caps_str (h, "application/x-rtp");
  auto clock = GST_TEST_CLOCK (gst_element_get_clock (h->element));

  std::thread stream ([h] {
    auto buffer = SinkHarness::make_buffer ("timed", 1);
    GST_BUFFER_PTS (buffer) = 5 * GST_SECOND;
    gst_harness_push (h, buffer);
  });
  gst_test_clock_wait_for_next_pending_id (clock, nullptr);
  fail_unless (receiver.drain ().empty ());
  gst_test_clock_set_time (clock, 5 * GST_SECOND);
  gst_clock_id_unref (gst_test_clock_process_next_clock_id (clock));
  fail_unless (receiver.receive (1) == Datagrams{"timed"});
  stream.join ();

  gst_object_unref (clock);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (test_start_and_stop_often)
{
  UdpReceiver receiver;
  SinkHarness h (to (receiver));

  for (int i = 0; i < 100; i++) {
    h.start ();
    fail_unless_equals_int (h.push ("1"), GST_FLOW_OK);
    h.stop ();
  }
  fail_unless_equals_int (receiver.receive (100).size (), 100);
}
GST_END_TEST;

static Suite *
udpgsosink_suite ()
{
  auto suite = suite_create ("udpgsosink");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_registered);
  tcase_add_test (tc, test_drop_in_for_udpsink);
  tcase_add_loop_test (tc, test_datagrams, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (tc, test_empty_buffer);
  tcase_add_test (tc, test_stats);
  tcase_add_test (tc, test_stats_of_a_run);
  tcase_add_test (tc, test_logs);
  tcase_add_test (tc, test_without_gso);
  tcase_add_test (tc, test_add_and_remove_while_playing);
  tcase_add_test (tc, test_clients);
  tcase_add_test (tc, test_host_and_port_while_playing);
  tcase_add_test (tc, test_destinations_in_a_storm);
  tcase_add_test (tc, test_unknown_host);
  tcase_add_test (tc, test_too_large);
  tcase_add_test (tc, test_closed_port);
  tcase_add_test (tc, test_flush_and_eos);
  tcase_add_test (tc, test_sync);
  tcase_add_test (tc, test_start_and_stop_often);

  return suite;
}

GST_CHECK_MAIN (udpgsosink)
