// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Sends a camera's pictures at the bit rate that the link can carry, according
// to the receiver's reports (RTCP, RFC 3550 section 6.4.2).
//
//   adaptive_sender [HOST [SOURCE]]
//
// SOURCE is v4l2mjpegsrc by default, or other elements that produce image/jpeg.
// RTP goes to port 5000 and RTCP to port 5001 of HOST, whose reports are
// received at port 5005: any receiver with an RTP session will do. The more
// often it reports, the faster the bit rate adapts (rtpsession's
// `rtcp-min-interval`, 5 s by default).
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include <glib-unix.h>
#include <gst/gst.h>

static GstElement *payloader;
static GObject *session;

static constexpr double lowest = 500e3, highest = 200e6; // bit/s
static double rate = 4e6;
static gint64 last_time; // of the last report

struct Report {
  double lost;       // share of packets since the last report
  double jitter;     // of arrival times, in s
  double round_trip; // s, 0 if not known yet
  double seconds;    // since the last report
  double sent;       // since the last report, bit/s
};

// Raises the rate quickly as long as everything arrives without delay, but
// slowly around the rate at which there was trouble last. Packets are lost when
// a queue on the path is full; before that, the round-trip time grows. A report
// after a long silence indicates an outage, and says nothing about the rate.
static void
adapt (const Report &report)
{
  static double shortest = 1e9, trouble = highest, usual = 1e9, settled = 0;
  static bool was_too_much = false;
  settled = report.seconds > 3 * usual ? 0 : settled + report.seconds;
  usual = report.seconds;
  if (report.round_trip > 0)
    shortest = std::min (shortest, report.round_trip);
  const double waiting = report.round_trip - shortest;
  if (settled < 1.5)
    return;
  const bool is_too_much = report.lost > 0.01 || waiting > 0.1;
  const bool is_new = !std::exchange (was_too_much, is_too_much);
  if (is_too_much) {
    const double arrived = std::min (rate, report.sent) * (1 - report.lost);
    if (is_new || arrived < trouble / 2)
      trouble = arrived;
    rate = arrived * 0.9;
  } else if (waiting < 0.02 && report.sent > rate * 0.7) {
    const bool is_near = rate > trouble * 0.89 && rate < trouble * 1.25;
    const double next = rate * (is_near ? 1.05 : 1.4);
    rate = rate < trouble * 0.89 ? std::min (next, trouble * 0.9) : next;
  }
  rate = std::clamp (rate, lowest, highest);
  g_object_set (payloader, "max-bitrate", static_cast<guint> (rate), nullptr);
}

// A report from the receiver, found among the session's sources.
static void
on_report (GObject *, GObject *receiver, gpointer)
{
  static guint64 last_bytes = 0;
  GstStructure *stats = nullptr, *frames = nullptr;
  g_object_get (receiver, "stats", &stats, nullptr);
  g_object_get (payloader, "frame-stats", &frames, nullptr);
  gboolean has_report = FALSE;
  guint lost = 0, jitter = 0, round_trip = 0;
  guint64 bytes = 0;
  gst_structure_get (stats, "have-rb", G_TYPE_BOOLEAN, &has_report,
      "rb-fractionlost", G_TYPE_UINT, &lost, "rb-jitter", G_TYPE_UINT, &jitter,
      "rb-round-trip", G_TYPE_UINT, &round_trip, nullptr);
  gst_structure_get_uint64 (frames, "bytes-sent", &bytes);
  gst_structure_free (stats);
  gst_structure_free (frames);
  const gint64 time = g_get_monotonic_time ();
  const double seconds = 1e-6 * (time - std::exchange (last_time, time));
  const double sent =
      8. * (bytes - std::exchange (last_bytes, bytes)) / seconds;
  if (!has_report)
    return;
  adapt ({lost / 256., jitter / 90000., round_trip / 65536., seconds, sent});
  std::printf ("%.2f Mbit/s sent, %.1f %% lost, jitter %.1f ms, round trip "
               "%.1f ms: at most %.2f Mbit/s\n",
      sent / 1e6, lost / 2.56, jitter / 90., round_trip / 65.536, rate / 1e6);
}

static void
on_error (GstBus *, GstMessage *message, gpointer loop)
{
  GError *error = nullptr;
  gst_message_parse_error (message, &error, nullptr);
  std::fprintf (stderr, "%s\n", error->message);
  g_error_free (error);
  g_main_loop_quit (static_cast<GMainLoop *> (loop));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  const std::string host = argc > 1 ? argv[1] : "127.0.0.1";
  const std::string source = argc > 2 ? argv[2] : "v4l2mjpegsrc";
  const std::string text =
      "rtpbin name=rtp " + source +
      " ! rfc2435pay name=pay error-resilience=markers ! rtp.send_rtp_sink_0"
      " rtp.send_rtp_src_0 ! udpsink sync=false port=5000 host=" +
      host +
      " rtp.send_rtcp_src_0 ! udpsink sync=false async=false port=5001 host=" +
      host + " udpsrc port=5005 ! rtp.recv_rtcp_sink_0";
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (text.c_str (), &error);
  if (error) {
    std::fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  payloader = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  g_object_set (payloader, "max-bitrate", static_cast<guint> (rate), nullptr);
  GstElement *rtp = gst_bin_get_by_name (GST_BIN (pipeline), "rtp");
  g_signal_emit_by_name (rtp, "get-internal-session", 0, &session);
  // Send reports every second, which the round-trip time is measured with.
  g_object_set (session, "rtcp-min-interval", GST_SECOND, nullptr);
  g_signal_connect (session, "on-ssrc-active", G_CALLBACK (on_report), nullptr);
  GMainLoop *loop = g_main_loop_new (nullptr, FALSE);
  GstBus *bus = gst_element_get_bus (pipeline);
  gst_bus_add_signal_watch (bus);
  g_signal_connect (bus, "message::error", G_CALLBACK (on_error), loop);
  g_unix_signal_add (SIGINT, G_SOURCE_FUNC (g_main_loop_quit), loop);
  last_time = g_get_monotonic_time ();
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}
