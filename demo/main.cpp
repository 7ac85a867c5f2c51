// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// JPEG frames through rfc2435pay and udpsink: to a receiver of stock elements
// in this process, which is shown to get every pixel of every frame, or to
// another machine.
#include "delivery.h"
#include "destination.h"
#include "jpeg_pixels.h"
#include "lossy_link.h"
#include "picture_file.h"
#include "pipeline.h"
#include "receivers.h"
#include "source.h"
#include "traffic.h"

#include <algorithm>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include <glib-unix.h>

namespace {

// Memory for the frames to compare; only huge pictures reach it.
constexpr std::size_t kept_bytes_max = std::size_t{512} << 20;
// After this long without a frame, missing ones are considered lost.
constexpr gint64 patience = G_USEC_PER_SEC;

struct Options {
  std::string host;
  int port = 5000;
  int seconds = 10;
  bool test_picture = false;
  std::string source;
  std::string frame_file = "demo-frame.jpg";
  std::string error_resilience; // default: none, or chunks with loss
  bool is_lossy = false;
  double loss = 0;
};

Options
parse_options (int argc, char **argv)
{
  Options options;
  gint seconds = options.seconds;
  gboolean test_picture = FALSE;
  gchar *source = nullptr;
  gchar *frame_file = nullptr;
  gchar *error_resilience = nullptr;
  gchar *loss = nullptr;
  const GOptionEntry entries[] = {
      {"test-picture", 0, 0, G_OPTION_ARG_NONE, &test_picture,
          "Do not look for a camera", nullptr},
      {"source", 0, 0, G_OPTION_ARG_STRING, &source,
          "Elements that produce the JPEG frames, in gst-launch-1.0 syntax",
          "ELEMENTS"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds,
          "How long to stream without HOST (default 10)", "N"},
      {"frame", 0, 0, G_OPTION_ARG_FILENAME, &frame_file,
          "Where to leave a received frame (default demo-frame.jpg)", "FILE"},
      {"error-resilience", 0, 0, G_OPTION_ARG_STRING, &error_resilience,
          "Make a lost packet cost only a strip of the picture: markers or "
          "chunks",
          "MODE"},
      {"loss", 0, 0, G_OPTION_ARG_STRING, &loss,
          "Lose this share of the packets on the way to two receivers",
          "PERCENT"},
      {},
  };
  GOptionContext *context =
      g_option_context_new ("[HOST [PORT]] - stream JPEG with rfc2435pay");
  g_option_context_set_summary (context,
      "Without HOST, streams for some seconds to a receiver of stock GStreamer "
      "elements\nand compares every frame that arrives with the one sent. With "
      "HOST, streams\nthere until Ctrl-C; PORT is 5000 if not given.");
  g_option_context_add_main_entries (context, entries, nullptr);
  GError *error = nullptr;
  bool good = g_option_context_parse (context, &argc, &argv, &error);
  g_option_context_free (context);
  if (!good) {
    std::fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
  }
  if (argc > 1)
    options.host = argv[1];
  if (argc > 2) {
    char *end = nullptr;
    options.port = int (std::strtol (argv[2], &end, 10));
    good &= *end == '\0' && options.port > 0 && options.port < 65536;
  }
  if (loss) {
    char *end = nullptr;
    options.loss = g_ascii_strtod (loss, &end) / 100;
    good &= end != loss && (*end == '\0' || g_str_equal (end, "%")) &&
            options.loss >= 0 && options.loss < 1 && argc == 1;
  }
  if (!good || argc > 3 || seconds < 1) {
    std::fprintf (stderr, "Usage: demo [--test-picture | --source=ELEMENTS] "
                          "[--loss=PERCENT | HOST [PORT]]\n");
    std::exit (2);
  }
  options.seconds = seconds;
  options.test_picture = test_picture;
  if (source)
    options.source = source;
  g_free (source);
  if (frame_file)
    options.frame_file = frame_file;
  g_free (frame_file);
  options.error_resilience = error_resilience ? error_resilience
                             : loss           ? "chunks"
                                              : "none";
  g_free (error_resilience);
  options.is_lossy = loss != nullptr;
  g_free (loss);
  return options;
}

/// Prints a line per second: the rates, and the totals so far.
class Progress {
public:
  Progress (const Traffic &traffic, bool with_receiver)
      : traffic_ (traffic), with_receiver_ (with_receiver)
  {}

  void print (uint64_t packets_failed)
  {
    const Counts now = traffic_.counts ();
    const gint64 time = g_get_monotonic_time ();
    const double passed = double (time - time_) / G_USEC_PER_SEC;
    std::printf ("%4d s  %5.1f frames/s  %6.2f Mbit/s  %7" PRIu64
                 " packets  %5" PRIu64 " frames sent",
        ++seconds_, double (now.frames_sent - last_.frames_sent) / passed,
        8e-6 * double (now.bytes - last_.bytes) / passed, now.packets,
        now.frames_sent);
    if (with_receiver_)
      std::printf (", %5" PRIu64 " received", now.frames_received);
    if (packets_failed > 0)
      std::printf (", %" PRIu64 " packets could not be sent", packets_failed);
    std::printf ("\n");
    last_ = now;
    time_ = time;
  }

  int seconds () const { return seconds_; }

private:
  const Traffic &traffic_;
  const bool with_receiver_;
  Counts last_;
  gint64 time_ = g_get_monotonic_time ();
  int seconds_ = 0;
};

// udpsrc warns if it gets less than it requests.
int
receive_buffer_size ()
{
  int allowed = 0;
  std::ifstream ("/proc/sys/net/core/rmem_max") >> allowed;
  return std::min (allowed, 4 << 20);
}

struct Verdict {
  unsigned same = 0;
  unsigned different = 0;
  unsigned lost = 0;
  unsigned unasked = 0;
};

/// The last frame that arrived unchanged; failing that, the last one received.
const Bytes *
compare (const Traffic &traffic, Verdict &verdict)
{
  const Bytes *example = nullptr;
  bool example_is_same = false;
  for (const auto &[timestamp, frame] : traffic.frames ()) {
    if (frame.received.empty ()) {
      verdict.lost++;
      continue;
    }
    if (frame.sent.empty ()) {
      verdict.unasked++;
      continue;
    }
    const auto sent = decode_jpeg (frame.sent);
    const auto received = decode_jpeg (frame.received);
    const bool same = sent && received && same_pixels (*sent, *received);
    (same ? verdict.same : verdict.different)++;
    if (same || !example_is_same)
      example = &frame.received;
    example_is_same |= same;
  }
  return example;
}

struct PayloaderStats {
  guint64 frames_dropped = 0;
  guint64 bytes_saved = 0;
  std::string causes;
};

PayloaderStats
payloader_stats (const Pipeline &sender)
{
  GstStructure *structure = nullptr;
  GstStructure *dropped = nullptr;
  g_object_get (
      sender.element ("pay").get (), "frame-stats", &structure, nullptr);
  PayloaderStats stats;
  gst_structure_get (structure, "frames-dropped", G_TYPE_UINT64,
      &stats.frames_dropped, "header-bytes-saved", G_TYPE_UINT64,
      &stats.bytes_saved, "dropped", GST_TYPE_STRUCTURE, &dropped, nullptr);
  gchar *causes = gst_structure_to_string (dropped);
  stats.causes = causes;
  g_free (causes);
  gst_structure_free (dropped);
  gst_structure_free (structure);
  return stats;
}

Source
choose_source (const Options &options)
{
  if (!options.source.empty ())
    return {"the given source", options.source};
  if (options.test_picture)
    return test_picture ();
  if (const auto camera = find_camera ())
    return *camera;
  std::printf ("No camera found; streaming a test picture instead.\n");
  return test_picture ();
}

class Demo {
public:
  Demo (const Options &options, const Source &source,
      const std::optional<Destination> &destination)
      : options_ (options), source_ (source), destination_ (destination),
        to_self_ (!destination),
        loop_ (g_main_loop_new (nullptr, FALSE), g_main_loop_unref),
        progress_ (traffic_, to_self_)
  {
    std::string host = "127.0.0.1";
    int port = 0;
    if (destination) {
      host = destination->address;
      port = destination->port;
    } else {
      receiver_.emplace (receiver_launch, loop_.get ());
      g_object_set (receiver_->element ("udpsrc").get (), "buffer-size",
          receive_buffer_size (), nullptr);
      receiver_->start ();
      g_object_get (
          receiver_->element ("udpsrc").get (), "port", &port, nullptr);
    }

    // To another machine, with the sink that reports what becomes of packets.
    const std::string sink = destination ? "udpgsosink" : "udpsink";
    sender_.emplace (source.launch +
                         " ! rfc2435pay name=pay error-resilience=" +
                         options.error_resilience + " ! " + sink +
                         " name=udpsink sync=false",
        loop_.get ());
    g_object_set (sender_->element ("udpsink").get (), "host", host.c_str (),
        "port", port, nullptr);
    if (destination)
      delivery_.emplace (*sender_, *destination);
    traffic_.watch (*sender_, receiver_ ? &*receiver_ : nullptr);
    sender_->probe (
        "pay", "src", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, this);

    std::printf ("Sending %s\n  %s ! rfc2435pay ! %s host=%s port=%d\n",
        source.description.c_str (), source.launch.c_str (), sink.c_str (),
        host.c_str (), port);
    if (to_self_)
      std::printf ("to\n  udpsrc port=%d ! rtpjpegdepay\n", port);
    std::printf ("\n");
  }

  /// Returns the exit status.
  int run ()
  {
    const guint sources[] = {
        g_unix_signal_add (SIGINT, on_signal, this),
        g_unix_signal_add (SIGTERM, on_signal, this),
        g_timeout_add (1000, on_second, this),
    };
    sender_->start ();
    if (!sender_->failed () && !failed (receiver_))
      g_main_loop_run (loop_.get ());
    for (guint source : sources)
      g_source_remove (source);

    if (to_self_)
      wait_for_the_last ();
    std::printf ("\n");
    const PayloaderStats stats = payloader_stats (*sender_);
    if (delivery_)
      delivery_->look ();
    if (stats.bytes_saved > 0)
      std::printf ("rfc2435pay left out %" PRIu64
                   " bytes of tables that receivers generate themselves\n",
          stats.bytes_saved);
    if (stats.frames_dropped > 0)
      std::printf ("rfc2435pay dropped %" PRIu64 " frames: %s\n",
          stats.frames_dropped, stats.causes.c_str ());
    const bool was_well = !sender_->failed () && !failed (receiver_);
    sender_.reset ();
    receiver_.reset ();
    // The first frames of many cameras are damaged, and are dropped on purpose.
    const uint64_t excused =
        source_.is_camera ? traffic_.counts ().frames_before_sending : 0;
    const bool none_missing = stats.frames_dropped <= excused;
    const bool arrived = delivery_ ? delivery_->judge () : judge ();
    const bool good = was_well && none_missing && arrived;
    std::printf ("%s\n", good ? "All is well." : "Something went wrong.");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
  }

private:
  static constexpr auto receiver_launch =
      "udpsrc name=udpsrc address=127.0.0.1 port=0 "
      "caps=application/x-rtp,media=video,clock-rate=90000,"
      "encoding-name=JPEG,payload=26 "
      "! rtpjpegdepay name=depay ! fakesink sync=false";
  static bool failed (const std::optional<Pipeline> &pipeline)
  {
    return pipeline && pipeline->failed ();
  }

  static gboolean on_signal (gpointer data)
  {
    static_cast<Demo *> (data)->end ();
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_second (gpointer data)
  {
    auto *self = static_cast<Demo *> (data);
    if (self->delivery_)
      self->delivery_->look ();
    self->progress_.print (
        self->delivery_ ? self->delivery_->packets_failed () : 0);
    if (self->to_self_ &&
        (self->progress_.seconds () == self->options_.seconds ||
            self->traffic_.kept_bytes () > kept_bytes_max))
      self->end ();
    return G_SOURCE_CONTINUE;
  }

  // The caps contain what SDP tells a receiver.
  static GstPadProbeReturn on_event (
      GstPad *, GstPadProbeInfo *info, gpointer data)
  {
    auto *self = static_cast<Demo *> (data);
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
    if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
      return GST_PAD_PROBE_OK;
    GstCaps *caps = nullptr;
    gst_event_parse_caps (event, &caps);
    if (self->to_self_) {
      g_object_set (
          self->receiver_->element ("udpsrc").get (), "caps", caps, nullptr);
    } else {
      print_receivers (caps, *self->destination_);
    }
    return GST_PAD_PROBE_OK;
  }

  // Lets packets in transit arrive. If called again, or if EOS is refused, just
  // stops.
  void end ()
  {
    if (ending_) {
      g_main_loop_quit (loop_.get ());
      return;
    }
    ending_ = true;
    sender_->end_stream ();
    g_timeout_add_seconds (
        5,
        [] (gpointer loop) -> gboolean {
          g_main_loop_quit (static_cast<GMainLoop *> (loop));
          return G_SOURCE_REMOVE;
        },
        loop_.get ());
  }

  void wait_for_the_last () const
  {
    Counts counts = traffic_.counts ();
    gint64 deadline = g_get_monotonic_time () + patience;
    while (counts.frames_received < counts.frames_sent &&
           g_get_monotonic_time () < deadline) {
      g_usleep (G_USEC_PER_SEC / 100);
      const Counts now = traffic_.counts ();
      if (now.frames_received > counts.frames_received)
        deadline = g_get_monotonic_time () + patience;
      counts = now;
    }
  }

  bool judge () const
  {
    std::printf ("Comparing the pixels of every frame ...\n");
    std::fflush (stdout);
    Verdict verdict;
    const Bytes *example = compare (traffic_, verdict);
    std::printf ("%u frames arrived with the same pixels, %u with different "
                 "ones, %u were lost\n",
        verdict.same, verdict.different, verdict.lost);
    if (verdict.unasked > 0)
      std::printf ("%u frames arrived that were not sent\n", verdict.unasked);
    if (verdict.lost > 0)
      std::printf ("A receiver loses packets when its socket buffer is full. "
                   "Allow a larger one:\n"
                   "  sudo sysctl -w net.core.rmem_max=4194304\n");
    if (example && !save_picture (options_.frame_file, *example,
                       "A frame as it was received"))
      return false;

    return verdict.same > 0 && verdict.different == 0 && verdict.lost == 0 &&
           verdict.unasked == 0;
  }

  const Options &options_;
  const Source &source_;
  const std::optional<Destination> &destination_;
  const bool to_self_;
  std::unique_ptr<GMainLoop, decltype (&g_main_loop_unref)> loop_;
  Traffic traffic_;
  Progress progress_;
  std::optional<Pipeline> receiver_;
  std::optional<Pipeline> sender_;
  std::optional<Delivery> delivery_;
  bool ending_ = false;
};

} // namespace

int
main (int argc, char **argv)
{
  // Flush each complete line, even to a file or a pipe.
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  const Options options = parse_options (argc, argv);
  gst_init (nullptr, nullptr);
  std::optional<Destination> destination;
  if (!options.host.empty ()) {
    destination = find_destination (options.host, options.port);
    if (!destination)
      return EXIT_FAILURE;
  }
  const Source source = choose_source (options);
  if (options.is_lossy)
    return run_lossy_link ({.loss = options.loss,
                               .seconds = options.seconds,
                               .error_resilience = options.error_resilience,
                               .frame_file = options.frame_file},
        source);
  return Demo (options, source, destination).run ();
}
