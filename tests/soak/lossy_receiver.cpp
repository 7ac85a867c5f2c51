// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lossy_receiver.h"

#include "fail.h"

#include <algorithm>
#include <string>

namespace {

constexpr unsigned burst_one_in = 200, burst_goes_on_percent = 70;
constexpr unsigned repeated_one_in = 100, delayed_one_in = 50;
constexpr unsigned max_delay = 4; // packets

} // namespace

void
LossyReceiver::Totals::add (const Totals &other)
{
  sessions += other.sessions;
  lost += other.lost;
  repeated += other.repeated;
  overtaken += other.overtaken;
  intact += other.intact;
  concealed += other.concealed;
  dropped += other.dropped;
}

GstFlowReturn
LossyReceiver::count_picture (GstPad *pad, GstObject *, GstBuffer *buffer)
{
  static_cast<LossyReceiver *> (gst_pad_get_element_private (pad))->pictures_++;
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

LossyReceiver::LossyReceiver (unsigned seed)
    : random_ (seed),
      depay_ (gst_element_factory_make ("rfc2435depay", nullptr))
{
  if (!depay_)
    fail ("no rfc2435depay");
  gst_object_ref_sink (depay_);
  source_ = gst_pad_new ("src", GST_PAD_SRC);
  // A pad without a template accepts no caps other than its first ones.
  static GstStaticPadTemplate any = GST_STATIC_PAD_TEMPLATE (
      "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
  sink_ = gst_pad_new_from_static_template (&any, "sink");
  gst_pad_set_element_private (sink_, this);
  gst_pad_set_chain_function (sink_, count_picture);
  auto in = gst_element_get_static_pad (depay_, "sink");
  auto out = gst_element_get_static_pad (depay_, "src");
  gst_pad_link_full (source_, in, GST_PAD_LINK_CHECK_NOTHING);
  gst_pad_link_full (out, sink_, GST_PAD_LINK_CHECK_NOTHING);
  gst_object_unref (in);
  gst_object_unref (out);
  gst_pad_set_active (sink_, TRUE);
  gst_element_set_state (depay_, GST_STATE_PLAYING);
  gst_pad_set_active (source_, TRUE);

  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  auto caps = gst_caps_from_string (
      "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=26");
  gst_pad_push_event (source_, gst_event_new_stream_start ("link"));
  gst_pad_push_event (source_, gst_event_new_caps (caps));
  gst_pad_push_event (source_, gst_event_new_segment (&segment));
  gst_caps_unref (caps);
}

LossyReceiver::~LossyReceiver ()
{
  gst_element_set_state (depay_, GST_STATE_NULL);
  gst_pad_set_active (source_, FALSE);
  gst_pad_set_active (sink_, FALSE);
  gst_object_unref (source_);
  gst_object_unref (sink_);
  gst_object_unref (depay_);
}

bool
LossyReceiver::is_lost ()
{
  in_burst_ = in_burst_ ? random (100) < burst_goes_on_percent
                        : random (burst_one_in) == 0;
  return in_burst_;
}

void
LossyReceiver::note_frame (std::uint32_t timestamp)
{
  if (std::ranges::find (timestamps_, timestamp) != timestamps_.end ())
    return;
  timestamps_[frames_ % timestamps_.size ()] = timestamp;
  frames_++;
}

void
LossyReceiver::deliver (std::span<const std::uint8_t> packet)
{
  auto number = GST_READ_UINT16_BE (packet.data () + 2);
  auto full = last_ ? *last_ + static_cast<std::int16_t> (
                                   number - static_cast<std::uint16_t> (*last_))
                    : number;
  first_ = std::min (first_.value_or (full), full);
  last_ = std::max (last_.value_or (full), full);
  note_frame (GST_READ_UINT32_BE (packet.data () + 4));
  delivered_++;
  auto buffer = gst_buffer_new_memdup (packet.data (), packet.size ());
  if (auto flow = gst_pad_push (source_, buffer); flow != GST_FLOW_OK)
    fail (std::string ("a receiver ended: ") + gst_flow_get_name (flow));
}

void
LossyReceiver::deliver_delayed ()
{
  for (auto &delayed : delayed_)
    delayed.wait--;
  while (!delayed_.empty ()) {
    auto due = std::ranges::find (delayed_, 0u, &Delayed::wait);
    if (due == delayed_.end ())
      break;
    auto packet = std::move (due->packet);
    delayed_.erase (due);
    deliver (packet);
  }
}

void
LossyReceiver::receive (std::span<const std::uint8_t> packet)
{
  auto delay = [&] {
    delayed_.push_back (
        {{packet.begin (), packet.end ()}, 1 + random (max_delay)});
  };
  deliver_delayed ();
  if (is_lost ()) {
    totals_.lost++;
    return;
  }
  if (random (delayed_one_in) == 0) {
    totals_.overtaken++;
    delay ();
    return;
  }
  deliver (packet);
  if (random (repeated_one_in) == 0) {
    totals_.repeated++;
    delay ();
  }
}

guint64
LossyReceiver::stat (const GstStructure *stats, const char *field)
{
  guint64 value = 0;
  if (!gst_structure_get_uint64 (stats, field, &value))
    fail (std::string ("no ") + field + " in frame-stats");
  return value;
}

LossyReceiver::Totals
LossyReceiver::finish ()
{
  while (!delayed_.empty ())
    deliver_delayed ();
  gst_pad_push_event (source_, gst_event_new_eos ());

  GstStructure *stats;
  g_object_get (depay_, "frame-stats", &stats, nullptr);
  totals_.sessions = 1;
  totals_.intact = stat (stats, "frames-intact");
  totals_.concealed = stat (stats, "frames-concealed");
  totals_.dropped = stat (stats, "frames-dropped");
  auto expect = [&] (const char *what, guint64 counted, guint64 expected) {
    if (counted != expected)
      fail (std::string (what) + ": " + std::to_string (counted) +
            " counted, should be " + std::to_string (expected) + ": " +
            gst_structure_to_string (stats));
  };
  guint64 missing = 0;
  if (first_)
    missing = static_cast<guint64> (*last_ - *first_ + 1) + totals_.repeated -
              delivered_;
  expect ("packets received", stat (stats, "packets-received"), delivered_);
  expect ("packets lost", stat (stats, "packets-lost"), missing);
  expect ("packets malformed", stat (stats, "packets-malformed"), 0);
  expect ("pictures", stat (stats, "frames-out"), pictures_);
  // All packets of a small frame may arrive after the next frame was output.
  auto frames = totals_.intact + totals_.concealed + totals_.dropped;
  auto late = std::min (stat (stats, "packets-late"), frames_);
  expect ("frames", frames, std::clamp (frames, frames_ - late, frames_));
  gst_structure_free (stats);
  return totals_;
}
