// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstudpgsosink_private.h"

#include "properties.h"
#include "send_stats.h"

#include <utility>

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace {

enum {
  PROP_0,
  PROP_HOST,
  PROP_PORT,
  PROP_CLIENTS,
  PROP_SEND_DUPLICATES,
  PROP_BIND_ADDRESS,
  PROP_BIND_PORT,
  PROP_TTL,
  PROP_TTL_MC,
  PROP_LOOP,
  PROP_AUTO_MULTICAST,
  PROP_MULTICAST_IFACE,
  PROP_QOS_DSCP,
  PROP_BUFFER_SIZE,
  PROP_SOCKET,
  PROP_SOCKET_V6,
  PROP_CLOSE_SOCKET,
  PROP_USED_SOCKET,
  PROP_USED_SOCKET_V6,
  PROP_BYTES_TO_SERVE,
  PROP_BYTES_SERVED,
  PROP_GSO,
  PROP_STATS,
};

} // namespace

// Replaces the destination that `host` and `port` describe.
static void
gst_udp_gso_sink_move_main (GstUdpGsoSink *self, const rfc2435::Endpoint &to)
{
  auto priv = self->priv;
  std::unique_lock lock (priv->state.lock);
  auto from = std::exchange (priv->main, to);
  lock.unlock ();

  priv->clients.remove (from);
  priv->clients.add (to);
}

static void
gst_udp_gso_sink_set_user_socket (
    GstUdpGsoSink *self, GSocket **which, GSocket *socket)
{
  auto priv = self->priv;
  auto &sockets = priv->state.sockets;
  g_autoptr (GSocket) before = nullptr;
  std::lock_guard lock (priv->state.lock);

  g_set_object (&before, *which);
  if (!g_set_object (which, socket))
    return;
  gst_udp_gso_sink_socket_setting_changed (self);
  if (before && priv->close_socket && before != sockets.v4 ().get () &&
      before != sockets.v6 ().get () && before != priv->socket &&
      before != priv->socket_v6)
    g_socket_close (before, nullptr);
}

static std::string
string_of (const GValue *value)
{
  auto text = g_value_get_string (value);
  return text ? text : "";
}

static void
gst_udp_gso_sink_set_property (
    GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  auto self = GST_UDP_GSO_SINK (object);
  auto priv = self->priv;
  auto &state = priv->state;
  auto &settings = state.settings;

  rfc2435::log_property (GST_CAT_DEFAULT, self, pspec, value);
  std::unique_lock lock (state.lock);
  switch (id) {
  case PROP_HOST: {
    rfc2435::Endpoint to{string_of (value), priv->main.port};
    lock.unlock ();
    gst_udp_gso_sink_move_main (self, to);
    return;
  }
  case PROP_PORT: {
    rfc2435::Endpoint to{priv->main.host, g_value_get_int (value)};
    lock.unlock ();
    gst_udp_gso_sink_move_main (self, to);
    return;
  }
  case PROP_CLIENTS:
    lock.unlock ();
    priv->clients.replace (rfc2435::parse_endpoints (string_of (value)));
    return;
  case PROP_SOCKET:
    lock.unlock ();
    gst_udp_gso_sink_set_user_socket (
        self, &priv->socket, G_SOCKET (g_value_get_object (value)));
    return;
  case PROP_SOCKET_V6:
    lock.unlock ();
    gst_udp_gso_sink_set_user_socket (
        self, &priv->socket_v6, G_SOCKET (g_value_get_object (value)));
    return;
  case PROP_SEND_DUPLICATES:
    state.send_duplicates = g_value_get_boolean (value);
    state.targets_outdated = true;
    return;
  case PROP_CLOSE_SOCKET:
    priv->close_socket = g_value_get_boolean (value);
    return;
  case PROP_GSO:
    state.gso = g_value_get_boolean (value);
    return;
  case PROP_BIND_ADDRESS:
    settings.bind_address = string_of (value);
    gst_udp_gso_sink_socket_setting_changed (self);
    return;
  case PROP_BIND_PORT:
    settings.bind_port = g_value_get_int (value);
    gst_udp_gso_sink_socket_setting_changed (self);
    return;
  case PROP_MULTICAST_IFACE:
    settings.multicast_iface = string_of (value);
    gst_udp_gso_sink_socket_setting_changed (self);
    return;
  case PROP_BUFFER_SIZE:
    settings.buffer_size = g_value_get_int (value);
    gst_udp_gso_sink_socket_setting_changed (self);
    return;
  case PROP_AUTO_MULTICAST:
    state.auto_multicast = g_value_get_boolean (value);
    gst_udp_gso_sink_socket_setting_changed (self);
    return;
  case PROP_TTL:
    settings.ttl = g_value_get_int (value);
    break;
  case PROP_TTL_MC:
    settings.ttl_mc = g_value_get_int (value);
    break;
  case PROP_LOOP:
    settings.loop = g_value_get_boolean (value);
    break;
  case PROP_QOS_DSCP:
    settings.qos_dscp = g_value_get_int (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  state.sockets.apply (settings);
}

static void
set_string_or_null (GValue *value, const std::string &text)
{
  g_value_set_string (value, text.empty () ? nullptr : text.c_str ());
}

static void
gst_udp_gso_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_UDP_GSO_SINK (object);
  auto priv = self->priv;
  auto &state = priv->state;
  auto &settings = state.settings;

  if (id == PROP_STATS) {
    g_value_take_boxed (
        value, rfc2435::make_stats (GST_BASE_SINK (self), state));
    return;
  }

  std::lock_guard lock (state.lock);
  switch (id) {
  case PROP_HOST:
    g_value_set_string (value, priv->main.host.c_str ());
    break;
  case PROP_PORT:
    g_value_set_int (value, priv->main.port);
    break;
  case PROP_CLIENTS:
    g_value_set_string (value, state.destinations.format ().c_str ());
    break;
  case PROP_SEND_DUPLICATES:
    g_value_set_boolean (value, state.send_duplicates);
    break;
  case PROP_BIND_ADDRESS:
    set_string_or_null (value, settings.bind_address);
    break;
  case PROP_BIND_PORT:
    g_value_set_int (value, settings.bind_port);
    break;
  case PROP_TTL:
    g_value_set_int (value, settings.ttl);
    break;
  case PROP_TTL_MC:
    g_value_set_int (value, settings.ttl_mc);
    break;
  case PROP_LOOP:
    g_value_set_boolean (value, settings.loop);
    break;
  case PROP_AUTO_MULTICAST:
    g_value_set_boolean (value, state.auto_multicast);
    break;
  case PROP_MULTICAST_IFACE:
    set_string_or_null (value, settings.multicast_iface);
    break;
  case PROP_QOS_DSCP:
    g_value_set_int (value, settings.qos_dscp);
    break;
  case PROP_BUFFER_SIZE:
    g_value_set_int (value, settings.buffer_size);
    break;
  case PROP_SOCKET:
    g_value_set_object (value, priv->socket);
    break;
  case PROP_SOCKET_V6:
    g_value_set_object (value, priv->socket_v6);
    break;
  case PROP_CLOSE_SOCKET:
    g_value_set_boolean (value, priv->close_socket);
    break;
  case PROP_USED_SOCKET:
    g_value_set_object (value, state.sockets.v4 ().get ());
    break;
  case PROP_USED_SOCKET_V6:
    g_value_set_object (value, state.sockets.v6 ().get ());
    break;
  case PROP_BYTES_TO_SERVE:
    g_value_set_uint64 (value, state.bytes_to_serve);
    break;
  case PROP_BYTES_SERVED:
    g_value_set_uint64 (value, state.totals.bytes_sent);
    break;
  case PROP_GSO:
    g_value_set_boolean (value, state.gso);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

void
gst_udp_gso_sink_install_properties (GObjectClass *klass)
{
  constexpr auto playing = rfc2435::property_flags (GST_PARAM_MUTABLE_PLAYING);
  constexpr auto ready = rfc2435::property_flags (GST_PARAM_MUTABLE_READY);
  constexpr auto read_only = rfc2435::read_only_property;
  auto install = [klass] (guint id, GParamSpec *pspec) {
    g_object_class_install_property (klass, id, pspec);
  };

  klass->set_property = gst_udp_gso_sink_set_property;
  klass->get_property = gst_udp_gso_sink_get_property;

  /**
   * GstUdpGsoSink:host:
   *
   * Name or address of the host or multicast group to send to. Setting it
   * replaces the destination that #GstUdpGsoSink:host and #GstUdpGsoSink:port
   * describe; others remain. To change both at once while playing, set
   * #GstUdpGsoSink:clients. A name that can't be resolved is tried again on the
   * way to PAUSED.
   *
   * Since: 0.1
   */
  install (PROP_HOST,
      g_param_spec_string ("host", "Host",
          "The name or address of the host or multicast group to send to",
          "localhost", playing));
  /**
   * GstUdpGsoSink:port:
   *
   * UDP port to send to, with #GstUdpGsoSink:host.
   *
   * Since: 0.1
   */
  install (PROP_PORT, g_param_spec_int ("port", "Port",
                          "The UDP port to send to", 0, 65535, 5004, playing));
  /**
   * GstUdpGsoSink:clients:
   *
   * All destinations, as
   * "192.0.2.1:5004,camera.example:5004,[2001:db8::1]:5004". Setting it
   * replaces the whole list, including the one of #GstUdpGsoSink:host;
   * destinations in both lists are not disturbed. Anything other than host:port
   * with a port from 1 to 65535 is ignored.
   *
   * Since: 0.1
   */
  install (PROP_CLIENTS,
      g_param_spec_string ("clients", "Clients",
          "All destinations as a comma-separated list of host:port",
          "localhost:5004", playing));
  /**
   * GstUdpGsoSink:send-duplicates:
   *
   * Whether a destination added several times gets each packet as many times.
   *
   * Since: 0.1
   */
  install (PROP_SEND_DUPLICATES,
      g_param_spec_boolean ("send-duplicates", "Send Duplicates",
          "Whether a destination added several times gets each packet as many "
          "times",
          TRUE, playing));
  /**
   * GstUdpGsoSink:bind-address:
   *
   * Address to send from. Null means any, for both IPv4 and IPv6; an address
   * restricts the sink to its family, except for "::", which serves both.
   *
   * Since: 0.1
   */
  install (PROP_BIND_ADDRESS,
      g_param_spec_string ("bind-address", "Bind Address",
          "The address to send from (null = any)", nullptr, ready));
  /**
   * GstUdpGsoSink:bind-port:
   *
   * UDP port to send from; 0 leaves the choice to the kernel.
   *
   * Since: 0.1
   */
  install (PROP_BIND_PORT,
      g_param_spec_int ("bind-port", "Bind Port",
          "The UDP port to send from (0 = any)", 0, 65535, 0, ready));
  /**
   * GstUdpGsoSink:ttl:
   *
   * Time to live (IPv6: hop limit) of packets to single hosts. 0 has no effect:
   * Linux does not accept it.
   *
   * Since: 0.1
   */
  install (PROP_TTL,
      g_param_spec_int ("ttl", "Unicast TTL",
          "The time to live of packets to single hosts", 0, 255, 64, playing));
  /**
   * GstUdpGsoSink:ttl-mc:
   *
   * Time to live (IPv6: hop limit) of packets to multicast groups.
   *
   * Since: 0.1
   */
  install (PROP_TTL_MC, g_param_spec_int ("ttl-mc", "Multicast TTL",
                            "The time to live of packets to multicast groups",
                            0, 255, 1, playing));
  /**
   * GstUdpGsoSink:loop:
   *
   * Whether receivers on this host get the packets sent to multicast groups.
   *
   * Since: 0.1
   */
  install (PROP_LOOP, g_param_spec_boolean ("loop", "Multicast Loopback",
                          "Whether receivers on this host get the packets sent "
                          "to multicast groups",
                          TRUE, playing));
  /**
   * GstUdpGsoSink:auto-multicast:
   *
   * Whether to join the multicast groups that packets are sent to. A group that
   * can't be joined gets the packets all the same.
   *
   * Since: 0.1
   */
  install (PROP_AUTO_MULTICAST,
      g_param_spec_boolean ("auto-multicast", "Automatic Multicast",
          "Whether to join the multicast groups that packets are sent to", TRUE,
          ready));
  /**
   * GstUdpGsoSink:multicast-iface:
   *
   * Network interface to join multicast groups on. As with udpsink, all packets
   * are sent from it, not only those to groups.
   *
   * Since: 0.1
   */
  install (PROP_MULTICAST_IFACE,
      g_param_spec_string ("multicast-iface", "Multicast Interface",
          "The network interface to send multicast packets from and to join "
          "groups on (null = as routed)",
          nullptr, ready));
  /**
   * GstUdpGsoSink:qos-dscp:
   *
   * Differentiated services code point of the packets; -1 leaves it unchanged.
   *
   * Since: 0.1
   */
  install (PROP_QOS_DSCP,
      g_param_spec_int ("qos-dscp", "QoS DSCP",
          "The differentiated services code point of the packets "
          "(-1 = unchanged)",
          -1, 63, -1, playing));
  /**
   * GstUdpGsoSink:buffer-size:
   *
   * Size of the kernel's send buffer in bytes (SO_SNDBUF); 0 means the system's
   * default.
   *
   * Since: 0.1
   */
  install (PROP_BUFFER_SIZE,
      g_param_spec_int ("buffer-size", "Buffer Size",
          "The size of the kernel's send buffer in bytes (0 = default)", 0,
          G_MAXINT, 0, ready));
  /**
   * GstUdpGsoSink:socket:
   *
   * Socket to send from instead of the sink's own. If it is non-blocking
   * (#GSocket:blocking), packets that do not fit into its buffer are lost and
   * counted as `queue-full`.
   *
   * Since: 0.1
   */
  install (PROP_SOCKET,
      g_param_spec_object ("socket", "Socket",
          "The socket to send from (null = open one)", G_TYPE_SOCKET, ready));
  /**
   * GstUdpGsoSink:socket-v6:
   *
   * IPv6 socket to send from, alone or together with an IPv4 socket in
   * #GstUdpGsoSink:socket.
   *
   * Since: 0.1
   */
  install (PROP_SOCKET_V6, g_param_spec_object ("socket-v6", "Socket IPv6",
                               "The IPv6 socket to send from (null = open one)",
                               G_TYPE_SOCKET, ready));
  /**
   * GstUdpGsoSink:close-socket:
   *
   * Whether to close sockets set as properties when going to NULL or when they
   * are replaced.
   *
   * Since: 0.1
   */
  install (
      PROP_CLOSE_SOCKET, g_param_spec_boolean ("close-socket", "Close Socket",
                             "Whether to close sockets set as properties when "
                             "going to NULL or when they are replaced",
                             TRUE, playing));
  /**
   * GstUdpGsoSink:used-socket:
   *
   * IPv4 socket that packets are sent from, or null.
   *
   * Since: 0.1
   */
  install (PROP_USED_SOCKET,
      g_param_spec_object ("used-socket", "Used Socket",
          "The IPv4 socket that packets are sent from (null = none)",
          G_TYPE_SOCKET, read_only));
  /**
   * GstUdpGsoSink:used-socket-v6:
   *
   * IPv6 socket that packets are sent from, or null.
   *
   * Since: 0.1
   */
  install (PROP_USED_SOCKET_V6,
      g_param_spec_object ("used-socket-v6", "Used Socket IPv6",
          "The IPv6 socket that packets are sent from (null = none)",
          G_TYPE_SOCKET, read_only));
  /**
   * GstUdpGsoSink:bytes-to-serve:
   *
   * Bytes received from upstream in this run (see #GstUdpGsoSink:stats).
   *
   * Since: 0.1
   */
  install (PROP_BYTES_TO_SERVE,
      g_param_spec_uint64 ("bytes-to-serve", "Bytes To Serve",
          "The number of bytes received from upstream", 0, G_MAXUINT64, 0,
          read_only));
  /**
   * GstUdpGsoSink:bytes-served:
   *
   * Bytes sent to all destinations, in this run (see #GstUdpGsoSink:stats).
   *
   * Since: 0.1
   */
  install (
      PROP_BYTES_SERVED, g_param_spec_uint64 ("bytes-served", "Bytes Served",
                             "The number of bytes sent to all destinations", 0,
                             G_MAXUINT64, 0, read_only));
  /**
   * GstUdpGsoSink:gso:
   *
   * Whether to use the kernel's UDP segmentation offload where available.
   * Without it, the datagrams are the same but cost more CPU time.
   *
   * Since: 0.1
   */
  install (PROP_GSO, g_param_spec_boolean ("gso", "Segmentation Offload",
                         "Whether to use the kernel's UDP segmentation offload "
                         "(GSO) where available",
                         TRUE, playing));
  /**
   * GstUdpGsoSink:stats:
   *
   * Counters of this run, starting on the way from READY to PAUSED, or of the
   * last one, a structure `application/x-udpgsosink-stats` with these guint64
   * fields:
   *
   * * `packets-to-serve`, `bytes-to-serve`: packets and bytes received from
   *   upstream
   * * `packets-sent`, `bytes-sent`: passed to the network, for all destinations
   *   together
   * * `packets-failed`: packets that could not be sent, for all destinations
   *   together
   * * `send-calls`: system calls made to send them
   * * `gso-runs`: runs of packets sent with segmentation offload
   * * `gso-packets`: packets in these runs
   *
   * with `errors`, a structure with a guint64 for each kind of error that the
   * kernel reported: `queue-full`, `refused` (a receiver's port is closed),
   * `unreachable`, `too-large`, `not-permitted`, `other`; an error can cost a
   * run of packets or, if it came from an earlier packet, none;
   *
   * with `destinations`, an array of structures with the same counters for each
   * (except `send-calls`, since one can serve all), and `host` (string), `port`
   * (gint), `address` (string, empty if the host could not be resolved),
   * `connect-time` and `disconnect-time` (guint64, nanoseconds since 1970, 0 if
   * not yet), `gso-refusal` (string: why segmentation offload is not used there
   * for packets of some size or all, or empty);
   *
   * and with `rendered`, `dropped` and `average-rate` of #GstBaseSink:stats,
   * which count a list of buffers as one.
   *
   * Since: 0.1
   */
  install (PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Counters of this run or the last one: packets, bytes, system calls "
          "and errors by kind, in total and per destination",
          GST_TYPE_STRUCTURE, read_only));
}
