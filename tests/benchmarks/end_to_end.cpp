// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// From a JPEG picture at the payloader to the decoded one at the sink, over
// loopback: what pacing, the jitter buffer and a synchronizing sink add.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gst/gst.h>
#include <gst/rtp/rtp.h>

namespace {

constexpr unsigned frames_wanted = 150;
constexpr unsigned frames_to_settle = 30;

struct Case {
  const char *name;
  const char *payloader;
  const char *jitter_buffer;
  const char *sink;
};

constexpr Case cases[] = {
    {"as README has it", "", "! rtpjitterbuffer latency=50", "sync=true"},
    {"pacing=0", "pacing=0", "! rtpjitterbuffer latency=50", "sync=true"},
    {"rtpjitterbuffer's own 200 ms", "", "! rtpjitterbuffer", "sync=true"},
    {"sync=false at the sink", "", "! rtpjitterbuffer latency=50",
        "sync=false"},
    {"sync=false, no rtpjitterbuffer", "", "", "sync=false"},
    {"sync=false, no rtpjitterbuffer, pacing=0", "pacing=0", "", "sync=false"},
};

uint32_t
rtp_time (GstBuffer *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp);
  const uint32_t time = gst_rtp_buffer_get_timestamp (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  return time;
}

/// Frames are identified by their RTP timestamp.
struct Delays {
  std::mutex mutex;
  gint64 frame_came = 0;               // payloader's thread
  uint32_t received = 0;               // depayloader's thread
  std::map<uint32_t, gint64> came;     // by RTP timestamp
  std::map<GstClockTime, uint32_t> of; // RTP timestamp by receiver's PTS
  std::vector<double> milliseconds;
};

GstPadProbeReturn
jpeg_in (GstPad *, GstPadProbeInfo *, gpointer data)
{
  static_cast<Delays *> (data)->frame_came = g_get_monotonic_time ();
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
packets_out (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *delays = static_cast<Delays *> (data);
  GstBuffer *packet =
      GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST
          ? gst_buffer_list_get (GST_PAD_PROBE_INFO_BUFFER_LIST (info), 0)
          : GST_PAD_PROBE_INFO_BUFFER (info);
  std::lock_guard lock (delays->mutex);
  delays->came.emplace (rtp_time (packet), delays->frame_came);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
packet_in (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  static_cast<Delays *> (data)->received =
      rtp_time (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
jpeg_out (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *delays = static_cast<Delays *> (data);
  std::lock_guard lock (delays->mutex);
  delays->of[GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info))] =
      delays->received;
  return GST_PAD_PROBE_OK;
}

void
shown (GstElement *, GstBuffer *picture, GstPad *, gpointer data)
{
  auto *delays = static_cast<Delays *> (data);
  std::lock_guard lock (delays->mutex);
  const auto frame = delays->of.find (GST_BUFFER_PTS (picture));
  if (frame == delays->of.end ())
    return;
  const auto came = delays->came.find (frame->second);
  if (came != delays->came.end ())
    delays->milliseconds.push_back (
        double (g_get_monotonic_time () - came->second) / 1000);
}

void
probe (GstElement *pipeline, const char *element, const char *pad_name,
    int type, GstPadProbeCallback callback, Delays &delays)
{
  GstElement *found = gst_bin_get_by_name (GST_BIN (pipeline), element);
  GstPad *pad = gst_element_get_static_pad (found, pad_name);
  gst_pad_add_probe (pad, GstPadProbeType (type), callback, &delays, nullptr);
  gst_object_unref (pad);
  gst_object_unref (found);
}

GstElement *
launch (const std::string &text)
{
  GError *error = nullptr;
  GstElement *pipeline = gst_parse_launch (text.c_str (), &error);
  if (error) {
    std::fprintf (stderr, "%s\n", error->message);
    std::exit (1);
  }
  return pipeline;
}

void
measure (const Case &each)
{
  Delays delays;
  GstElement *receiver =
      launch (std::string ("udpsrc name=udpsrc address=127.0.0.1 port=0 caps="
                           "application/x-rtp,media=video,clock-rate=90000,"
                           "encoding-name=JPEG,payload=26 ") +
              each.jitter_buffer +
              " ! rtpjpegdepay name=depay ! jpegdec ! fakesink name=sink "
              "signal-handoffs=true " +
              each.sink);
  probe (
      receiver, "depay", "sink", GST_PAD_PROBE_TYPE_BUFFER, packet_in, delays);
  probe (receiver, "depay", "src", GST_PAD_PROBE_TYPE_BUFFER, jpeg_out, delays);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (receiver), "sink");
  g_signal_connect (sink, "handoff", G_CALLBACK (shown), &delays);
  gst_object_unref (sink);
  gst_element_set_state (receiver, GST_STATE_PLAYING);
  GstElement *udpsrc = gst_bin_get_by_name (GST_BIN (receiver), "udpsrc");
  int port = 0;
  g_object_get (udpsrc, "port", &port, nullptr);
  gst_object_unref (udpsrc);

  GstElement *sender = launch (
      std::string ("videotestsrc is-live=true horizontal-speed=4 "
                   "! video/x-raw,format=I420,width=1280,height=720,"
                   "framerate=30/1 ! jpegenc quality=90 ! queue "
                   "! rfc2435pay name=pay ") +
      each.payloader +
      " ! udpsink sync=false host=127.0.0.1 port=" + std::to_string (port));
  probe (sender, "pay", "sink", GST_PAD_PROBE_TYPE_BUFFER, jpeg_in, delays);
  probe (sender, "pay", "src",
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, packets_out,
      delays);
  gst_element_set_state (sender, GST_STATE_PLAYING);
  g_usleep ((frames_to_settle + frames_wanted) * G_USEC_PER_SEC / 30);
  gst_element_set_state (sender, GST_STATE_NULL);
  gst_element_set_state (receiver, GST_STATE_NULL);

  auto &times = delays.milliseconds;
  times.erase (times.begin (),
      times.begin () + std::min<std::size_t> (times.size (), frames_to_settle));
  std::sort (times.begin (), times.end ());
  if (times.empty ()) {
    std::fprintf (stderr, "%s: no frame was shown\n", each.name);
    std::exit (1);
  }
  GstElement *pay = gst_bin_get_by_name (GST_BIN (sender), "pay");
  GstStructure *stats = nullptr;
  g_object_get (pay, "frame-stats", &stats, nullptr);
  guint64 packets = 0, frames = 1;
  gst_structure_get (stats, "packets-sent", G_TYPE_UINT64, &packets,
      "frames-out", G_TYPE_UINT64, &frames, nullptr);
  gst_structure_free (stats);
  gst_object_unref (pay);
  gst_object_unref (sender);
  gst_object_unref (receiver);
  std::printf ("| %s | %.1f | %.1f | %zu of %u | %.0f |\n", each.name,
      times[times.size () / 2], times[times.size () * 95 / 100], times.size (),
      frames_wanted, double (packets) / double (frames));
}

} // namespace

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  std::setvbuf (stdout, nullptr, _IOLBF, 0);
  std::printf ("| | median, ms | 95 %%, ms | frames | packets a frame |\n"
               "|---|---|---|---|---|\n");
  for (const Case &each : cases)
    measure (each);
}
