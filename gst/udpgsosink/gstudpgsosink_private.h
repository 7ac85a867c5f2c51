// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gstudpgsosink.h"

#include "clients.h"
#include "shared_state.h"
#include "stream_sender.h"

struct GstUdpGsoSinkPrivate {
  explicit GstUdpGsoSinkPrivate (GstBaseSink *sink)
      : clients (GST_ELEMENT (sink), state), sender (sink, state)
  {}
  ~GstUdpGsoSinkPrivate ()
  {
    g_clear_object (&socket);
    g_clear_object (&socket_v6);
  }
  GstUdpGsoSinkPrivate (const GstUdpGsoSinkPrivate &) = delete;
  GstUdpGsoSinkPrivate &operator= (const GstUdpGsoSinkPrivate &) = delete;

  rfc2435::SharedState state;

  // Under the state's lock
  rfc2435::Endpoint main{"localhost", 5004}; // `host` and `port`
  bool close_socket = true;
  GSocket *socket = nullptr; // the user's
  GSocket *socket_v6 = nullptr;

  rfc2435::Clients clients;
  rfc2435::StreamSender sender; // used by the streaming thread
};

struct _GstUdpGsoSink {
  GstBaseSink parent;
  GstUdpGsoSinkPrivate *priv;
};

// To be called after a change of a property that determines the sockets, with
// the state's lock held. Once packets flow, the change waits for the next run.
void gst_udp_gso_sink_socket_setting_changed (GstUdpGsoSink *self);

void gst_udp_gso_sink_install_properties (GObjectClass *klass);
