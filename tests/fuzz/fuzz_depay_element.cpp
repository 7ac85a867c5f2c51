// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Arbitrary RTP packets in any order, events, caps, properties and state
// changes through rfc2435depay. Its output must be JPEGs of the size in its
// caps, and every packet and frame must be accounted for.

#include "check.h"
#include "gstrfc2435elements.h"
#include "jpeg_header.h"
#include "lone_element.h"
#include "packet_input.h"

#include <gst/check/gstharness.h>

#include <algorithm>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

using rfc2435::Bytes;
using Buffer = std::vector<std::uint8_t>;

constexpr const char *all_caps[] = {
    "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG",
    "application/x-rtp,media=video,clock-rate=90000,payload=26",
    "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
    "x-dimensions=(string)\"64,48\",a-framerate=(string)\"29,97\"",
    "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
    "x-dimensions=(string)\"65535,65535\",a-framerate=(string)\"1e300\"",
    "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
    "x-dimensions=(string)\",\",x-framerate=(string)\"-1\"",
};

class Depayloader {
public:
  explicit Depayloader (std::uint8_t how)
  {
    auto element = gst_element_factory_make ("rfc2435depay", nullptr);
    g_object_set (element, "conceal", how % 3, "max-pixels", 1u << 17,
        "max-frame-size", how & 16 ? 4096u : 1u << 20, "max-concealed",
        how & 8 ? 50u : 100u, nullptr);
    harness_ = gst_harness_new_with_element (element, "sink", "src");
    gst_object_unref (element);
    caps_ = how & 4 ? 2 : 0;
    begin_stream ();
  }
  ~Depayloader () { gst_harness_teardown (harness_); }
  Depayloader (const Depayloader &) = delete;
  Depayloader &operator= (const Depayloader &) = delete;

  void push (const Buffer &packet, bool discont)
  {
    auto buffer = packet.empty ()
                      ? gst_buffer_new ()
                      : gst_buffer_new_memdup (packet.data (), packet.size ());
    GST_BUFFER_PTS (buffer) = time_;
    if (discont)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    pushed_++;
    CHECK (gst_harness_push (harness_, buffer) == GST_FLOW_OK);
    check ();
  }

  void tell_lost (guint seqnum, bool with_time)
  {
    auto details = gst_structure_new (
        "GstRTPPacketLost", "seqnum", G_TYPE_UINT, seqnum, nullptr);
    if (with_time)
      gst_structure_set (details, "timestamp", G_TYPE_UINT64, time_, "duration",
          G_TYPE_UINT64, GST_MSECOND, nullptr);
    gst_pad_push_event (harness_->srcpad,
        gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, details));
    check ();
  }

  void set_caps (unsigned number)
  {
    caps_ = number % std::size (all_caps);
    auto caps = gst_caps_from_string (all_caps[caps_]);
    gst_pad_push_event (harness_->srcpad, gst_event_new_caps (caps));
    gst_caps_unref (caps);
    check ();
  }

  void step (unsigned what, unsigned value);

  void finish ()
  {
    gst_pad_push_event (harness_->srcpad, gst_event_new_eos ());
    check ();
  }

private:
  template <typename... Values> void set (const char *name, Values... values)
  {
    g_object_set (harness_->element, name, values..., nullptr);
  }

  void begin_stream ()
  {
    gst_pad_push_event (harness_->srcpad, gst_event_new_stream_start ("fuzz"));
    set_caps (caps_);
    begin_segment ();
  }

  void begin_segment ()
  {
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (harness_->srcpad, gst_event_new_segment (&segment));
  }

  void restart (GstState through)
  {
    gst_element_set_state (harness_->element, through);
    gst_element_set_state (harness_->element, GST_STATE_PLAYING);
    pushed_ = shown_ = corrupted_ = 0;
    begin_stream ();
    check ();
  }

  void check ();
  void check_picture (Bytes jpeg);

  GstHarness *harness_;
  unsigned caps_ = 0;
  GstClockTime time_ = 0;
  guint64 pushed_ = 0, shown_ = 0, corrupted_ = 0;
};

void
Depayloader::check_picture (Bytes jpeg)
{
  rfc2435::ByteReader reader ({&jpeg, 1});
  rfc2435::JpegHeader header;
  rfc2435::JpegTables tables;
  CHECK (!header.parse (reader, tables));
  CHECK (jpeg.size () >= header.scan_offset + 2);
  // Zeros after EOI are the padding of some senders.
  while (jpeg.back () == 0)
    jpeg = jpeg.first (jpeg.size () - 1);
  CHECK (jpeg[jpeg.size () - 2] == 0xff && jpeg.back () == 0xd9);

  // Earlier pictures may have had another size.
  if (gst_harness_buffers_in_queue (harness_) != 0)
    return;
  gint width, height;
  gboolean parsed;
  auto caps = gst_pad_get_current_caps (harness_->sinkpad);
  CHECK (gst_structure_get (gst_caps_get_structure (caps, 0), "width",
      G_TYPE_INT, &width, "height", G_TYPE_INT, &height, "parsed",
      G_TYPE_BOOLEAN, &parsed, nullptr));
  gst_caps_unref (caps);
  CHECK (width == header.width && height == header.height && parsed);
}

// After each step
void
Depayloader::check ()
{
  while (auto buffer = gst_harness_try_pull (harness_)) {
    GstMapInfo map;
    CHECK (gst_buffer_map (buffer, &map, GST_MAP_READ));
    check_picture ({map.data, map.size});
    gst_buffer_unmap (buffer, &map);
    corrupted_ += GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_CORRUPTED);
    shown_++;
    gst_buffer_unref (buffer);
  }

  GstStructure *structure, *causes;
  guint64 out, intact, concealed, dropped, received;
  gdouble area;
  g_object_get (harness_->element, "frame-stats", &structure, nullptr);
  CHECK (gst_structure_get (structure, //
      "frames-out", G_TYPE_UINT64, &out, "frames-intact", G_TYPE_UINT64,
      &intact, "frames-concealed", G_TYPE_UINT64, &concealed, "frames-dropped",
      G_TYPE_UINT64, &dropped, "packets-received", G_TYPE_UINT64, &received,
      "concealed-area", G_TYPE_DOUBLE, &area, "dropped", GST_TYPE_STRUCTURE,
      &causes, nullptr));
  guint64 by_cause = 0;
  for (gint i = 0; i < gst_structure_n_fields (causes); i++) {
    guint64 count;
    CHECK (gst_structure_get_uint64 (
        causes, gst_structure_nth_field_name (causes, i), &count));
    by_cause += count;
  }
  gst_structure_free (causes);
  gst_structure_free (structure);
  CHECK (out == shown_ && out == intact + concealed);
  CHECK (by_cause == dropped);
  // Packets that are not RTP don't count. No packet makes two frames.
  CHECK (received <= pushed_ && out + dropped <= received);
  CHECK (area >= 0 && area <= 1);
  CHECK (concealed == corrupted_);
}

void
Depayloader::step (unsigned what, unsigned value)
{
  constexpr guint sizes[] = {1, 500, 4096, 1 << 20, 1 << 24};
  constexpr guint pixels[] = {1, 63, 64, 320 * 240, 1 << 17};
  constexpr GstClockTime times[] = {
      0, GST_CLOCK_TIME_NONE, G_MAXINT64, GST_CLOCK_TIME_NONE - 1, GST_SECOND};

  switch (what % 8) {
  case 0:
    set ("conceal", value % 3);
    break;
  case 1:
    set ("max-concealed", value % 101);
    break;
  case 2:
    set ("max-frame-size", sizes[value % std::size (sizes)]);
    break;
  case 3:
    set ("max-pixels", pixels[value % std::size (pixels)]);
    break;
  case 4:
    set ("max-reorder", static_cast<int> (value));
    break;
  case 5:
    gst_pad_push_event (harness_->srcpad, gst_event_new_flush_start ());
    gst_pad_push_event (harness_->srcpad, gst_event_new_flush_stop (TRUE));
    begin_segment ();
    break;
  case 6:
    restart (value & 1 ? GST_STATE_NULL : GST_STATE_READY);
    break;
  case 7:
    time_ = times[value % std::size (times)];
    break;
  }
  check ();
}

Buffer
rtp_packet (const PacketInput &in)
{
  auto byte = [] (unsigned value) {
    return static_cast<std::uint8_t> (value);
  };
  auto payload = in.bytes;
  Buffer packet = {0x80,
      byte (26 | (in.flags & PacketInput::marker ? 0x80 : 0)),
      byte (in.seqnum >> 8), byte (in.seqnum), 0, 0, 0, in.timestamp, 0, 0, 0,
      byte (in.flags & PacketInput::other_sender ? 2 : 1)};
  if (in.flags & PacketInput::segments) {
    auto words = payload.size () / 8;
    auto segments = payload.first (words * 4);
    payload = payload.subspan (words * 4);
    packet[0] |= 0x10;
    for (auto value : {std::size_t{0xff}, std::size_t{0xd8}, words >> 8, words})
      packet.push_back (static_cast<std::uint8_t> (value));
    packet.insert (packet.end (), segments.begin (), segments.end ());
  }
  packet.insert (packet.end (), payload.begin (), payload.end ());
  return packet;
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  static const bool registered =
      start_gstreamer_with (gst_element_register_rfc2435depay);
  CHECK (registered);
  if (n < 1)
    return 0;

  Depayloader depay (data[0]);
  Bytes input (data + 1, n - 1);
  for (PacketInput in; in.read (input);) {
    if (in.flags & PacketInput::step) {
      depay.step (in.seqnum, in.timestamp);
      continue;
    }
    if (in.flags & PacketInput::give_up)
      depay.tell_lost ((in.seqnum - 1u) & 0xffff, in.timestamp & 1);
    depay.push (in.flags & PacketInput::raw
                    ? Buffer (in.bytes.begin (), in.bytes.end ())
                    : rtp_packet (in),
        (in.flags & PacketInput::give_up) && (in.timestamp & 2));
    if (in.flags & PacketInput::end_frame)
      depay.set_caps (in.timestamp);
  }
  depay.finish ();
  return 0;
}
