// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "delivery.h"

#include <cinttypes>
#include <cstdio>

#include <netinet/in.h>

#include <gio/gio.h>

namespace {

// A machine on which nobody listens may answer no more than once a second.
constexpr int seconds_of_doubt = 3;

} // namespace

Delivery::Delivery (const Pipeline &sender, const Destination &destination)
    : address_ ((destination.is_ipv6 ? '[' + destination.address + ']'
                                     : destination.address) +
                ':' + std::to_string (destination.port)),
      sink_ (sender.element ("udpsink"))
{
  // Refusals are reported only to sockets that request it.
  const bool is_ipv6 = destination.is_ipv6;
  GSocket *socket =
      g_socket_new (is_ipv6 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4,
          G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, nullptr);
  if (!socket)
    return;
  g_socket_set_option (socket, is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
      is_ipv6 ? IPV6_RECVERR : IP_RECVERR, 1, nullptr);
  g_object_set (
      sink_.get (), is_ipv6 ? "socket-v6" : "socket", socket, nullptr);
  g_object_unref (socket);
}

void
Delivery::look ()
{
  GstStructure *stats = nullptr;
  GstStructure *errors = nullptr;
  g_object_get (sink_.get (), "stats", &stats, nullptr);
  guint64 refusals = 0;
  const uint64_t sent_before = sent_;
  gst_structure_get (stats, "packets-sent", G_TYPE_UINT64, &sent_,
      "packets-failed", G_TYPE_UINT64, &failed_, "errors", GST_TYPE_STRUCTURE,
      &errors, nullptr);
  if (errors) {
    gst_structure_get_uint64 (errors, "refused", &refusals);
    gst_structure_free (errors);
  }
  gst_structure_free (stats);

  const bool refused_now = refusals > refusals_;
  refusals_ = refusals;
  if (refused_now)
    unrefused_for_ = 0;
  else if (sent_ > sent_before)
    unrefused_for_++;
  if (refused_now && !refused_) {
    refused_ = true;
    std::printf (
        "Nobody is listening at %s: its machine refuses the packets.\n",
        address_.c_str ());
  } else if (unrefused_for_ >= seconds_of_doubt) {
    if (refused_)
      std::printf ("Packets to %s are no longer refused.\n", address_.c_str ());
    refused_ = false;
    ever_taken_ = true;
  }
}

bool
Delivery::judge () const
{
  if (failed_ > 0)
    std::printf ("%" PRIu64 " of %" PRIu64 " packets could not be sent\n",
        failed_, failed_ + sent_);
  const bool nobody = refused_ && !ever_taken_;
  if (nobody)
    std::printf ("Nobody was listening at %s\n", address_.c_str ());
  else if (sent_ > 0)
    std::printf (
        "No recent refusal from %s; check there whether packets arrive\n",
        address_.c_str ());
  return failed_ == 0 && sent_ > 0 && !nobody;
}
