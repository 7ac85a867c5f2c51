// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-udpgsosink
 * @title: udpgsosink
 * @short_description: sends packets by UDP with segmentation offload
 * @see_also: udpsink, multiudpsink
 *
 * Sends each buffer as a UDP datagram to one or more destinations, as udpsink
 * does, with its properties, signals and actions. Receivers see the same
 * datagrams.
 *
 * If buffers arrive in a list, as RTP payloaders for video push them, packets
 * of equal size are passed to the kernel as one block and split there (Linux's
 * UDP generic segmentation offload), which takes a fraction of the CPU time. If
 * the kernel, the device or a tunnel refuses that, packets are sent one by one,
 * to that destination only and without losing any; segmentation is tried again
 * every five seconds.
 *
 * The sockets are opened on the way to READY. The properties that determine
 * them can be changed until the first packet is sent; after that, a change
 * takes effect the next time the sink passes through READY.
 *
 * Network failures do not stop the pipeline: packets that can't be sent are
 * counted in #GstUdpGsoSink:stats and explained in a WARNING message, the first
 * time for each cause and then at most every five seconds. The message's
 * details are a structure `udpgsosink-error` with `cause` (string:
 * `queue-full`, `refused`, `unreachable`, `too-large`, `not-permitted`,
 * `other`, or `fragmented` for packets that are sent, but in IP fragments),
 * `host` (string), `port` (gint), `packets-failed` (guint64, of this
 * destination so far), and for `too-large` and `fragmented` `mtu` (guint), the
 * largest datagram that would fit.
 *
 * udpsink's `force-ipv4`, which has no effect there either, is not implemented,
 * and neither is its URI handler, which could make `udp://` select this
 * element.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! image/jpeg ! rfc2435pay ! udpgsosink host=192.0.2.1
 * ]| Sends a camera's pictures.
 * |[
 * gst-launch-1.0 v4l2src ! image/jpeg ! rfc2435pay ! udpgsosink
 * clients=192.0.2.1:5004,192.0.2.2:5004
 * ]| Sends them to two receivers.
 *
 * Since: 0.1
 */

#include "config.h"

#include "gstudpgsosink_private.h"

#include "gstrfc2435elements.h"
#include "send_stats.h"

GST_DEBUG_CATEGORY (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

G_DEFINE_TYPE (GstUdpGsoSink, gst_udp_gso_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (
    udpgsosink, "udpgsosink", GST_RANK_NONE, GST_TYPE_UDP_GSO_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

// ---- Actions ---------------------------------------------------------------

static void
gst_udp_gso_sink_add (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_if_fail (host != nullptr && port >= 0 && port <= 65535);

  self->priv->clients.add ({host, port});
}

static void
gst_udp_gso_sink_remove (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_if_fail (host != nullptr);

  self->priv->clients.remove ({host, port});
}

static void
gst_udp_gso_sink_clear (GstUdpGsoSink *self)
{
  self->priv->clients.replace ({});
}

static GstStructure *
gst_udp_gso_sink_get_stats (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_val_if_fail (host != nullptr, nullptr);
  auto &state = self->priv->state;
  rfc2435::Endpoint endpoint{host, port};

  std::lock_guard lock (state.lock);
  auto destination = state.destinations.find (endpoint);
  if (!destination)
    destination = state.leaving.find (endpoint);
  // Bindings can't cope with null here.
  return destination ? rfc2435::to_structure (*destination)
                     : gst_structure_new_empty ("destination");
}

// ---- Stream ----------------------------------------------------------------

static GstFlowReturn
gst_udp_gso_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  auto &sender = GST_UDP_GSO_SINK (sink)->priv->sender;

  if (gst_buffer_n_memory (buffer) == 0)
    return GST_FLOW_OK;
  sender.add (buffer);
  return sender.send ();
}

static GstFlowReturn
gst_udp_gso_sink_render_list (GstBaseSink *sink, GstBufferList *list)
{
  auto &sender = GST_UDP_GSO_SINK (sink)->priv->sender;
  auto count = gst_buffer_list_length (list);

  for (guint i = 0; i < count; i++)
    sender.add (gst_buffer_list_get (list, i));
  return sender.send ();
}

// ---- States ----------------------------------------------------------------

// Called with the state's lock held.
static bool
gst_udp_gso_sink_open (GstUdpGsoSink *self, std::string &error)
{
  auto priv = self->priv;
  auto &state = priv->state;
  auto &sockets = state.sockets;
  g_autoptr (GSocket) before = nullptr;
  g_autoptr (GSocket) before_v6 = nullptr;

  priv->clients.leave_all ();
  g_set_object (&before, sockets.v4 ().get ());
  g_set_object (&before_v6, sockets.v6 ().get ());
  sockets.close (false);
  for (auto socket : {before, before_v6}) {
    if (socket && priv->close_socket && socket != priv->socket &&
        socket != priv->socket_v6)
      g_socket_close (socket, nullptr);
  }
  bool opened =
      sockets.open (priv->socket, priv->socket_v6, state.settings, error);
  state.sockets_outdated = !opened;
  state.targets_outdated = true;
  if (opened)
    priv->clients.join_all ();
  return opened;
}

static bool
gst_udp_gso_sink_open_or_post (GstUdpGsoSink *self)
{
  auto &state = self->priv->state;
  std::string error;

  std::unique_lock lock (state.lock);
  bool opened = gst_udp_gso_sink_open (self, error);
  auto settings = state.settings;
  lock.unlock ();
  if (!opened)
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_WRITE,
        ("Could not open a socket to send from: %s", error.c_str ()),
        ("bind-address=%s bind-port=%d", settings.bind_address.c_str (),
            settings.bind_port));
  return opened;
}

void
gst_udp_gso_sink_socket_setting_changed (GstUdpGsoSink *self)
{
  auto &state = self->priv->state;
  std::string error;

  state.sockets_outdated = true;
  if (!state.started || state.streaming)
    return;
  // It may still work once other properties are set.
  if (!gst_udp_gso_sink_open (self, error))
    GST_INFO_OBJECT (self, "no socket with these settings: %s", error.c_str ());
}

static gboolean
gst_udp_gso_sink_start (GstBaseSink *sink)
{
  auto self = GST_UDP_GSO_SINK (sink);

  if (!gst_udp_gso_sink_open_or_post (self))
    return FALSE;
  std::lock_guard lock (self->priv->state.lock);
  self->priv->state.started = true;
  return TRUE;
}

static gboolean
gst_udp_gso_sink_stop (GstBaseSink *sink)
{
  auto priv = GST_UDP_GSO_SINK (sink)->priv;
  std::lock_guard lock (priv->state.lock);

  priv->clients.leave_all ();
  priv->state.sockets.close (priv->close_socket);
  priv->state.started = false;
  priv->state.targets_outdated = true;
  return TRUE;
}

// Statistics, and what was learned about paths, belong to one run.
static bool
gst_udp_gso_sink_begin_run (GstUdpGsoSink *self)
{
  auto priv = self->priv;
  auto &state = priv->state;

  std::unique_lock lock (state.lock);
  bool outdated = state.sockets_outdated;
  lock.unlock ();
  if (outdated && !gst_udp_gso_sink_open_or_post (self))
    return false;

  lock.lock ();
  state.running = true;
  lock.unlock ();
  priv->clients.resolve_again ();

  lock.lock ();
  priv->sender.reset ();
  state.totals = {};
  state.errors = {};
  state.send_calls = 0;
  state.packets_to_serve = 0;
  state.bytes_to_serve = 0;
  for (auto &destination : state.destinations) {
    destination->counters = {};
    destination->errors = {};
    destination->gso.forget ();
  }
  priv->clients.join_all ();
  return true;
}

static void
gst_udp_gso_sink_end_run (GstUdpGsoSink *self)
{
  auto &state = self->priv->state;
  std::lock_guard lock (state.lock);

  state.running = false;
  state.streaming = false;
}

static GstStateChangeReturn
gst_udp_gso_sink_change_state (GstElement *element, GstStateChange change)
{
  auto self = GST_UDP_GSO_SINK (element);

  if (change == GST_STATE_CHANGE_READY_TO_PAUSED &&
      !gst_udp_gso_sink_begin_run (self)) {
    gst_udp_gso_sink_end_run (self);
    return GST_STATE_CHANGE_FAILURE;
  }
  auto result = GST_ELEMENT_CLASS (gst_udp_gso_sink_parent_class)
                    ->change_state (element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (change == GST_STATE_CHANGE_READY_TO_PAUSED &&
          result == GST_STATE_CHANGE_FAILURE))
    gst_udp_gso_sink_end_run (self);
  return result;
}

static gboolean
gst_udp_gso_sink_unlock (GstBaseSink *sink)
{
  GST_UDP_GSO_SINK (sink)->priv->sender.interrupt ();
  return TRUE;
}

static gboolean
gst_udp_gso_sink_unlock_stop (GstBaseSink *sink)
{
  GST_UDP_GSO_SINK (sink)->priv->sender.allow ();
  return TRUE;
}

// ---- Object ----------------------------------------------------------------

static void
gst_udp_gso_sink_init (GstUdpGsoSink *self)
{
  self->priv = new GstUdpGsoSinkPrivate (GST_BASE_SINK (self));
  self->priv->clients.add (self->priv->main);
}

static void
gst_udp_gso_sink_finalize (GObject *object)
{
  delete GST_UDP_GSO_SINK (object)->priv;

  G_OBJECT_CLASS (gst_udp_gso_sink_parent_class)->finalize (object);
}

static void
gst_udp_gso_sink_install_signals (GType type)
{
  auto action = [type] (const char *name, GCallback handler, GType result,
                    guint arguments) {
    g_signal_new_class_handler (name, type,
        static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
        handler, nullptr, nullptr, nullptr, result, arguments, G_TYPE_STRING,
        G_TYPE_INT);
  };
  auto notification = [type] (const char *name) {
    g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, nullptr, nullptr, nullptr,
        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  };

  /**
   * GstUdpGsoSink::add:
   * @sink: the sink
   * @host: name or address of a host or multicast group
   * @port: UDP port
   *
   * Adds a destination, also while playing. Blocks while the name is resolved,
   * without blocking the stream.
   *
   * Since: 0.1
   */
  action ("add", G_CALLBACK (gst_udp_gso_sink_add), G_TYPE_NONE, 2);
  /**
   * GstUdpGsoSink::remove:
   * @sink: the sink
   * @host: as it was added
   * @port: as it was added
   *
   * Removes a destination, once if it was added several times.
   *
   * Since: 0.1
   */
  action ("remove", G_CALLBACK (gst_udp_gso_sink_remove), G_TYPE_NONE, 2);
  /**
   * GstUdpGsoSink::clear:
   * @sink: the sink
   *
   * Removes all destinations, without a signal for each.
   *
   * Since: 0.1
   */
  action ("clear", G_CALLBACK (gst_udp_gso_sink_clear), G_TYPE_NONE, 0);
  /**
   * GstUdpGsoSink::get-stats:
   * @sink: the sink
   * @host: as it was added
   * @port: as it was added
   *
   * Returns: one of the `destinations` in #GstUdpGsoSink:stats, or a structure
   * without fields if there is no such destination.
   *
   * Since: 0.1
   */
  action ("get-stats", G_CALLBACK (gst_udp_gso_sink_get_stats),
      GST_TYPE_STRUCTURE, 2);
  /**
   * GstUdpGsoSink::client-added:
   * @sink: the sink
   * @host: as it was added
   * @port: as it was added
   *
   * A destination was added.
   *
   * Since: 0.1
   */
  notification ("client-added");
  /**
   * GstUdpGsoSink::client-removed:
   * @sink: the sink
   * @host: as it was added
   * @port: as it was added
   *
   * A destination was removed; #GstUdpGsoSink::get-stats still knows it.
   *
   * Since: 0.1
   */
  notification ("client-removed");
}

static void
gst_udp_gso_sink_class_init (GstUdpGsoSinkClass *klass)
{
  auto object_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto sink_class = GST_BASE_SINK_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      udpgsosink_debug, "udpgsosink", 0, "UDP sink with segmentation offload");

  object_class->finalize = gst_udp_gso_sink_finalize;
  gst_udp_gso_sink_install_properties (object_class);
  gst_udp_gso_sink_install_signals (G_TYPE_FROM_CLASS (klass));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "UDP packet sender with segmentation offload", "Sink/Network",
      "Sends packets over UDP to one or more destinations as udpsink does, in "
      "a fraction of the CPU time if they come in buffer lists",
      "gst-rfc2435 contributors");

  element_class->change_state = gst_udp_gso_sink_change_state;

  sink_class->start = gst_udp_gso_sink_start;
  sink_class->stop = gst_udp_gso_sink_stop;
  sink_class->unlock = gst_udp_gso_sink_unlock;
  sink_class->unlock_stop = gst_udp_gso_sink_unlock_stop;
  sink_class->render = gst_udp_gso_sink_render;
  sink_class->render_list = gst_udp_gso_sink_render_list;
}
