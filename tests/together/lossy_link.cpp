// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A sender and a receiver, both in the syntax of gst-launch-1.0, with a link
// between them that loses chosen packets of the payloader's stream: packets
// that the appsink "to-5000" of one gets come out of the appsrc "from-5000" of
// the other. Every packet from the sender's "pay" must reach the receiver's
// "depay", byte for byte, which must output the same frames as without losses.
//
//   lossy_link SENDER RECEIVER FRAMES PERIOD FIRST COUNT
//
// Of every PERIOD packets, COUNT are lost, starting with number FIRST. Packets
// of another payload type on the same port, which are retransmissions, are
// counted separately.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gst/gst.h>

namespace {

constexpr gint64 patience = 50 * G_USEC_PER_SEC;
// Later packets show which earlier ones were lost.
constexpr std::size_t frames_to_follow = 10;
constexpr char media_port[] = "5000";
constexpr char packet_caps[] = "application/x-rtp,media=video,clock-rate=90000,"
                               "encoding-name=JPEG,payload=26";

std::string
bytes_of (GstBuffer *buffer)
{
  std::string bytes (gst_buffer_get_size (buffer), '\0');
  gst_buffer_extract (buffer, 0, bytes.data (), bytes.size ());
  return bytes;
}

GstBuffer *
buffer_of (const std::string &bytes)
{
  return gst_buffer_new_memdup (bytes.data (), bytes.size ());
}

GstElement *
parse (const std::string &description)
{
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (description.c_str (), &error);
  if (!error)
    return pipeline;
  std::fprintf (stderr, "%s: %s\n", description.c_str (), error->message);
  std::exit (2);
}

// Records the packets or frames that pass a pad.
class Record {
public:
  Record (GstElement *pipeline, const char *element, const char *pad_name)
  {
    GstElement *found = gst_bin_get_by_name (GST_BIN (pipeline), element);
    GstPad *pad = gst_element_get_static_pad (found, pad_name);
    gst_pad_add_probe (pad,
        GstPadProbeType (
            GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
        on_data, this, nullptr);
    gst_object_unref (pad);
    gst_object_unref (found);
  }
  Record (const Record &) = delete;
  Record &operator= (const Record &) = delete;

  std::vector<std::string> get ()
  {
    std::lock_guard lock (mutex_);
    return buffers_;
  }
  bool wait (std::size_t count)
  {
    std::unique_lock lock (mutex_);
    return changed_.wait_for (lock, std::chrono::microseconds (patience),
        [&] { return buffers_.size () >= count; });
  }

private:
  void add (GstBuffer *buffer)
  {
    std::lock_guard lock (mutex_);
    buffers_.push_back (bytes_of (buffer));
    changed_.notify_one ();
  }
  static GstPadProbeReturn on_data (
      GstPad *, GstPadProbeInfo *info, gpointer data)
  {
    auto *self = static_cast<Record *> (data);
    if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) {
      self->add (GST_PAD_PROBE_INFO_BUFFER (info));
      return GST_PAD_PROBE_OK;
    }
    GstBufferList *list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
    for (guint i = 0; i < gst_buffer_list_length (list); i++)
      self->add (gst_buffer_list_get (list, i));
    return GST_PAD_PROBE_OK;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> buffers_;
};

struct Loss {
  unsigned period, first, count;
};

// Connects an appsink to the appsrc of the same port.
struct Wire {
  GstElement *to;
  Loss loss;
  std::map<int, unsigned> packets = {}; // by payload type
  unsigned lost = 0;

  bool loses (const std::string &packet)
  {
    const unsigned place = packets[packet[1] & 0x7f]++ % loss.period;
    return place >= loss.first && place < loss.first + loss.count;
  }
};

GstFlowReturn
on_sample (GstElement *sink, gpointer data)
{
  auto *wire = static_cast<Wire *> (data);
  GstSample *sample = nullptr;
  g_signal_emit_by_name (sink, "pull-sample", &sample);
  if (!sample)
    return GST_FLOW_EOS;
  // Only the bytes cross a network.
  const std::string packet = bytes_of (gst_sample_get_buffer (sample));
  gst_sample_unref (sample);
  if (wire->loses (packet)) {
    wire->lost++;
    return GST_FLOW_OK;
  }
  GstBuffer *buffer = buffer_of (packet);
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name (wire->to, "push-buffer", buffer, &flow);
  gst_buffer_unref (buffer);
  return flow;
}

using Wires = std::map<std::string, std::unique_ptr<Wire>>;

void
connect (GstElement *one, GstElement *other, const Loss &loss, Wires &wires)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (one));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next (sinks, &item) == GST_ITERATOR_OK) {
    auto *sink = GST_ELEMENT (g_value_get_object (&item));
    const std::string name = GST_OBJECT_NAME (sink);
    if (name.starts_with ("to-")) {
      const std::string port = name.substr (3);
      GstElement *source =
          gst_bin_get_by_name (GST_BIN (other), ("from-" + port).c_str ());
      if (!source) {
        std::fprintf (stderr, "nothing receives at port %s\n", port.c_str ());
        std::exit (2);
      }
      g_object_set (source, "is-live", TRUE, "do-timestamp", TRUE, nullptr);
      gst_util_set_object_arg (G_OBJECT (source), "format", "time");
      auto &wire = wires[port];
      wire = std::make_unique<Wire> (Wire{
          .to = source, .loss = port == media_port ? loss : Loss{1, 0, 0}});
      g_object_set (sink, "emit-signals", TRUE, nullptr);
      g_signal_connect (
          sink, "new-sample", G_CALLBACK (on_sample), wire.get ());
    }
    g_value_reset (&item);
  }
  g_value_unset (&item);
  gst_iterator_free (sinks);
}

// The name of the factory of the receiver's depayloader
std::string
depayloader_of (GstElement *receiver)
{
  GstElement *depay = gst_bin_get_by_name (GST_BIN (receiver), "depay");
  const std::string name = GST_OBJECT_NAME (gst_element_get_factory (depay));
  gst_object_unref (depay);
  return name;
}

// Ends the camera's frames without EOS: a sender keeps packets for
// retransmission only for a while, and a busy machine is slow.
GstPadProbeReturn
take_frame (GstPad *, GstPadProbeInfo *, gpointer frames_left)
{
  auto *left = static_cast<std::size_t *> (frames_left);
  if (*left == 0)
    return GST_PAD_PROBE_DROP;
  --*left;
  return GST_PAD_PROBE_OK;
}

void
limit_frames (GstElement *sender, std::size_t *left)
{
  GstElement *pay = gst_bin_get_by_name (GST_BIN (sender), "pay");
  GstPad *pad = gst_element_get_static_pad (pay, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, take_frame, left, nullptr);
  gst_object_unref (pad);
  gst_object_unref (pay);
}

// The depayloader's output for these packets without losses.
std::vector<std::string>
frames_of (
    const std::vector<std::string> &packets, const std::string &depayloader)
{
  GstElement *pipeline = parse (
      std::string ("appsrc name=packets format=time max-bytes=0 caps=") +
      packet_caps + " ! " + depayloader + " name=depay ! fakesink sync=false");
  Record frames (pipeline, "depay", "src");
  GstElement *source = gst_bin_get_by_name (GST_BIN (pipeline), "packets");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstFlowReturn flow = GST_FLOW_OK;
  for (const std::string &packet : packets) {
    GstBuffer *buffer = buffer_of (packet);
    g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
    gst_buffer_unref (buffer);
  }
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *end = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GstMessageType (GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  gst_message_unref (end);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (source);
  gst_object_unref (pipeline);
  return frames.get ();
}

// The number of equal frames, from the first one on.
std::size_t
same (const std::vector<std::string> &some,
    const std::vector<std::string> &others)
{
  std::size_t i = 0;
  while (i < some.size () && i < others.size () && some[i] == others[i])
    i++;
  return i;
}

// Called when the pad is idle, which it is from then on.
GstPadProbeReturn
block (GstPad *, GstPadProbeInfo *, gpointer idle)
{
  *static_cast<std::atomic<bool> *> (idle) = true;
  static_cast<std::atomic<bool> *> (idle)->notify_one ();
  return GST_PAD_PROBE_OK;
}

// Stops the pipeline once nothing flows in it any more: GStreamer's elements
// for FEC free what their streaming threads use.
void
stop (GstElement *pipeline)
{
  std::list<std::atomic<bool>> all_idle; // by pad
  GstIterator *sources = gst_bin_iterate_sources (GST_BIN (pipeline));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next (sources, &item) == GST_ITERATOR_OK) {
    auto *source = GST_ELEMENT (g_value_get_object (&item));
    GstPad *pad = gst_element_get_static_pad (source, "src");
    auto &idle = all_idle.emplace_back (false);
    gst_pad_add_probe (pad,
        GstPadProbeType (
            GST_PAD_PROBE_TYPE_IDLE | GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM),
        block, &idle, nullptr);
    idle.wait (false);
    gst_object_unref (pad);
    g_value_reset (&item);
  }
  g_value_unset (&item);
  gst_iterator_free (sources);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 7)
    return 2;
  const std::size_t count = std::strtoul (argv[3], nullptr, 10);
  const Loss loss = {unsigned (std::atoi (argv[4])),
      unsigned (std::atoi (argv[5])), unsigned (std::atoi (argv[6]))};
  GstElement *sender = parse (argv[1]), *receiver = parse (argv[2]);
  Record sent (sender, "pay", "src");
  Record arrived (receiver, "depay", "sink");
  Record frames (receiver, "depay", "src");
  std::size_t frames_left = count + frames_to_follow;
  limit_frames (sender, &frames_left);
  Wires wires;
  connect (sender, receiver, loss, wires);
  connect (receiver, sender, loss, wires);

  gst_element_set_state (receiver, GST_STATE_PLAYING);
  gst_element_set_state (sender, GST_STATE_PLAYING);
  const bool enough = frames.wait (count);
  stop (sender);
  stop (receiver);

  const auto packets = sent.get (), packets_arrived = arrived.get ();
  const auto shown = frames.get ();
  const auto wanted = frames_of (packets, depayloader_of (receiver));
  const unsigned lost = wires.at (media_port)->lost;
  const std::size_t same_packets = same (packets_arrived, packets);
  const std::size_t same_frames = same (shown, wanted);
  std::printf ("%zu packets sent, %u lost on the way; of %zu that arrived, %zu "
               "as they were sent; of %zu frames, %zu\n",
      packets.size (), lost, packets_arrived.size (), same_packets,
      shown.size (), same_frames);
  const bool good = enough && same_packets == packets_arrived.size () &&
                    same_frames == shown.size () &&
                    lost >= packets_arrived.size () / loss.period * loss.count;
  gst_object_unref (sender);
  gst_object_unref (receiver);
  return good ? 0 : 1;
}
