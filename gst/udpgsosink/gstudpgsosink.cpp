// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-udpgsosink
 * @title: udpgsosink
 * @short_description: sends packets by UDP with segmentation offload
 * @see_also: udpsink, multiudpsink
 *
 * Sends every buffer as a UDP datagram to one or several destinations, as
 * udpsink does, with its properties, signals and actions. Receivers see the
 * same datagrams.
 *
 * When a list of buffers comes, as RTP payloaders for video push them, packets
 * of one size are handed to the kernel in one piece and cut up there (Linux's
 * UDP generic segmentation offload), which costs a fraction of the CPU time.
 * Where the kernel, the device or a tunnel refuses that, packets go one by
 * one, to that destination only and without losing any.
 *
 * A network that fails does not stop the pipeline: packets that can't be sent
 * are counted in #GstUdpGsoSink:stats and explained in a WARNING message, the
 * first time for each cause and then at most every five seconds. The message's
 * details are a structure `udpgsosink-error` with `cause` (string:
 * `queue-full`, `refused`, `unreachable`, `too-large`, `not-permitted`,
 * `other`, or `fragmented` for packets that are sent, but in IP fragments),
 * `host` (string), `port` (gint), `packets-failed` (guint64, of this
 * destination so far), and for `too-large` and `fragmented` `mtu` (guint), the
 * largest datagram that would fit.
 *
 * udpsink's `force-ipv4` is left out, which does nothing there either, and so
 * is its URI handler, with which this element would become what `udp://`
 * stands for.
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

#include "gstudpgsosink.h"

#include "datagram_sender.h"
#include "destination_list.h"
#include "gstrfc2435elements.h"
#include "mapped_packets.h"
#include "path_mtu.h"
#include "send_stats.h"
#include "udp_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <utility>

using rfc2435::DatagramSocket;
using rfc2435::Destination;
using rfc2435::DestinationRef;
using rfc2435::Endpoint;
using rfc2435::SendError;
using rfc2435::SendResult;

GST_DEBUG_CATEGORY (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace {

constexpr gint64 report_interval_us = 5'000'000;
constexpr auto default_host = "localhost";
constexpr int default_port = 5004;

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

enum {
  SIGNAL_ADD,
  SIGNAL_REMOVE,
  SIGNAL_CLEAR,
  SIGNAL_GET_STATS,
  SIGNAL_CLIENT_ADDED,
  SIGNAL_CLIENT_REMOVED,
  LAST_SIGNAL
};

guint signals[LAST_SIGNAL];

// One call for a batch: where it goes, and how many times.
struct Target {
  DestinationRef destination;
  unsigned copies;
};

} // namespace

struct GstUdpGsoSinkPrivate {
  // Protects all but what is the streaming thread's own. Held for short: never
  // while a name is resolved, a signal emitted or a packet sent.
  std::mutex lock;

  Endpoint main{default_host, default_port}; // host and port
  rfc2435::SocketSettings settings;
  bool auto_multicast = true;
  bool send_duplicates = true;
  bool close_socket = true;
  bool gso = true;
  GSocket *socket = nullptr; // of the user
  GSocket *socket_v6 = nullptr;

  // Opened and closed while nothing streams
  rfc2435::UdpSockets sockets;
  rfc2435::DestinationList destinations;
  // Gone from the list, but client-removed is still to be emitted.
  rfc2435::DestinationList leaving;
  rfc2435::SendCounters totals; // with those of destinations that are gone
  guint64 packets_to_serve = 0;
  guint64 bytes_to_serve = 0;

  // Of the streaming thread
  rfc2435::MappedPackets packets;
  rfc2435::DatagramSender sender;
  std::vector<Target> targets;
  std::array<gint64, rfc2435::send_error_count> next_report{};
  gint64 next_fragmented_report = 0;

  GCancellable *cancellable = g_cancellable_new ();

  GstUdpGsoSinkPrivate () = default;
  ~GstUdpGsoSinkPrivate ()
  {
    g_clear_object (&socket);
    g_clear_object (&socket_v6);
    g_object_unref (cancellable);
  }
  GstUdpGsoSinkPrivate (const GstUdpGsoSinkPrivate &) = delete;
  GstUdpGsoSinkPrivate &operator= (const GstUdpGsoSinkPrivate &) = delete;
};

struct _GstUdpGsoSink {
  GstBaseSink parent;
  GstUdpGsoSinkPrivate *priv;
};

G_DEFINE_TYPE (GstUdpGsoSink, gst_udp_gso_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE (
    udpgsosink, "udpgsosink", GST_RANK_NONE, GST_TYPE_UDP_GSO_SINK)

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static guint64
now_ns ()
{
  return static_cast<guint64> (g_get_real_time ()) * GST_USECOND;
}

// ---- Destinations ----------------------------------------------------------

static void
gst_udp_gso_sink_warn_unresolved (
    GstUdpGsoSink *self, const Endpoint &endpoint, const std::string &error)
{
  GST_ELEMENT_WARNING (self, RESOURCE, NOT_FOUND,
      ("Could not find %s: nothing is sent there.", endpoint.host.c_str ()),
      ("%s", error.c_str ()));
}

// With the lock held. A group is joined once, by the first destination in it.
static void
gst_udp_gso_sink_join (GstUdpGsoSink *self, Destination &destination)
{
  auto priv = self->priv;
  std::string error;

  if (!priv->auto_multicast || !priv->sockets.is_open () ||
      !destination.is_multicast ())
    return;
  for (auto &other : priv->destinations) {
    if (other->joined && other->same_group (destination))
      return;
  }
  destination.joined = priv->sockets.join (
      destination.address, priv->settings.multicast_iface, error);
  // Sending to a group does not take being a member of it.
  if (!destination.joined)
    GST_WARNING_OBJECT (self, "could not join %s: %s",
        destination.endpoint.host.c_str (), error.c_str ());
}

// With the lock held, when the destination is no longer in the list.
static void
gst_udp_gso_sink_leave (GstUdpGsoSink *self, Destination &destination)
{
  auto priv = self->priv;

  if (!std::exchange (destination.joined, false))
    return;
  for (auto &other : priv->destinations) {
    if (other->same_group (destination)) {
      other->joined = true;
      return;
    }
  }
  priv->sockets.leave (destination.address, priv->settings.multicast_iface);
}

static DestinationRef
gst_udp_gso_sink_make_destination (
    GstUdpGsoSink *self, const Endpoint &endpoint)
{
  auto priv = self->priv;
  auto destination = std::make_shared<Destination> (endpoint);
  std::string error;

  std::unique_lock lock (priv->lock);
  bool started = priv->sockets.is_open ();
  bool ipv4_only = started && !priv->sockets.v6 ();
  lock.unlock ();
  destination->address = rfc2435::resolve (endpoint, ipv4_only, error);
  destination->connect_time = now_ns ();
  if (destination->address)
    return destination;

  if (started)
    gst_udp_gso_sink_warn_unresolved (self, endpoint, error);
  else // tried again on the way to PAUSED
    GST_INFO_OBJECT (self, "could not resolve %s: %s", endpoint.host.c_str (),
        error.c_str ());
  return destination;
}

static void
gst_udp_gso_sink_emit (
    GstUdpGsoSink *self, guint signal, const Endpoint &endpoint)
{
  g_signal_emit (
      self, signals[signal], 0, endpoint.host.c_str (), endpoint.port);
}

static void
gst_udp_gso_sink_add_endpoint (GstUdpGsoSink *self, const Endpoint &endpoint)
{
  auto priv = self->priv;
  std::unique_lock lock (priv->lock);
  auto destination = priv->destinations.find (endpoint);

  if (!destination) {
    lock.unlock ();
    auto made = gst_udp_gso_sink_make_destination (self, endpoint);
    lock.lock ();
    destination = priv->destinations.find (endpoint);
    if (!destination) {
      destination = std::move (made);
      gst_udp_gso_sink_join (self, *destination);
      priv->destinations.append (destination);
    }
  }
  destination->add_count++;
  lock.unlock ();

  gst_udp_gso_sink_emit (self, SIGNAL_CLIENT_ADDED, endpoint);
}

static void
gst_udp_gso_sink_remove_endpoint (GstUdpGsoSink *self, const Endpoint &endpoint)
{
  auto priv = self->priv;
  std::unique_lock lock (priv->lock);
  auto destination = priv->destinations.find (endpoint);

  if (!destination) {
    GST_INFO_OBJECT (self, "%s is no destination", format (endpoint).c_str ());
    return;
  }
  if (--destination->add_count > 0)
    return;
  priv->destinations.remove (destination);
  gst_udp_gso_sink_leave (self, *destination);
  destination->disconnect_time = now_ns ();
  priv->leaving.append (destination);
  lock.unlock ();

  gst_udp_gso_sink_emit (self, SIGNAL_CLIENT_REMOVED, endpoint);

  lock.lock ();
  priv->leaving.remove (destination);
}

// Destinations that stay keep what is known and counted of them.
static void
gst_udp_gso_sink_replace (
    GstUdpGsoSink *self, const std::vector<Endpoint> &endpoints)
{
  auto priv = self->priv;
  rfc2435::DestinationList next;

  for (auto &endpoint : endpoints) {
    if (next.find (endpoint))
      continue;
    std::unique_lock lock (priv->lock);
    auto destination = priv->destinations.find (endpoint);
    lock.unlock ();
    next.append (destination
                     ? destination
                     : gst_udp_gso_sink_make_destination (self, endpoint));
  }

  std::unique_lock lock (priv->lock);
  auto kept = next.replace ({});
  for (auto &destination : kept)
    destination->add_count = static_cast<unsigned> (std::count (
        endpoints.begin (), endpoints.end (), destination->endpoint));
  auto before = priv->destinations.replace (kept);
  for (auto &destination : before) {
    if (!priv->destinations.find (destination->endpoint))
      gst_udp_gso_sink_leave (self, *destination);
  }
  for (auto &destination : kept) {
    if (!destination->joined)
      gst_udp_gso_sink_join (self, *destination);
  }
  lock.unlock ();

  for (auto &endpoint : endpoints)
    gst_udp_gso_sink_emit (self, SIGNAL_CLIENT_ADDED, endpoint);
}

// Replaces what `host` and `port` stand for.
static void
gst_udp_gso_sink_move_main (GstUdpGsoSink *self, const Endpoint &to)
{
  auto priv = self->priv;
  std::unique_lock lock (priv->lock);
  auto from = std::exchange (priv->main, to);
  lock.unlock ();

  gst_udp_gso_sink_remove_endpoint (self, from);
  gst_udp_gso_sink_add_endpoint (self, to);
}

static void
gst_udp_gso_sink_add (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_if_fail (host != nullptr && port >= 0 && port <= 65535);

  gst_udp_gso_sink_add_endpoint (self, {host, port});
}

static void
gst_udp_gso_sink_remove (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_if_fail (host != nullptr);

  gst_udp_gso_sink_remove_endpoint (self, {host, port});
}

static void
gst_udp_gso_sink_clear (GstUdpGsoSink *self)
{
  gst_udp_gso_sink_replace (self, {});
}

static GstStructure *
gst_udp_gso_sink_get_stats (GstUdpGsoSink *self, const gchar *host, gint port)
{
  g_return_val_if_fail (host != nullptr, nullptr);
  auto priv = self->priv;
  Endpoint endpoint{host, port};

  std::lock_guard lock (priv->lock);
  auto destination = priv->destinations.find (endpoint);
  if (!destination)
    destination = priv->leaving.find (endpoint);
  // Bindings can't cope with null here.
  return destination ? rfc2435::to_structure (*destination)
                     : gst_structure_new_empty ("destination");
}

// ---- Sending ---------------------------------------------------------------

namespace {

class StreamSocket final : public DatagramSocket {
public:
  StreamSocket (GstUdpGsoSink *sink, GSocket *socket)
      : sink_ (sink), socket_ (socket)
  {}

  ~StreamSocket ()
  {
    if (may_fragment_)
      sink_->priv->sockets.set_dont_fragment (socket_, true);
  }
  StreamSocket (const StreamSocket &) = delete;
  StreamSocket &operator= (const StreamSocket &) = delete;

  int send (mmsghdr *messages, unsigned count) override
  {
    constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    auto fd = g_socket_get_fd (socket_);

    auto sent = sendmmsg (fd, messages, count, flags);
    // Packets larger than the path's MTU go in fragments, as they would
    // without segmentation offload.
    if (sent < 0 && errno == EMSGSIZE && !may_fragment_) {
      may_fragment_ = sink_->priv->sockets.set_dont_fragment (socket_, false);
      if (may_fragment_)
        return sendmmsg (fd, messages, count, flags);
      errno = EMSGSIZE;
    }
    return sent;
  }

  Room wait_for_room () override
  {
    g_autoptr (GError) error = nullptr;

    if (!g_socket_get_blocking (socket_))
      return Room::none;
    if (g_socket_condition_wait (
            socket_, G_IO_OUT, sink_->priv->cancellable, &error))
      return Room::available;
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return Room::none;
    // Paused: the rest is sent when the pipeline plays again.
    flow_ = gst_base_sink_wait_preroll (GST_BASE_SINK (sink_));
    return flow_ == GST_FLOW_OK ? Room::available : Room::cancelled;
  }

  GstFlowReturn flow () const { return flow_; }

private:
  GstUdpGsoSink *sink_;
  GSocket *socket_;
  bool may_fragment_ = false;
  GstFlowReturn flow_ = GST_FLOW_OK;
};

} // namespace

static bool
is_due (gint64 &next_report)
{
  auto now = g_get_monotonic_time ();
  if (now < next_report)
    return false;
  next_report = now + report_interval_us;
  return true;
}

static void
gst_udp_gso_sink_post_warning (GstUdpGsoSink *self, const Destination &to,
    const char *cause, const std::string &text, const char *debug, gsize mtu)
{
  auto details = gst_structure_new ("udpgsosink-error", //
      "cause", G_TYPE_STRING, cause,                    //
      "host", G_TYPE_STRING, to.endpoint.host.c_str (), //
      "port", G_TYPE_INT, to.endpoint.port,             //
      "packets-failed", G_TYPE_UINT64, to.counters.packets_failed, nullptr);
  if (mtu > 0)
    gst_structure_set (
        details, "mtu", G_TYPE_UINT, static_cast<guint> (mtu), nullptr);

  gst_element_message_full_with_details (GST_ELEMENT (self),
      GST_MESSAGE_WARNING, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
      g_strdup (text.c_str ()), g_strdup (debug), __FILE__, GST_FUNCTION,
      __LINE__, details);
}

static std::string
fitting (std::size_t size)
{
  if (size == 0)
    return {};
  return " Packets of " + std::to_string (size) +
         " bytes fit: give the payloader mtu=" + std::to_string (size) + ".";
}

static void
gst_udp_gso_sink_report_failure (GstUdpGsoSink *self, int socket,
    const Destination &to, const SendResult &result)
{
  auto cause = rfc2435::send_error (result.last_error);
  auto &next_report = self->priv->next_report[static_cast<std::size_t> (cause)];

  if (!is_due (next_report))
    return;
  auto text = "Could not send to " + format (to.endpoint) + ": " +
              g_strerror (result.last_error) + ".";
  std::size_t mtu = 0;
  if (cause == SendError::too_large) {
    mtu = rfc2435::largest_datagram (socket, to.address);
    text = "A packet of " + std::to_string (result.failed_size) +
           " bytes is too large for the way to " + format (to.endpoint) + "." +
           fitting (mtu);
  }
  gst_udp_gso_sink_post_warning (
      self, to, name (cause), text, g_strerror (result.last_error), mtu);
}

static void
gst_udp_gso_sink_report_refusal (GstUdpGsoSink *self, int socket,
    const Destination &to, const SendResult &result)
{
  GST_INFO_OBJECT (self,
      "no segmentation offload for packets of %" G_GSIZE_FORMAT
      " bytes to %s: %s",
      result.refused_size, format (to.endpoint).c_str (),
      g_strerror (to.gso.refusal ()));

  auto mtu = rfc2435::largest_datagram (socket, to.address);
  if (mtu == 0 || result.refused_size <= mtu ||
      !is_due (self->priv->next_fragmented_report))
    return;
  gst_udp_gso_sink_post_warning (self, to, "fragmented",
      "Packets of " + std::to_string (result.refused_size) + " bytes to " +
          format (to.endpoint) +
          " go out in IP fragments: they are larger than the path's MTU." +
          fitting (mtu),
      g_strerror (to.gso.refusal ()), mtu);
}

static void
gst_udp_gso_sink_count (
    GstUdpGsoSink *self, Destination &to, const rfc2435::SendCounters &counters)
{
  std::lock_guard lock (self->priv->lock);
  to.counters += counters;
  self->priv->totals += counters;
}

// Sends the batch to one destination.
static GstFlowReturn
gst_udp_gso_sink_send_to (GstUdpGsoSink *self, Destination &to, bool use_gso)
{
  auto priv = self->priv;
  auto &batch = priv->packets.batch ();
  auto socket =
      to.address ? priv->sockets.for_family (to.address.family ()) : nullptr;

  if (!socket) {
    SendResult unreachable{.last_error = EADDRNOTAVAIL};
    unreachable.counters.packets_failed = batch.packet_count ();
    unreachable.counters
        .errors[static_cast<std::size_t> (SendError::unreachable)] = 1;
    gst_udp_gso_sink_count (self, to, unreachable.counters);
    gst_udp_gso_sink_report_failure (self, -1, to, unreachable);
    return GST_FLOW_OK;
  }

  StreamSocket stream (self, socket);
  auto result = priv->sender.send (stream, to.address, use_gso, to.gso, batch);
  gst_udp_gso_sink_count (self, to, result.counters);
  if (G_UNLIKELY (result.last_error))
    gst_udp_gso_sink_report_failure (
        self, g_socket_get_fd (socket), to, result);
  if (G_UNLIKELY (result.refused_size))
    gst_udp_gso_sink_report_refusal (
        self, g_socket_get_fd (socket), to, result);
  return result.cancelled ? stream.flow () : GST_FLOW_OK;
}

// Sends the packets that are mapped, and releases them.
static GstFlowReturn
gst_udp_gso_sink_send (GstUdpGsoSink *self)
{
  auto priv = self->priv;
  auto &batch = priv->packets.batch ();
  auto flow = GST_FLOW_OK;

  batch.plan ();
  std::unique_lock lock (priv->lock);
  bool use_gso = priv->gso && priv->sockets.supports_gso ();
  for (auto &destination : priv->destinations)
    priv->targets.push_back (
        {destination, priv->send_duplicates ? destination->add_count : 1});
  priv->packets_to_serve += batch.packet_count ();
  priv->bytes_to_serve += batch.byte_count ();
  lock.unlock ();

  for (auto &[destination, copies] : priv->targets) {
    for (unsigned i = 0; i < copies && flow == GST_FLOW_OK; i++)
      flow = gst_udp_gso_sink_send_to (self, *destination, use_gso);
  }
  priv->targets.clear ();
  priv->packets.release ();
  return flow;
}

static void
gst_udp_gso_sink_map (GstUdpGsoSink *self, GstBuffer *buffer)
{
  if (!self->priv->packets.add (buffer))
    GST_WARNING_OBJECT (self, "could not map %" GST_PTR_FORMAT, buffer);
}

static GstFlowReturn
gst_udp_gso_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  auto self = GST_UDP_GSO_SINK (sink);

  if (gst_buffer_n_memory (buffer) == 0)
    return GST_FLOW_OK;
  gst_udp_gso_sink_map (self, buffer);
  return gst_udp_gso_sink_send (self);
}

static GstFlowReturn
gst_udp_gso_sink_render_list (GstBaseSink *sink, GstBufferList *list)
{
  auto self = GST_UDP_GSO_SINK (sink);
  auto count = gst_buffer_list_length (list);

  for (guint i = 0; i < count; i++)
    gst_udp_gso_sink_map (self, gst_buffer_list_get (list, i));
  return gst_udp_gso_sink_send (self);
}

// ---- States ----------------------------------------------------------------

// Names that could not be resolved when they were set.
static void
gst_udp_gso_sink_resolve_again (GstUdpGsoSink *self)
{
  auto priv = self->priv;
  std::unique_lock lock (priv->lock);
  auto destinations = priv->destinations;
  bool ipv4_only = !priv->sockets.v6 ();
  lock.unlock ();

  for (auto &destination : destinations) {
    if (destination->address)
      continue;
    std::string error;
    auto address = rfc2435::resolve (destination->endpoint, ipv4_only, error);
    if (!address)
      gst_udp_gso_sink_warn_unresolved (self, destination->endpoint, error);
    lock.lock ();
    destination->address = address;
    lock.unlock ();
  }
}

static gboolean
gst_udp_gso_sink_start (GstBaseSink *sink)
{
  auto self = GST_UDP_GSO_SINK (sink);
  auto priv = self->priv;
  std::string error;

  priv->next_report = {};
  priv->next_fragmented_report = 0;

  std::unique_lock lock (priv->lock);
  auto settings = priv->settings;
  g_autoptr (GSocket) socket = nullptr;
  g_autoptr (GSocket) socket_v6 = nullptr;
  g_set_object (&socket, priv->socket);
  g_set_object (&socket_v6, priv->socket_v6);
  bool opened = priv->sockets.open (socket, socket_v6, settings, error);
  lock.unlock ();
  if (!opened) {
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_WRITE,
        ("Could not open a socket to send from: %s", error.c_str ()),
        ("bind-address=%s bind-port=%d", settings.bind_address.c_str (),
            settings.bind_port));
    return FALSE;
  }

  gst_udp_gso_sink_resolve_again (self);

  lock.lock ();
  priv->totals = {};
  priv->packets_to_serve = 0;
  priv->bytes_to_serve = 0;
  for (auto &destination : priv->destinations) {
    destination->counters = {};
    gst_udp_gso_sink_join (self, *destination);
  }
  return TRUE;
}

static gboolean
gst_udp_gso_sink_stop (GstBaseSink *sink)
{
  auto priv = GST_UDP_GSO_SINK (sink)->priv;
  std::lock_guard lock (priv->lock);

  for (auto &destination : priv->destinations) {
    if (std::exchange (destination->joined, false))
      priv->sockets.leave (
          destination->address, priv->settings.multicast_iface);
  }
  priv->sockets.close (priv->close_socket);
  return TRUE;
}

static gboolean
gst_udp_gso_sink_unlock (GstBaseSink *sink)
{
  g_cancellable_cancel (GST_UDP_GSO_SINK (sink)->priv->cancellable);
  return TRUE;
}

static gboolean
gst_udp_gso_sink_unlock_stop (GstBaseSink *sink)
{
  g_cancellable_reset (GST_UDP_GSO_SINK (sink)->priv->cancellable);
  return TRUE;
}

// ---- Properties ------------------------------------------------------------

static void
gst_udp_gso_sink_set_user_socket (
    GstUdpGsoSink *self, GSocket **which, GSocket *socket)
{
  auto priv = self->priv;
  std::lock_guard lock (priv->lock);

  if (*which && *which != socket && *which != priv->sockets.v4 () &&
      *which != priv->sockets.v6 () && priv->close_socket)
    g_socket_close (*which, nullptr);
  g_set_object (which, socket);
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
  auto &settings = priv->settings;
  std::unique_lock lock (priv->lock);

  switch (id) {
  case PROP_HOST: {
    Endpoint to{string_of (value), priv->main.port};
    lock.unlock ();
    gst_udp_gso_sink_move_main (self, to);
    return;
  }
  case PROP_PORT: {
    Endpoint to{priv->main.host, g_value_get_int (value)};
    lock.unlock ();
    gst_udp_gso_sink_move_main (self, to);
    return;
  }
  case PROP_CLIENTS:
    lock.unlock ();
    gst_udp_gso_sink_replace (
        self, rfc2435::parse_endpoints (string_of (value)));
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
    priv->send_duplicates = g_value_get_boolean (value);
    return;
  case PROP_AUTO_MULTICAST:
    priv->auto_multicast = g_value_get_boolean (value);
    return;
  case PROP_CLOSE_SOCKET:
    priv->close_socket = g_value_get_boolean (value);
    return;
  case PROP_GSO:
    priv->gso = g_value_get_boolean (value);
    return;
  case PROP_BIND_ADDRESS:
    settings.bind_address = string_of (value);
    break;
  case PROP_BIND_PORT:
    settings.bind_port = g_value_get_int (value);
    break;
  case PROP_MULTICAST_IFACE:
    settings.multicast_iface = string_of (value);
    break;
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
  case PROP_BUFFER_SIZE:
    settings.buffer_size = g_value_get_int (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  priv->sockets.apply (settings);
}

static void
set_string_or_null (GValue *value, const std::string &text)
{
  g_value_set_string (value, text.empty () ? nullptr : text.c_str ());
}

// What GstBaseSink counts (rendered, dropped, average-rate) with our counters.
static GstStructure *
gst_udp_gso_sink_make_stats (GstUdpGsoSink *self)
{
  auto priv = self->priv;
  auto base_class = G_OBJECT_CLASS (g_type_class_peek (GST_TYPE_BASE_SINK));
  auto base_pspec = g_object_class_find_property (base_class, "stats");
  GValue base = G_VALUE_INIT;

  g_value_init (&base, GST_TYPE_STRUCTURE);
  base_class->get_property (
      G_OBJECT (self), base_pspec->param_id, &base, base_pspec);
  auto stats = gst_structure_copy (
      static_cast<GstStructure *> (g_value_get_boxed (&base)));
  g_value_unset (&base);
  gst_structure_set_name (stats, "application/x-udpgsosink-stats");

  GValue list = G_VALUE_INIT;
  g_value_init (&list, GST_TYPE_ARRAY);
  std::lock_guard lock (priv->lock);
  gst_structure_set (stats, "packets-to-serve", G_TYPE_UINT64,
      priv->packets_to_serve, "bytes-to-serve", G_TYPE_UINT64,
      priv->bytes_to_serve, nullptr);
  rfc2435::add_counters (stats, priv->totals);
  for (auto &destination : priv->destinations) {
    GValue item = G_VALUE_INIT;
    g_value_init (&item, GST_TYPE_STRUCTURE);
    g_value_take_boxed (&item, rfc2435::to_structure (*destination));
    gst_value_array_append_and_take_value (&list, &item);
  }
  gst_structure_take_value (stats, "destinations", &list);
  return stats;
}

static void
gst_udp_gso_sink_get_property (
    GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  auto self = GST_UDP_GSO_SINK (object);
  auto priv = self->priv;
  auto &settings = priv->settings;

  if (id == PROP_STATS) {
    g_value_take_boxed (value, gst_udp_gso_sink_make_stats (self));
    return;
  }

  std::lock_guard lock (priv->lock);
  switch (id) {
  case PROP_HOST:
    g_value_set_string (value, priv->main.host.c_str ());
    break;
  case PROP_PORT:
    g_value_set_int (value, priv->main.port);
    break;
  case PROP_CLIENTS:
    g_value_set_string (value, priv->destinations.format ().c_str ());
    break;
  case PROP_SEND_DUPLICATES:
    g_value_set_boolean (value, priv->send_duplicates);
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
    g_value_set_boolean (value, priv->auto_multicast);
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
    g_value_set_object (value, priv->sockets.v4 ());
    break;
  case PROP_USED_SOCKET_V6:
    g_value_set_object (value, priv->sockets.v6 ());
    break;
  case PROP_BYTES_TO_SERVE:
    g_value_set_uint64 (value, priv->bytes_to_serve);
    break;
  case PROP_BYTES_SERVED:
    g_value_set_uint64 (value, priv->totals.bytes_sent);
    break;
  case PROP_GSO:
    g_value_set_boolean (value, priv->gso);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    break;
  }
}

// ---- Object ----------------------------------------------------------------

static void
gst_udp_gso_sink_init (GstUdpGsoSink *self)
{
  self->priv = new GstUdpGsoSinkPrivate ();
  gst_udp_gso_sink_add_endpoint (self, self->priv->main);
}

static void
gst_udp_gso_sink_finalize (GObject *object)
{
  delete GST_UDP_GSO_SINK (object)->priv;

  G_OBJECT_CLASS (gst_udp_gso_sink_parent_class)->finalize (object);
}

static constexpr GParamFlags
flags (int mutability)
{
  return static_cast<GParamFlags> (
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | mutability);
}

static void
gst_udp_gso_sink_install_properties (GObjectClass *klass)
{
  constexpr auto playing = flags (GST_PARAM_MUTABLE_PLAYING);
  constexpr auto ready = flags (GST_PARAM_MUTABLE_READY);
  constexpr auto read_only =
      static_cast<GParamFlags> (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  auto install = [klass] (guint id, GParamSpec *pspec) {
    g_object_class_install_property (klass, id, pspec);
  };

  /**
   * GstUdpGsoSink:host:
   *
   * Name or address of the host or multicast group to send to. Setting it
   * takes the destination away that #GstUdpGsoSink:host and
   * #GstUdpGsoSink:port stood for, and adds the new one; others stay. To
   * change both at once while playing, set #GstUdpGsoSink:clients. A name that
   * can't be resolved is tried again on the way to PAUSED.
   *
   * Since: 0.1
   */
  install (PROP_HOST,
      g_param_spec_string ("host", "Host",
          "The name or address of the host or multicast group to send to",
          default_host, playing));
  /**
   * GstUdpGsoSink:port:
   *
   * UDP port to send to, with #GstUdpGsoSink:host.
   *
   * Since: 0.1
   */
  install (
      PROP_PORT, g_param_spec_int ("port", "Port", "The UDP port to send to", 0,
                     65535, default_port, playing));
  /**
   * GstUdpGsoSink:clients:
   *
   * All destinations, as
   * "192.0.2.1:5004,camera.example:5004,[2001:db8::1]:5004". Setting it
   * replaces them all at once, the one of #GstUdpGsoSink:host too; those in
   * both lists go on undisturbed. What is not host:port with a port from 1 to
   * 65535 is ignored.
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
   * Whether a destination that was added several times gets every packet as
   * many times.
   *
   * Since: 0.1
   */
  install (PROP_SEND_DUPLICATES,
      g_param_spec_boolean ("send-duplicates", "Send Duplicates",
          "Whether a destination that was added several times gets every "
          "packet as many times",
          TRUE, playing));
  /**
   * GstUdpGsoSink:bind-address:
   *
   * Address to send from. Null is any, of IPv4 and IPv6; an address restricts
   * the sink to its family.
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
   * Time to live (IPv6: hop limit) of packets to single hosts. 0 changes
   * nothing: Linux does not take it.
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
   * Whether this host's own receivers get what goes to multicast groups.
   *
   * Since: 0.1
   */
  install (PROP_LOOP,
      g_param_spec_boolean ("loop", "Multicast Loopback",
          "Whether this host's own receivers get what goes to multicast groups",
          TRUE, playing));
  /**
   * GstUdpGsoSink:auto-multicast:
   *
   * Whether to join the multicast groups that packets go to. A group that
   * can't be joined gets the packets all the same.
   *
   * Since: 0.1
   */
  install (PROP_AUTO_MULTICAST,
      g_param_spec_boolean ("auto-multicast", "Automatic Multicast",
          "Whether to join the multicast groups that packets go to", TRUE,
          ready));
  /**
   * GstUdpGsoSink:multicast-iface:
   *
   * Network interface to join multicast groups on. As with udpsink, all
   * packets leave by it, not only those to groups.
   *
   * Since: 0.1
   */
  install (PROP_MULTICAST_IFACE,
      g_param_spec_string ("multicast-iface", "Multicast Interface",
          "The network interface to send by and to join multicast groups on "
          "(null = as routed)",
          nullptr, ready));
  /**
   * GstUdpGsoSink:qos-dscp:
   *
   * Differentiated services code point of the packets; -1 leaves it alone.
   *
   * Since: 0.1
   */
  install (PROP_QOS_DSCP,
      g_param_spec_int ("qos-dscp", "QoS DSCP",
          "The differentiated services code point of the packets "
          "(-1 = leave it alone)",
          -1, 63, -1, playing));
  /**
   * GstUdpGsoSink:buffer-size:
   *
   * Size of the kernel's send buffer in bytes (SO_SNDBUF); 0 is the system's
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
   * Socket to send from instead of one of the sink's own. If it does not
   * block (#GSocket:blocking), packets that find no room in its buffer are
   * lost and counted as `queue-full`.
   *
   * Since: 0.1
   */
  install (
      PROP_SOCKET, g_param_spec_object ("socket", "Socket",
                       "The socket to send from (null = one of the sink's own)",
                       G_TYPE_SOCKET, ready));
  /**
   * GstUdpGsoSink:socket-v6:
   *
   * IPv6 socket to send from, beside an IPv4 socket in #GstUdpGsoSink:socket
   * or alone.
   *
   * Since: 0.1
   */
  install (PROP_SOCKET_V6,
      g_param_spec_object ("socket-v6", "Socket IPv6",
          "The IPv6 socket to send from (null = one of the sink's own)",
          G_TYPE_SOCKET, ready));
  /**
   * GstUdpGsoSink:close-socket:
   *
   * Whether sockets that were set as properties are closed on the way to
   * READY.
   *
   * Since: 0.1
   */
  install (PROP_CLOSE_SOCKET,
      g_param_spec_boolean ("close-socket", "Close Socket",
          "Whether sockets that were set as properties are closed on the way "
          "to READY",
          TRUE, playing));
  /**
   * GstUdpGsoSink:used-socket:
   *
   * IPv4 socket that packets leave by, or null.
   *
   * Since: 0.1
   */
  install (PROP_USED_SOCKET,
      g_param_spec_object ("used-socket", "Used Socket",
          "The IPv4 socket that packets leave by (null = none)", G_TYPE_SOCKET,
          read_only));
  /**
   * GstUdpGsoSink:used-socket-v6:
   *
   * IPv6 socket that packets leave by, or null.
   *
   * Since: 0.1
   */
  install (PROP_USED_SOCKET_V6,
      g_param_spec_object ("used-socket-v6", "Used Socket IPv6",
          "The IPv6 socket that packets leave by (null = none)", G_TYPE_SOCKET,
          read_only));
  /**
   * GstUdpGsoSink:bytes-to-serve:
   *
   * Bytes that came in since the sink last left READY.
   *
   * Since: 0.1
   */
  install (PROP_BYTES_TO_SERVE,
      g_param_spec_uint64 ("bytes-to-serve", "Bytes To Serve",
          "The number of bytes that came in", 0, G_MAXUINT64, 0, read_only));
  /**
   * GstUdpGsoSink:bytes-served:
   *
   * Bytes sent to all destinations since the sink last left READY.
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
   * Whether to use the kernel's UDP segmentation offload where it is to be
   * had. The datagrams are the same without, only dearer.
   *
   * Since: 0.1
   */
  install (PROP_GSO,
      g_param_spec_boolean ("gso", "Segmentation Offload",
          "Whether to use the kernel's UDP segmentation offload (GSO) where it "
          "is to be had",
          TRUE, playing));
  /**
   * GstUdpGsoSink:stats:
   *
   * What was sent since the sink last left READY, as a structure
   * `application/x-udpgsosink-stats` with these guint64 fields:
   *
   * * `packets-to-serve`, `bytes-to-serve`: packets and bytes that came in
   * * `packets-sent`, `bytes-sent`: handed to the network, of all destinations
   * * `packets-failed`: packets that could not be sent, of all destinations
   * * `send-calls`: system calls made to send them
   * * `gso-runs`: runs of packets sent with segmentation offload
   * * `gso-packets`: packets in these runs
   *
   * with `errors`, a structure with a guint64 for each kind of error that the
   * kernel gave: `queue-full`, `refused` (a receiver's port is closed),
   * `unreachable`, `too-large`, `not-permitted`, `other`; an error can cost a
   * run of packets or, if it came from an earlier packet, none;
   *
   * with `destinations`, an array of structures with the same counters from
   * `packets-sent` on, and `host` (string), `port` (gint), `address` (string,
   * empty if the host could not be resolved), `connect-time` and
   * `disconnect-time` (guint64, nanoseconds since 1970, 0 if not yet),
   * `gso-refusal` (string: why segmentation offload is not used there for
   * packets of some size or all, or empty);
   *
   * and with `rendered`, `dropped` and `average-rate` of #GstBaseSink:stats,
   * which count a list of buffers as one.
   *
   * Since: 0.1
   */
  install (PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "What was sent since the sink last left READY: packets, bytes, "
          "calls, errors by kind, and the same for each destination",
          GST_TYPE_STRUCTURE, read_only));
}

static void
gst_udp_gso_sink_install_signals (GType type)
{
  auto action = [type] (const char *name, GCallback handler, GType result,
                    guint arguments) {
    return g_signal_new_class_handler (name, type,
        static_cast<GSignalFlags> (G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
        handler, nullptr, nullptr, nullptr, result, arguments, G_TYPE_STRING,
        G_TYPE_INT);
  };
  auto notification = [type] (const char *name) {
    return g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
        nullptr, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  };

  /**
   * GstUdpGsoSink::add:
   * @sink: the sink
   * @host: name or address of a host or multicast group
   * @port: UDP port
   *
   * Adds a destination, while playing too. Blocks while the name is resolved,
   * without holding up the stream.
   *
   * Since: 0.1
   */
  signals[SIGNAL_ADD] =
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
  signals[SIGNAL_REMOVE] =
      action ("remove", G_CALLBACK (gst_udp_gso_sink_remove), G_TYPE_NONE, 2);
  /**
   * GstUdpGsoSink::clear:
   * @sink: the sink
   *
   * Removes all destinations, without a signal for each.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLEAR] =
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
  signals[SIGNAL_GET_STATS] = action ("get-stats",
      G_CALLBACK (gst_udp_gso_sink_get_stats), GST_TYPE_STRUCTURE, 2);
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
  signals[SIGNAL_CLIENT_ADDED] = notification ("client-added");
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
  signals[SIGNAL_CLIENT_REMOVED] = notification ("client-removed");
}

static void
gst_udp_gso_sink_class_init (GstUdpGsoSinkClass *klass)
{
  auto object_class = G_OBJECT_CLASS (klass);
  auto element_class = GST_ELEMENT_CLASS (klass);
  auto sink_class = GST_BASE_SINK_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      udpgsosink_debug, "udpgsosink", 0, "UDP sink with segmentation offload");

  object_class->set_property = gst_udp_gso_sink_set_property;
  object_class->get_property = gst_udp_gso_sink_get_property;
  object_class->finalize = gst_udp_gso_sink_finalize;
  gst_udp_gso_sink_install_properties (object_class);
  gst_udp_gso_sink_install_signals (G_TYPE_FROM_CLASS (klass));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "UDP packet sender with segmentation offload", "Sink/Network",
      "Sends packets by UDP to one or several destinations as udpsink does, "
      "for a fraction of the CPU time where they come in lists",
      "gst-rfc2435 contributors");

  sink_class->start = gst_udp_gso_sink_start;
  sink_class->stop = gst_udp_gso_sink_stop;
  sink_class->unlock = gst_udp_gso_sink_unlock;
  sink_class->unlock_stop = gst_udp_gso_sink_unlock_stop;
  sink_class->render = gst_udp_gso_sink_render;
  sink_class->render_list = gst_udp_gso_sink_render_list;
}
