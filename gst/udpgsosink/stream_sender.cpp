// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_sender.h"

#include "stream_socket.h"

#include <cerrno>

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

void
StreamSender::count (Destination &to, const SendCounters &counters)
{
  std::lock_guard lock (state_.lock);
  to.counters += counters;
  state_.totals += counters;
}

GstFlowReturn
StreamSender::send_to (Destination &to, bool use_gso)
{
  auto &batch = packets_.batch ();
  auto socket =
      to.address ? state_.sockets.for_family (to.address.family ()) : nullptr;

  if (!socket) {
    SendResult unreachable{.last_error = EADDRNOTAVAIL};
    unreachable.counters.packets_failed = batch.packet_count ();
    unreachable.counters
        .errors[static_cast<std::size_t> (SendError::unreachable)] = 1;
    count (to, unreachable.counters);
    report_.failure (-1, to, unreachable);
    return GST_FLOW_OK;
  }

  StreamSocket stream (sink_, state_.sockets, socket, cancellable_);
  auto result = sender_.send (stream, to.address, use_gso, to.gso, batch);
  count (to, result.counters);
  if (G_UNLIKELY (result.last_error))
    report_.failure (g_socket_get_fd (socket), to, result);
  if (G_UNLIKELY (result.refused_size))
    report_.refusal (g_socket_get_fd (socket), to, result);
  return result.cancelled ? stream.flow () : GST_FLOW_OK;
}

GstFlowReturn
StreamSender::send ()
{
  auto &batch = packets_.batch ();
  auto flow = GST_FLOW_OK;

  batch.plan ();
  std::unique_lock lock (state_.lock);
  bool use_gso = state_.gso && state_.sockets.supports_gso ();
  for (auto &destination : state_.destinations)
    targets_.push_back (
        {destination, state_.send_duplicates ? destination->add_count : 1});
  state_.packets_to_serve += batch.packet_count ();
  state_.bytes_to_serve += batch.byte_count ();
  lock.unlock ();

  for (auto &[destination, copies] : targets_) {
    for (unsigned i = 0; i < copies && flow == GST_FLOW_OK; i++)
      flow = send_to (*destination, use_gso);
  }
  targets_.clear ();
  packets_.release ();
  return flow;
}

} // namespace rfc2435
