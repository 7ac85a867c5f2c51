// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stream_socket.h"

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace rfc2435 {

DatagramSocket::Room
StreamSocket::wait_for_room ()
{
  g_autoptr (GError) error = nullptr;
  auto socket = socket_.get ();

  if (!g_socket_get_blocking (socket))
    return Room::none;
  GST_LOG_OBJECT (sink_, "waiting for room in the send buffer");
  if (g_socket_condition_wait (socket, G_IO_OUT, cancellable_, &error))
    return Room::available;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return Room::none;
  // Paused: the rest is sent when the pipeline plays again.
  GST_DEBUG_OBJECT (sink_, "interrupted while waiting for room");
  flow_ = gst_base_sink_wait_preroll (sink_);
  return flow_ == GST_FLOW_OK ? Room::available : Room::cancelled;
}

} // namespace rfc2435
