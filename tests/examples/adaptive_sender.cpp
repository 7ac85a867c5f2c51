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
// often it reports (rtpsession's `rtcp-min-interval`), the faster the bit rate
// adapts.
#include <algorithm>
#include <utility>

#include <gst/gst.h>

static GstElement *payloader;

static constexpr double lowest = 500e3, highest = 200e6; // bit/s
static double rate = 4e6;
static gint64 last_time = g_get_monotonic_time (); // of the last report

// Since the last report, `seconds` ago: the share of packets that were lost,
// and the bit/s sent. A round-trip time (in seconds) of 0 is unknown.
//
// Raises the rate quickly as long as everything arrives without delay, but
// slowly around the rate at which there was trouble last. Packets are lost when
// a queue on the path is full; before that, the round-trip time grows. A report
// after a long silence indicates an outage, and says nothing about the rate.
static void
adapt (double seconds, double lost, double sent, double round_trip)
{
  static double shortest = 1e9, trouble = highest, usual = 1e9, settled = 0;
  static bool was_too_much = false;
  settled = seconds > 3 * usual ? 0 : settled + seconds;
  usual = seconds;
  if (round_trip > 0)
    shortest = std::min (shortest, round_trip);
  const double waiting = round_trip - shortest;
  if (settled < 1.5)
    return;
  const bool is_too_much = lost > 0.01 || waiting > 0.1;
  const bool is_new = !std::exchange (was_too_much, is_too_much);
  if (is_too_much) {
    const double arrived = std::min (rate, sent) * (1 - lost);
    if (is_new || arrived < trouble / 2)
      trouble = arrived;
    rate = arrived * 0.9;
  } else if (waiting < 0.02 && sent > rate * 0.7) {
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
  const double sent = 8 * (bytes - std::exchange (last_bytes, bytes)) / seconds;
  if (!has_report)
    return;
  adapt (seconds, lost / 256., sent, round_trip / 65536.);
  g_print ("%.2f Mbit/s sent, %.1f %% lost, jitter %.1f ms, round trip "
           "%.1f ms: at most %.2f Mbit/s\n",
      sent / 1e6, lost / 2.56, jitter / 90., round_trip / 65.536, rate / 1e6);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  const char *host = argc > 1 ? argv[1] : "127.0.0.1";
  const char *source = argc > 2 ? argv[2] : "v4l2mjpegsrc";
  // The reports of both sides measure the round-trip time.
  g_autofree gchar *description = g_strdup_printf (
      "rtpsession name=rtp rtcp-min-interval=1000000000 "
      "%s ! rfc2435pay name=pay max-bitrate=%.0f error-resilience=markers ! "
      "rtp.send_rtp_sink rtp.send_rtp_src ! udpsink host=%s port=5000 "
      "sync=false rtp.send_rtcp_src ! udpsink host=%s port=5001 sync=false "
      "async=false udpsrc port=5005 ! rtp.recv_rtcp_sink",
      source, rate, host, host);
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (description, &error);
  if (!error) {
    payloader = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
    GObject *session;
    gst_child_proxy_get (
        GST_CHILD_PROXY (pipeline), "rtp::internal-session", &session, nullptr);
    g_signal_connect (
        session, "on-ssrc-active", G_CALLBACK (on_report), nullptr);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    GstMessage *message = gst_bus_timed_pop_filtered (
        GST_ELEMENT_BUS (pipeline), GST_CLOCK_TIME_NONE, GST_MESSAGE_ERROR);
    gst_message_parse_error (message, &error, nullptr);
    gst_element_set_state (pipeline, GST_STATE_NULL);
  }
  g_printerr ("%s\n", error->message);
  return 1;
}
