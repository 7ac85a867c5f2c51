// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "send_stats.h"

#include <arpa/inet.h>

namespace rfc2435 {

// Adds the counters as fields of a structure.
static void
add_counters (GstStructure *structure, const SendCounters &counters,
    const ErrorCounters &error_counters)
{
  auto errors = gst_structure_new_empty ("errors");
  for (std::size_t i = 0; i < send_error_count; i++) {
    auto kind = static_cast<SendError> (i);
    if (auto count = error_counters[kind])
      gst_structure_set (errors, name (kind), G_TYPE_UINT64, count, nullptr);
  }
  gst_structure_set (structure,                                 //
      "packets-sent", G_TYPE_UINT64, counters.packets_sent,     //
      "bytes-sent", G_TYPE_UINT64, counters.bytes_sent,         //
      "packets-failed", G_TYPE_UINT64, counters.packets_failed, //
      "gso-runs", G_TYPE_UINT64, counters.gso_runs,             //
      "gso-packets", G_TYPE_UINT64, counters.gso_packets,       //
      "errors", GST_TYPE_STRUCTURE, errors,                     //
      nullptr);
  gst_structure_free (errors);
}

static std::string
format_address (const SocketAddress &address)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (!address)
    return text;
  auto &storage = address.storage;
  if (address.family () == AF_INET)
    inet_ntop (AF_INET,
        &reinterpret_cast<const sockaddr_in &> (storage).sin_addr, text,
        sizeof text);
  else
    inet_ntop (AF_INET6,
        &reinterpret_cast<const sockaddr_in6 &> (storage).sin6_addr, text,
        sizeof text);
  return text;
}

GstStructure *
to_structure (const Destination &destination)
{
  auto refusal = destination.gso.refusal ();
  auto structure = gst_structure_new ("destination",                     //
      "host", G_TYPE_STRING, destination.endpoint.host.c_str (),         //
      "port", G_TYPE_INT, destination.endpoint.port,                     //
      "address", G_TYPE_STRING,                                          //
      format_address (destination.address).c_str (),                     //
      "connect-time", G_TYPE_UINT64, destination.connect_time,           //
      "disconnect-time", G_TYPE_UINT64, destination.disconnect_time,     //
      "gso-refusal", G_TYPE_STRING, refusal ? g_strerror (refusal) : "", //
      nullptr);
  add_counters (structure, destination.counters, destination.errors);
  return structure;
}

GstStructure *
make_stats (GstBaseSink *sink, SharedState &state)
{
  auto base_class = G_OBJECT_CLASS (g_type_class_peek (GST_TYPE_BASE_SINK));
  auto base_pspec = g_object_class_find_property (base_class, "stats");
  GValue base = G_VALUE_INIT;

  g_value_init (&base, GST_TYPE_STRUCTURE);
  base_class->get_property (
      G_OBJECT (sink), base_pspec->param_id, &base, base_pspec);
  auto stats = gst_structure_copy (
      static_cast<GstStructure *> (g_value_get_boxed (&base)));
  g_value_unset (&base);
  gst_structure_set_name (stats, "application/x-udpgsosink-stats");

  GValue list = G_VALUE_INIT;
  g_value_init (&list, GST_TYPE_ARRAY);
  std::lock_guard lock (state.lock);
  gst_structure_set (stats, "packets-to-serve", G_TYPE_UINT64,
      state.packets_to_serve, "bytes-to-serve", G_TYPE_UINT64,
      state.bytes_to_serve, "send-calls", G_TYPE_UINT64, state.send_calls,
      nullptr);
  add_counters (stats, state.totals, state.errors);
  for (auto &destination : state.destinations) {
    GValue item = G_VALUE_INIT;
    g_value_init (&item, GST_TYPE_STRUCTURE);
    g_value_take_boxed (&item, to_structure (*destination));
    gst_value_array_append_and_take_value (&list, &item);
  }
  gst_structure_take_value (stats, "destinations", &list);
  return stats;
}

} // namespace rfc2435
