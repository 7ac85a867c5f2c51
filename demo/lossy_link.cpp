// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lossy_link.h"

#include "picture_file.h"
#include "pipeline.h"
#include "side_by_side.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <glib-unix.h>

namespace {

/// The pictures that a receiver has shown, by the time of the frame.
struct Shown {
  const char *element;
  std::mutex mutex;
  std::map<GstClockTime, Bytes> frames;
};

struct Link {
  std::mutex mutex;
  std::map<GstClockTime, unsigned> sent, arrived; // packets of each frame
  Shown stock{.element = "rtpjpegdepay", .mutex = {}, .frames = {}};
  Shown healing{.element = "rfc2435depay", .mutex = {}, .frames = {}};
};

GstPadProbeReturn
count_sent (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *link = static_cast<Link *> (data);
  std::lock_guard lock (link->mutex);
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    GstBufferList *packets = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
    for (guint i = 0; i < gst_buffer_list_length (packets); i++)
      link->sent[GST_BUFFER_PTS (gst_buffer_list_get (packets, i))]++;
  } else {
    link->sent[GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info))]++;
  }
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
count_arrived (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *link = static_cast<Link *> (data);
  std::lock_guard lock (link->mutex);
  link->arrived[GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info))]++;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn
keep_shown (GstPad *, GstPadProbeInfo *info, gpointer data)
{
  auto *shown = static_cast<Shown *> (data);
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  Bytes bytes (gst_buffer_get_size (buffer));
  gst_buffer_extract (buffer, 0, bytes.data (), bytes.size ());
  std::lock_guard lock (shown->mutex);
  shown->frames[GST_BUFFER_PTS (buffer)] = std::move (bytes);
  return GST_PAD_PROBE_OK;
}

std::string
launch_line (const LossyLink &link, const Source &source)
{
  // gst-launch's syntax requires a decimal point in every locale.
  char loss[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (loss, sizeof loss, "%.6f", link.loss);
  return source.launch +
         " ! rfc2435pay name=pay error-resilience=" + link.error_resilience +
         " ! identity name=link drop-probability=" + loss +
         " ! tee name=tee"
         " ! queue max-size-buffers=0 max-size-bytes=0 ! rtpjpegdepay "
         "name=stock"
         " ! fakesink sync=false async=false"
         " tee. ! queue max-size-buffers=0 max-size-bytes=0"
         " ! rfc2435depay name=healing ! fakesink sync=false async=false";
}

unsigned
longest_freeze (const Link &link, const Shown &shown)
{
  unsigned longest = 0, now = 0;
  for (const auto &[time, packets] : link.sent) {
    now = shown.frames.count (time) ? 0 : now + 1;
    longest = std::max (longest, now);
  }
  return longest;
}

void
print (const Link &link, const Shown &shown)
{
  std::printf ("%s: %zu of %zu frames shown, longest freeze %u frames",
      shown.element, shown.frames.size (), link.sent.size (),
      longest_freeze (link, shown));
}

/// What both receivers show at the instant when the frame shown by the first is
/// oldest and the second shows one with a lost part.
Bytes
worst_instant (const Link &link)
{
  const Bytes *left = nullptr, *right = nullptr, *last = nullptr;
  unsigned age = 0, oldest = 0;
  for (const auto &[time, packets] : link.sent) {
    const auto stock = link.stock.frames.find (time);
    const auto healed = link.healing.frames.find (time);
    age++;
    if (stock != link.stock.frames.end ()) {
      last = &stock->second;
      age = 0;
    }
    if (!last || healed == link.healing.frames.end ())
      continue;
    if (!left || age > oldest) {
      left = last;
      right = &healed->second;
      oldest = age;
    }
  }
  return left ? side_by_side (*left, *right) : Bytes{};
}

/// The number of frames, from the first one shown, of which something arrived
/// but nothing was shown.
unsigned
not_shown (const Link &link)
{
  unsigned count = 0;
  bool begun = false;
  for (const auto &[time, packets] : link.arrived) {
    const bool is_shown = link.healing.frames.count (time) > 0;
    begun |= is_shown;
    count += begun && !is_shown;
  }
  return count;
}

gboolean
end_stream (gpointer pipeline)
{
  static_cast<Pipeline *> (pipeline)->end_stream ();
  return G_SOURCE_CONTINUE;
}

int
judge (const LossyLink &wanted, const Link &link, double concealed)
{
  std::size_t sent = 0, arrived = 0;
  for (const auto &[time, packets] : link.sent)
    sent += packets;
  for (const auto &[time, packets] : link.arrived)
    arrived += packets;
  std::printf ("%zu frames were sent in %zu packets, of which %zu (%.1f %%) "
               "were lost\n",
      link.sent.size (), sent, sent - arrived,
      sent ? 100.0 * double (sent - arrived) / double (sent) : 0);
  print (link, link.stock);
  std::printf ("\n");
  print (link, link.healing);
  std::printf (", %.1f %% of their area concealed\n", 100 * concealed);

  const Bytes both = worst_instant (link);
  if (!both.empty () &&
      !save_picture (wanted.frame_file, both,
          "What both show at one instant, rtpjpegdepay on the left"))
    return EXIT_FAILURE;
  if (const unsigned count = not_shown (link)) {
    std::printf ("rfc2435depay showed nothing of %u frames.\n", count);
    return EXIT_FAILURE;
  }
  return link.healing.frames.empty () ? EXIT_FAILURE : EXIT_SUCCESS;
}

} // namespace

int
run_lossy_link (const LossyLink &wanted, const Source &source)
{
  const std::string launch = launch_line (wanted, source);
  std::printf ("Sending %s for %d seconds:\n  %s\n\n",
      source.description.c_str (), wanted.seconds, launch.c_str ());
  std::unique_ptr<GMainLoop, decltype (&g_main_loop_unref)> loop (
      g_main_loop_new (nullptr, FALSE), g_main_loop_unref);
  Link link;
  double concealed = 0;
  {
    Pipeline pipeline (launch, loop.get ());
    pipeline.probe ("pay", "src",
        GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, count_sent,
        &link);
    pipeline.probe (
        "link", "src", GST_PAD_PROBE_TYPE_BUFFER, count_arrived, &link);
    pipeline.probe (
        "stock", "src", GST_PAD_PROBE_TYPE_BUFFER, keep_shown, &link.stock);
    pipeline.probe (
        "healing", "src", GST_PAD_PROBE_TYPE_BUFFER, keep_shown, &link.healing);
    const guint end =
        g_timeout_add_seconds (guint (wanted.seconds), end_stream, &pipeline);
    const guint stop = g_unix_signal_add (SIGINT, end_stream, &pipeline);
    pipeline.start ();
    if (!pipeline.failed ())
      g_main_loop_run (loop.get ());
    g_source_remove (end);
    g_source_remove (stop);
    GstStructure *stats = nullptr;
    g_object_get (
        pipeline.element ("healing").get (), "frame-stats", &stats, nullptr);
    gst_structure_get_double (stats, "concealed-area", &concealed);
    gst_structure_free (stats);
    if (pipeline.failed ())
      return EXIT_FAILURE;
  }
  return judge (wanted, link, concealed);
}
