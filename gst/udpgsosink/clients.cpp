// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clients.h"

#include <algorithm>
#include <utility>

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace rfc2435 {

static guint64
now_ns ()
{
  return static_cast<guint64> (g_get_real_time ()) * GST_USECOND;
}

void
Clients::emit (const char *signal, const Endpoint &endpoint)
{
  g_signal_emit_by_name (sink_, signal, endpoint.host.c_str (), endpoint.port);
}

// Called with the lock held. A group is joined once, by its first destination.
void
Clients::join (Destination &destination)
{
  std::string error;

  if (!state_.auto_multicast || !state_.sockets.is_open () ||
      !destination.is_multicast ())
    return;
  for (auto &other : state_.destinations) {
    if (other->joined && other->same_group (destination))
      return;
  }
  destination.joined = state_.sockets.join (destination.address, error);
  // Sending to a group does not require being a member of it.
  if (!destination.joined)
    GST_WARNING_OBJECT (sink_, "could not join %s: %s",
        destination.endpoint.host.c_str (), error.c_str ());
}

// Called with the lock held, after the destination was removed from the list.
void
Clients::leave (Destination &destination)
{
  if (!std::exchange (destination.joined, false))
    return;
  for (auto &other : state_.destinations) {
    if (other->same_group (destination)) {
      other->joined = true;
      return;
    }
  }
  state_.sockets.leave (destination.address);
}

void
Clients::join_all ()
{
  for (auto &destination : state_.destinations)
    join (*destination);
}

void
Clients::leave_all ()
{
  for (auto &destination : state_.destinations) {
    if (std::exchange (destination->joined, false))
      state_.sockets.leave (destination->address);
  }
}

void
Clients::report_unknown (const Endpoint &endpoint, const std::string &error)
{
  auto details = gst_structure_new ("udpgsosink-error",      //
      "cause", G_TYPE_STRING, name (SendError::unreachable), //
      "host", G_TYPE_STRING, endpoint.host.c_str (),         //
      "port", G_TYPE_INT, endpoint.port,                     //
      "packets-failed", G_TYPE_UINT64, guint64{0}, nullptr);
  gst_element_message_full_with_details (sink_, GST_MESSAGE_WARNING,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      g_strdup_printf ("Could not resolve %s: nothing is sent to it.",
          endpoint.host.c_str ()),
      g_strdup (error.c_str ()), __FILE__, GST_FUNCTION, __LINE__, details);
}

SocketAddress
Clients::resolve (const Endpoint &endpoint)
{
  std::string error;

  std::unique_lock lock (state_.lock);
  bool running = state_.running;
  bool ipv4_only = state_.sockets.is_open () && !state_.sockets.v6 ();
  lock.unlock ();
  auto address = rfc2435::resolve (endpoint, ipv4_only, error);
  if (address)
    return address;

  if (running)
    report_unknown (endpoint, error);
  else // tried again on the way to PAUSED
    GST_INFO_OBJECT (sink_, "could not resolve %s: %s", endpoint.host.c_str (),
        error.c_str ());
  return address;
}

void
Clients::resolve_again ()
{
  std::unique_lock lock (state_.lock);
  auto destinations = state_.destinations;
  lock.unlock ();

  for (auto &destination : destinations) {
    lock.lock ();
    auto &address = destination->address;
    bool served = address && state_.sockets.for_family (address.family ());
    lock.unlock ();
    if (served)
      continue;
    auto other = resolve (destination->endpoint);
    lock.lock ();
    address = other;
    state_.targets_outdated = true;
    lock.unlock ();
  }
}

DestinationRef
Clients::make (const Endpoint &endpoint)
{
  auto destination = std::make_shared<Destination> (endpoint);

  destination->address = resolve (endpoint);
  destination->connect_time = now_ns ();
  return destination;
}

void
Clients::add (const Endpoint &endpoint)
{
  std::unique_lock lock (state_.lock);
  auto destination = state_.destinations.find (endpoint);

  if (!destination) {
    lock.unlock ();
    auto made = make (endpoint);
    lock.lock ();
    destination = state_.destinations.find (endpoint);
    if (!destination) {
      destination = std::move (made);
      join (*destination);
      state_.destinations.append (destination);
    }
  }
  auto count = ++destination->add_count;
  state_.targets_outdated = true;
  lock.unlock ();

  GST_DEBUG_OBJECT (
      sink_, "added %s, %u times now", format (endpoint).c_str (), count);
  emit ("client-added", endpoint);
}

void
Clients::remove (const Endpoint &endpoint)
{
  std::unique_lock lock (state_.lock);
  auto destination = state_.destinations.find (endpoint);

  if (!destination) {
    GST_INFO_OBJECT (
        sink_, "%s is not a destination", format (endpoint).c_str ());
    return;
  }
  state_.targets_outdated = true;
  if (--destination->add_count > 0)
    return;
  GST_DEBUG_OBJECT (sink_, "removing %s", format (endpoint).c_str ());
  state_.destinations.remove (destination);
  leave (*destination);
  destination->disconnect_time = now_ns ();
  state_.leaving.append (destination);
  lock.unlock ();

  emit ("client-removed", endpoint);

  lock.lock ();
  state_.leaving.remove (destination);
}

void
Clients::replace (const std::vector<Endpoint> &endpoints)
{
  DestinationList next;

  for (auto &endpoint : endpoints) {
    if (next.find (endpoint))
      continue;
    std::unique_lock lock (state_.lock);
    auto destination = state_.destinations.find (endpoint);
    lock.unlock ();
    next.append (destination ? destination : make (endpoint));
  }

  std::unique_lock lock (state_.lock);
  auto kept = next.replace ({});
  for (auto &destination : kept)
    destination->add_count = static_cast<unsigned> (std::count (
        endpoints.begin (), endpoints.end (), destination->endpoint));
  auto before = state_.destinations.replace (kept);
  state_.targets_outdated = true;
  for (auto &destination : before) {
    if (!state_.destinations.find (destination->endpoint))
      leave (*destination);
  }
  for (auto &destination : kept) {
    if (!destination->joined)
      join (*destination);
  }
  lock.unlock ();

  for (auto &endpoint : endpoints)
    emit ("client-added", endpoint);
}

} // namespace rfc2435
