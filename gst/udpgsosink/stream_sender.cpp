// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_sender.h"

#include "stream_socket.h"

#include <cerrno>
#include <utility>

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace rfc2435 {

StreamSender::StreamSender (GstBaseSink *sink, SharedState &state)
    : sink_ (sink), state_ (state), report_ (GST_ELEMENT (sink))
{}

void
StreamSender::add (GstBuffer *packet)
{
  if (!packets_.add (packet))
    GST_WARNING_OBJECT (sink_, "could not map %" GST_PTR_FORMAT, packet);
}

// Called with the state's lock held.
void
StreamSender::select_targets ()
{
  auto &[v4, v6, none] = groups_;
  auto &sockets = state_.sockets;

  for (auto &group : groups_) {
    group.destinations.clear ();
    group.targets.clear ();
  }
  v4.socket = &sockets.v4 ();
  v6.socket = &sockets.v6 ();
  for (auto &destination : state_.destinations) {
    auto socket = destination->address
                      ? sockets.for_family (destination->address.family ())
                      : nullptr;
    auto &group = !socket ? none : socket == v4.socket ? v4 : v6;
    auto copies = state_.send_duplicates ? destination->add_count : 1;
    group.destinations.insert (group.destinations.end (), copies, destination);
    group.targets.insert (group.targets.end (), copies,
        SendTarget{&destination->address, &destination->gso});
  }
}

void
StreamSender::begin_batch ()
{
  auto &batch = packets_.batch ();
  std::lock_guard lock (state_.lock);

  state_.streaming = true;
  state_.packets_to_serve += batch.packet_count ();
  state_.bytes_to_serve += batch.byte_count ();
  use_gso_ = state_.gso && state_.sockets.supports_gso ();
  if (std::exchange (state_.targets_outdated, false))
    select_targets ();
}

GstFlowReturn
StreamSender::send_to (Group &group)
{
  auto &batch = packets_.batch ();
  DatagramSender::Outcome outcome;
  auto flow = GST_FLOW_OK;

  if (group.targets.empty ())
    return flow;
  if (group.socket) {
    StreamSocket stream (sink_, *group.socket, cancellable_);
    outcome = sender_.send (
        stream, group.targets, use_gso_, batch, GsoPolicy::Clock::now ());
    if (outcome.cancelled)
      flow = stream.flow ();
  } else {
    for (auto &target : group.targets) {
      target.result.last_error = EADDRNOTAVAIL;
      target.result.errors.count (SendError::unreachable);
      target.result.counters.packets_failed = batch.packet_count ();
    }
  }
  GST_LOG_OBJECT (sink_,
      "%" G_GSIZE_FORMAT " packets, %" G_GSIZE_FORMAT
      " bytes in %" G_GSIZE_FORMAT " runs to %" G_GSIZE_FORMAT
      " destinations: %" G_GUINT64_FORMAT " calls",
      batch.packet_count (), batch.byte_count (), batch.runs ().size (),
      group.targets.size (), outcome.calls);

  count (group, outcome.calls);
  report (group);
  for (auto &target : group.targets)
    target.result = {};
  return flow;
}

void
StreamSender::count (Group &group, std::uint64_t calls)
{
  std::lock_guard lock (state_.lock);

  state_.send_calls += calls;
  for (std::size_t i = 0; i < group.targets.size (); i++) {
    auto &[counters, errors, last_error, failed, refused, resumed] =
        group.targets[i].result;
    auto &destination = *group.destinations[i];
    destination.counters += counters;
    state_.totals += counters;
    if (last_error) {
      destination.errors += errors;
      state_.errors += errors;
    }
  }
}

// Reports what a destination's counters don't show.
void
StreamSender::report (const Group &group)
{
  auto fd = group.socket ? group.socket->fd () : -1;

  for (std::size_t i = 0; i < group.targets.size (); i++) {
    auto &destination = *group.destinations[i];
    auto &result = group.targets[i].result;

    // An unknown name was reported when it was looked up.
    if (G_UNLIKELY (result.last_error && destination.address))
      report_.failure (fd, destination, result);
    if (G_UNLIKELY (result.refused_size))
      report_.refusal (fd, destination, result);
    if (G_UNLIKELY (result.gso_resumed))
      GST_INFO_OBJECT (sink_, "segmentation offload to %s again",
          format (destination.endpoint).c_str ());
  }
}

GstFlowReturn
StreamSender::send ()
{
  auto flow = GST_FLOW_OK;

  packets_.batch ().plan ();
  begin_batch ();
  for (auto &group : groups_) {
    if (flow == GST_FLOW_OK)
      flow = send_to (group);
  }
  packets_.release ();
  return flow;
}

} // namespace rfc2435
