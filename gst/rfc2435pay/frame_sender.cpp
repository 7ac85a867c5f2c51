// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_sender.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rfc2435 {
namespace {

// Used for the first frame if caps don't give the frame interval.
constexpr GstClockTime default_interval = GST_SECOND / 30;

// Pushing takes longer than the interval divided by this only if a sink waits.
constexpr Pacer::Time held_part = 16;

// Nothing could wait for longer times (36 years), and their sums would
// overflow.
constexpr GstClockTime max_time = GstClockTime{1} << 60;

// Stands for no time in FrameSender::begin_.
constexpr Pacer::Time not_running = std::numeric_limits<Pacer::Time>::min ();

} // namespace

// The element's clock, if it is running.
class FrameSender::RunningClock {
public:
  explicit RunningClock (GstRTPBasePayload *payload)
      : clock_ (gst_element_get_clock (GST_ELEMENT (payload))),
        base_time_ (gst_element_get_base_time (GST_ELEMENT (payload)))
  {}
  ~RunningClock () { gst_clear_object (&clock_); }
  RunningClock (const RunningClock &) = delete;
  RunningClock &operator= (const RunningClock &) = delete;

  explicit operator bool () const
  {
    return clock_ && GST_CLOCK_TIME_IS_VALID (base_time_);
  }
  // In running time
  Pacer::Time now () const
  {
    return static_cast<Pacer::Time> (gst_clock_get_time (clock_) - base_time_);
  }
  bool wait (InterruptibleWait &wait, Pacer::Time until) const
  {
    return wait.until (clock_, base_time_ + static_cast<GstClockTime> (until));
  }

private:
  GstClock *clock_;
  GstClockTime base_time_;
};

FrameSender::FrameSender (GstRTPBasePayload *payload) : payload_ (payload)
{
  gst_pad_add_probe (GST_RTP_BASE_PAYLOAD_SRCPAD (payload),
      GST_PAD_PROBE_TYPE_BUFFER_LIST, on_list, this, nullptr);
}

void
FrameSender::reset ()
{
  pacer_.reset ();
  last_timestamp_ = GST_CLOCK_TIME_NONE;
  live_ = Live::unknown;
  clockless_ = false;
}

GstClockTime
FrameSender::running_time (GstClockTime pts) const
{
  // Segments in bytes have no time.
  if (payload_->segment.format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  return gst_segment_to_running_time (&payload_->segment, GST_FORMAT_TIME, pts);
}

GstClockTime
FrameSender::frame_interval (GstClockTime timestamp, GstClockTime interval)
{
  auto last = std::exchange (last_timestamp_, timestamp);
  // At double speed, frames are due in half the time.
  if (GST_CLOCK_TIME_IS_VALID (interval)) {
    auto rate = std::abs (payload_->segment.rate);
    return rate == 1 ? interval
                     : static_cast<GstClockTime> (
                           std::min<double> (interval / rate, max_time));
  }
  return GST_CLOCK_TIME_IS_VALID (last) && timestamp > last ? timestamp - last
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

FrameSender::Sent
FrameSender::send (std::span<GstBuffer *> packets, const Settings &settings,
    const Timing &timing)
{
  auto list = gst_buffer_list_new_sized (static_cast<guint> (packets.size ()));
  for (auto packet : packets)
    gst_buffer_list_add (list, packet);

  sent_ = {};
  packets_ = packets;
  first_burst_ = packets.size ();
  settings_ = settings;
  timestamp_ = timing.timestamp;
  bool paced = settings.part > 0 && GST_CLOCK_TIME_IS_VALID (timestamp_) &&
               timestamp_ <= max_time;
  if (paced) {
    interval_ =
        std::min (frame_interval (timestamp_, timing.interval), max_time);
    by_arrival_ = timing.by_arrival;
    RunningClock clock (payload_);
    begin_ = clock ? clock.now () : not_running;
    if (!pacer_.is_free_running () && (clock || !clockless_))
      first_burst_ = std::min<std::size_t> (first_burst_, settings.min_burst);
  }

  sent_.flow = gst_rtp_base_payload_push_list (payload_, list);
  if (first_burst_ == packets.size ()) {
    if (sent_.flow != GST_FLOW_OK)
      sent_ = {.flow = sent_.flow};
    else if (paced)
      take_into_account (RunningClock (payload_));
  }
  return sent_;
}

GstPadProbeReturn
FrameSender::on_list (GstPad *, GstPadProbeInfo *info, gpointer sender)
{
  auto self = static_cast<FrameSender *> (sender);
  if (self->pushing_burst_)
    return GST_PAD_PROBE_OK;

  auto list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
  if (self->first_burst_ == self->packets_.size ()) {
    self->count_burst (self->packets_);
    return GST_PAD_PROBE_OK;
  }
  for (auto packet : self->packets_)
    gst_buffer_ref (packet);
  gst_buffer_list_unref (list);
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = self->push_bursts ();
  // The unsent packets leave a gap in the sequence numbers.
  for (auto packet : self->packets_)
    gst_buffer_unref (packet);
  return GST_PAD_PROBE_HANDLED;
}

void
FrameSender::count_burst (std::span<GstBuffer *> packets)
{
  sent_.packets += packets.size ();
  for (auto packet : packets)
    sent_.bytes += gst_buffer_get_size (packet);
  sent_.bursts++;
}

GstFlowReturn
FrameSender::push_burst (std::size_t count)
{
  auto packets = packets_.first (count);
  packets_ = packets_.subspan (count);
  auto list = gst_buffer_list_new_sized (static_cast<guint> (count));
  for (auto packet : packets)
    gst_buffer_list_add (list, packet);

  auto before = sent_;
  count_burst (packets);
  pushing_burst_ = true;
  auto flow = gst_pad_push_list (GST_RTP_BASE_PAYLOAD_SRCPAD (payload_), list);
  pushing_burst_ = false;
  if (flow != GST_FLOW_OK)
    sent_ = before;
  return flow;
}

GstFlowReturn
FrameSender::push_bursts ()
{
  auto flow = push_burst (first_burst_);
  if (flow != GST_FLOW_OK)
    return flow;
  // A pipeline that is starting has no clock until a sink has accepted the
  // first packets.
  RunningClock clock (payload_);
  take_into_account (clock);
  return clock ? spread (clock) : push_burst (packets_.size ());
}

// Asks the pacer, after the first packets were sent.
void
FrameSender::take_into_account (const RunningClock &clock)
{
  clockless_ = !clock;
  if (clockless_)
    return;
  auto now = clock.now ();
  auto interval = static_cast<Pacer::Time> (interval_);
  bool sink_waited =
      begin_ == not_running || now - begin_ > interval / held_part;
  sent_.room =
      pacer_.room ({.timestamp = static_cast<Pacer::Time> (timestamp_),
                       .now = now,
                       .interval = interval,
                       .held = sink_waited || by_arrival_ || is_live ()},
          static_cast<Pacer::Time> (settings_.part * interval_));
}

// Pushes the packets after the first burst.
GstFlowReturn
FrameSender::spread (const RunningClock &clock)
{
  auto now = clock.now ();
  auto end = now + sent_.room;
  auto spacing =
      burst_spacing (packets_.size (), settings_.min_burst, sent_.room);
  auto flow = GST_FLOW_OK;

  while (flow == GST_FLOW_OK && !packets_.empty ()) {
    auto count = packets_.size ();
    if (end - now >= spacing && clock.wait (wait_, now + spacing))
      count =
          burst_size (count, settings_.min_burst, end - clock.now (), spacing);
    flow = push_burst (count);
    now = clock.now ();
  }
  return flow;
}

} // namespace rfc2435
