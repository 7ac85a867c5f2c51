// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_sender.h"

#include <algorithm>
#include <utility>

namespace rfc2435 {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

// Where neither caps nor timestamps tell the frame interval: the first frame.
constexpr GstClockTime default_interval = GST_SECOND / 30;

// Pushing takes longer than this part of the interval only if a sink waits.
constexpr GstClockTime held_part = 16;

// Longer times (36 years) are none that anything could wait for, and sums of
// them would overflow.
constexpr GstClockTime max_time = GstClockTime{1} << 60;

} // namespace

void
FrameSender::reset ()
{
  pacer_.reset ();
  last_pts_ = GST_CLOCK_TIME_NONE;
  live_ = Live::unknown;
}

GstClockTime
FrameSender::running_time (GstClockTime pts) const
{
  // Sources of bytes, multifilesrc for one, have no time.
  if (payload_->segment.format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (&payload_->segment, GST_FORMAT_TIME, pts);
}

GstClockTime
FrameSender::frame_interval (GstClockTime pts, GstClockTime interval)
{
  auto last = std::exchange (last_pts_, pts);
  if (GST_CLOCK_TIME_IS_VALID (interval))
    return interval;
  return GST_CLOCK_TIME_IS_VALID (last) && pts > last ? pts - last
                                                      : default_interval;
}

bool
FrameSender::is_live ()
{
  if (live_ == Live::unknown) {
    auto query = gst_query_new_latency ();
    gboolean live = FALSE;
    if (gst_pad_peer_query (GST_RTP_BASE_PAYLOAD_SINKPAD (payload_), query))
      gst_query_parse_latency (query, &live, nullptr, nullptr);
    gst_query_unref (query);
    live_ = live ? Live::yes : Live::no;
  }
  return live_ == Live::yes;
}

GstFlowReturn
FrameSender::push (std::span<GstBuffer *> packets)
{
  auto list = gst_buffer_list_new_sized (static_cast<guint> (packets.size ()));
  for (auto packet : packets)
    gst_buffer_list_add (list, packet);
  return gst_rtp_base_payload_push_list (payload_, list);
}

// Goes on after a push that returned `flow`.
GstFlowReturn
FrameSender::push_over (std::span<GstBuffer *> packets, guint min_burst,
    Pacer::Time room, GstFlowReturn flow)
{
  auto end = steady_clock::now () + nanoseconds (room);
  auto spacing = burst_spacing (packets.size (), min_burst, room);

  while (flow == GST_FLOW_OK && !packets.empty ()) {
    auto count = packets.size ();
    if (end - steady_clock::now () >= nanoseconds (spacing)) {
      if (!sleep_.sleep_for (nanoseconds (spacing))) {
        flow = GST_FLOW_FLUSHING;
        break;
      }
      auto left = nanoseconds (end - steady_clock::now ()).count ();
      count = burst_size (count, min_burst, left, spacing);
    }
    flow = push (packets.first (count));
    packets = packets.subspan (count);
  }
  for (auto packet : packets)
    gst_buffer_unref (packet);
  return flow;
}

GstFlowReturn
FrameSender::send (std::span<GstBuffer *> packets, const Settings &settings,
    GstClockTime interval)
{
  auto pts = GST_BUFFER_PTS (packets.front ());
  auto timestamp = running_time (pts);
  if (settings.part <= 0 || !GST_CLOCK_TIME_IS_VALID (timestamp) ||
      timestamp > max_time)
    return push (packets);

  interval = std::min (frame_interval (pts, interval), max_time);
  auto begin = steady_clock::now ();
  auto count =
      pacer_.is_free_running ()
          ? packets.size ()
          : std::min<std::size_t> (packets.size (), settings.min_burst);
  auto flow = push (packets.first (count));
  bool sink_waited =
      steady_clock::now () - begin > nanoseconds (interval / held_part);

  Pacer::Time room = 0;
  auto now = gst_element_get_current_running_time (GST_ELEMENT (payload_));
  if (GST_CLOCK_TIME_IS_VALID (now))
    room = pacer_.room ({.timestamp = static_cast<Pacer::Time> (timestamp),
                            .now = static_cast<Pacer::Time> (now),
                            .interval = static_cast<Pacer::Time> (interval),
                            .held = sink_waited || is_live ()},
        static_cast<Pacer::Time> (settings.part * interval));

  return push_over (packets.subspan (count), settings.min_burst, room, flow);
}

} // namespace rfc2435
