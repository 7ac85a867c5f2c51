// SPDX-License-Identifier: LGPL-2.1-or-later
#include "send_stats.h"

#include <arpa/inet.h>

namespace rfc2435 {

void
add_counters (GstStructure *structure, const SendCounters &counters)
{
  auto errors = gst_structure_new_empty ("errors");
  for (std::size_t i = 0; i < counters.errors.size (); i++) {
    if (counters.errors[i] > 0)
      gst_structure_set (errors, name (static_cast<SendError> (i)),
          G_TYPE_UINT64, counters.errors[i], nullptr);
  }
  gst_structure_set (structure,                                 //
      "packets-sent", G_TYPE_UINT64, counters.packets_sent,     //
      "bytes-sent", G_TYPE_UINT64, counters.bytes_sent,         //
      "packets-failed", G_TYPE_UINT64, counters.packets_failed, //
      "send-calls", G_TYPE_UINT64, counters.calls,              //
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
  add_counters (structure, destination.counters);
  return structure;
}

} // namespace rfc2435
