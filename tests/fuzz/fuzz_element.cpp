// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pictures, property changes, caps, flushes and state changes in any order
// through rfc2435pay. Every packet is checked against RFC 3550 and RFC 2435 by
// readers that share no code with it, and every frame must be accounted for.

#include "gstrfc2435elements.h"
#include "lone_element.h"
#include "payload_checker.h"

#include <gst/check/gstharness.h>
#include <gst/rtp/rtp.h>

#include <cstring>
#include <utility>

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

using Bytes = std::span<const std::uint8_t>;

// The input consists of JPEG pictures, one after the other, so that JPEG files
// can serve as seeds; then steps of three bytes each; and a byte that gives the
// number of steps.
struct Input {
  static constexpr std::size_t max_steps = 31;
  struct Step {
    unsigned what, a, b;
  };

  std::vector<Bytes> pictures;
  std::vector<Step> steps;

  explicit Input (Bytes bytes)
  {
    auto count = bytes.back () % (max_steps + 1);
    bytes = bytes.first (bytes.size () - 1);
    count = std::min (count, bytes.size () / 3);
    auto tail = bytes.last (3 * count);
    for (; !tail.empty (); tail = tail.subspan (3))
      steps.push_back ({tail[0], tail[1], tail[2]});
    split (bytes.first (bytes.size () - 3 * count));
  }

private:
  // Splits before each SOI except the first.
  void split (Bytes bytes)
  {
    std::size_t begin = 0;
    for (std::size_t i = 1; i + 2 < bytes.size (); i++) {
      if (bytes[i] == 0xff && bytes[i + 1] == 0xd8 && bytes[i + 2] == 0xff) {
        pictures.push_back (bytes.subspan (begin, i - begin));
        begin = i;
      }
    }
    pictures.push_back (bytes.subspan (begin));
  }
};

// One rfc2435pay, and what is expected of it.
class Payloader {
public:
  Payloader ()
  {
    auto element = gst_element_factory_make ("rfc2435pay", nullptr);
    // Nothing is random, and nothing waits.
    g_object_set (element, "seqnum-offset", 65500, "timestamp-offset", 1u,
        "ssrc", 2u, "pacing", 0.0, "recode-max-pixels", 1u << 16, nullptr);
    harness_ = gst_harness_new_with_element (element, "sink", "src");
    gst_object_unref (element);
    gst_harness_use_systemclock (harness_);
    begin_stream ();
  }
  ~Payloader () { gst_harness_teardown (harness_); }
  Payloader (const Payloader &) = delete;
  Payloader &operator= (const Payloader &) = delete;

  void run (const Input &input, const Input::Step &step);

  // In this many memories
  void push (Bytes picture, unsigned memories)
  {
    auto buffer = gst_buffer_new ();
    for (unsigned i = 0; i < memories; i++) {
      auto begin = picture.size () * i / memories;
      auto end = picture.size () * (i + 1) / memories;
      auto memory = gst_allocator_alloc (nullptr, end - begin, nullptr);
      GstMapInfo map;
      CHECK (gst_memory_map (memory, &map, GST_MAP_WRITE));
      std::copy (picture.begin () + static_cast<std::ptrdiff_t> (begin),
          picture.begin () + static_cast<std::ptrdiff_t> (end), map.data);
      gst_memory_unmap (memory, &map);
      gst_buffer_append_memory (buffer, memory);
    }
    GST_BUFFER_PTS (buffer) = pts_;
    if (GST_CLOCK_TIME_IS_VALID (pts_))
      pts_ += GST_SECOND / 30;
    if (std::exchange (discont_, false))
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    if (csrcs_ > 0) {
      const guint32 csrcs[15] = {};
      gst_buffer_add_rtp_source_meta (buffer, nullptr, csrcs, csrcs_);
    }

    auto before = stats ();
    auto flow = gst_harness_push (harness_, buffer);
    check (picture, before, stats (), flow);
  }

private:
  struct Stats {
    guint64 in, sent, dropped, recoded, lossy, marked, packets, bytes;
  };

  GstElement *element () { return harness_->element; }

  template <typename... Values> void set (const char *name, Values... values)
  {
    g_object_set (element (), name, values..., nullptr);
  }

  Stats stats ()
  {
    GstStructure *structure, *causes;
    Stats s{};
    g_object_get (element (), "frame-stats", &structure, nullptr);
    CHECK (gst_structure_get (structure, //
        "frames-in", G_TYPE_UINT64, &s.in, "frames-out", G_TYPE_UINT64, &s.sent,
        "frames-dropped", G_TYPE_UINT64, &s.dropped, "frames-recoded",
        G_TYPE_UINT64, &s.recoded, "frames-recoded-lossy", G_TYPE_UINT64,
        &s.lossy, "frames-restart-inserted", G_TYPE_UINT64, &s.marked,
        "packets-sent", G_TYPE_UINT64, &s.packets, "bytes-sent", G_TYPE_UINT64,
        &s.bytes, "dropped", GST_TYPE_STRUCTURE, &causes, nullptr));
    guint64 by_cause = 0;
    for (gint i = 0; i < gst_structure_n_fields (causes); i++) {
      guint64 count;
      CHECK (gst_structure_get_uint64 (
          causes, gst_structure_nth_field_name (causes, i), &count));
      by_cause += count;
    }
    CHECK (by_cause == s.dropped);
    gst_structure_free (causes);
    gst_structure_free (structure);
    return s;
  }

  void begin_stream ()
  {
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    auto pad = harness_->srcpad;
    gst_pad_push_event (pad, gst_event_new_stream_start ("fuzz"));
    set_caps ();
    gst_pad_push_event (pad, gst_event_new_segment (&segment));
  }

  // They may be refused because of an invalid payload type.
  void set_caps ()
  {
    auto caps = gst_caps_from_string (caps_);
    gst_pad_push_event (harness_->srcpad, gst_event_new_caps (caps));
    gst_caps_unref (caps);
  }

  void flush ()
  {
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    auto pad = harness_->srcpad;
    gst_pad_push_event (pad, gst_event_new_flush_start ());
    gst_pad_push_event (pad, gst_event_new_flush_stop (TRUE));
    gst_pad_push_event (pad, gst_event_new_segment (&segment));
  }

  void restart (GstState through)
  {
    gst_element_set_state (element (), through);
    gst_element_set_state (element (), GST_STATE_PLAYING);
    auto fresh = stats ();
    CHECK (fresh.in == 0 && fresh.packets == 0);
    next_seqnum_ = -1;
    begin_stream ();
  }

  void check (Bytes picture, const Stats &before, const Stats &after,
      GstFlowReturn flow);
  void check_packet (
      Bytes packet, bool last, std::size_t mtu, PayloadChecker &frame);

  GstHarness *harness_;
  const char *caps_ = "image/jpeg,framerate=30/1";
  GstClockTime pts_ = 0;
  bool discont_ = false;
  guint csrcs_ = 0;
  bool in_chunks_ = false;
  // Also removed, if one is longer than the picture.
  bool changes_intervals_ = false;
  int next_seqnum_ = -1; // not known
  std::uint32_t timestamp_ = 0;
};

// RFC 3550 section 5.1
void
Payloader::check_packet (
    Bytes packet, bool last, std::size_t mtu, PayloadChecker &frame)
{
  CHECK (packet.size () <= mtu && packet.size () > 12);
  CHECK (packet[0] >> 4 == 0b1000); // version 2, no padding, no extension
  CHECK ((packet[1] >> 7 != 0) == last);
  guint payload_type;
  g_object_get (element (), "pt", &payload_type, nullptr);
  CHECK ((packet[1] & 127u) == payload_type);
  int seqnum = packet[2] << 8 | packet[3];
  CHECK (next_seqnum_ < 0 || seqnum == next_seqnum_);
  next_seqnum_ = (seqnum + 1) & 0xffff;
  auto timestamp = std::uint32_t{packet[4]} << 24 | packet[5] << 16 |
                   packet[6] << 8 | packet[7];
  if (frame.data ().empty ())
    timestamp_ = timestamp;
  CHECK (timestamp == timestamp_);
  std::size_t csrcs = packet[0] & 15;
  CHECK (packet.size () > 12 + 4 * csrcs);
  frame.add (packet.subspan (12 + 4 * csrcs));
  CHECK (last || packet.size () == mtu || frame.has_chunks ());
}

void
Payloader::check (
    Bytes picture, const Stats &before, const Stats &after, GstFlowReturn flow)
{
  auto sent = after.sent - before.sent,
       dropped = after.dropped - before.dropped;
  auto count = gst_harness_buffers_in_queue (harness_);
  PayloadChecker frame;
  guint64 bytes = 0;
  guint mtu;

  // It was sent, dropped for a cause, or ended the stream with an error.
  // Without accepted caps, it was not even received.
  CHECK (after.in == before.in + 1 ||
         (flow == GST_FLOW_NOT_NEGOTIATED && after.in == before.in));
  CHECK (sent + dropped == (flow == GST_FLOW_OK));
  CHECK (flow == GST_FLOW_OK || flow == GST_FLOW_ERROR ||
         flow == GST_FLOW_NOT_NEGOTIATED);
  CHECK ((count > 0) == (sent == 1));
  CHECK (after.packets - before.packets == count);
  CHECK (after.recoded >= after.lossy);

  g_object_get (element (), "mtu", &mtu, nullptr);
  for (; count > 0; count--) {
    auto buffer = gst_harness_pull (harness_);
    GstMapInfo map;
    CHECK (gst_buffer_map (buffer, &map, GST_MAP_READ));
    check_packet ({map.data, map.size}, count == 1, mtu, frame);
    bytes += map.size;
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  CHECK (after.bytes - before.bytes == bytes);

  if (!sent)
    return;
  frame.finish ();
  CHECK (!frame.has_chunks () || in_chunks_);
  Bytes scan (frame.data ().begin (), frame.data ().end () - 2);
  if (after.recoded == before.recoded && after.marked == before.marked &&
      !changes_intervals_)
    CHECK (
        memmem (picture.data (), picture.size (), scan.data (), scan.size ()));
}

void
Payloader::run (const Input &input, const Input::Step &step)
{
  constexpr const char *all_caps[] = {
      "image/jpeg",
      "image/jpeg,framerate=30/1",
      "image/jpeg,framerate=0/1,max-framerate=(fraction)60/1",
      "image/jpeg,framerate=2147483647/1,width=2147483647,height=2147483647",
      "image/jpeg,framerate=1/2147483647,width=-1,height=0",
      "image/jpeg,parsed=true,width=4000,height=16",
  };
  constexpr guint mtus[] = {28, 29, 152, 153, 157, 1400, 65535, G_MAXUINT};
  constexpr guint pixels[] = {1, 63, 64, 256, 1 << 16};
  constexpr GstClockTime times[] = {0, GST_CLOCK_TIME_NONE, G_MAXINT64,
      GST_CLOCK_TIME_NONE - 1, GST_SECOND, GST_SECOND << 32};
  auto a = step.a, b = step.b;

  switch (step.what % 16) {
  default: {
    auto picture = input.pictures[a % input.pictures.size ()];
    if (b >> 4)
      picture = picture.first (picture.size () * (b >> 4) / 16);
    push (picture, b & 15);
    break;
  }
  case 0:
    set ("mtu", a & 1 ? std::max (28u, a << 8 | b) : mtus[b % 8]);
    break;
  case 1:
    set ("quantization-tables", a & 1, "pt", b & 1 ? 26u : b >> 1);
    break;
  case 2:
    set ("recode", a % 3, "recode-max-pixels", pixels[b % std::size (pixels)]);
    break;
  case 3:
    set ("fill-cut-frames", a & 1);
    break;
  case 4:
    set ("ssrc", a << 24 | b, "seqnum-offset", a << 7 | (b & 127));
    break;
  case 5:
    caps_ = all_caps[a % std::size (all_caps)];
    set_caps ();
    break;
  case 6:
    flush ();
    break;
  case 7:
    restart (a & 1 ? GST_STATE_NULL : GST_STATE_READY);
    break;
  case 8:
    pts_ = times[a % std::size (times)];
    discont_ = b & 1;
    break;
  case 9:
    csrcs_ = a & 15;
    set ("source-info", static_cast<gboolean> (b & 1), "perfect-rtptime",
        static_cast<gboolean> (b >> 1 & 1));
    break;
  case 15: {
    guint resilience = a % 3;
    in_chunks_ = resilience == 2;
    changes_intervals_ = resilience != 0;
    set ("error-resilience", resilience, "restart-interval", b, "check-scan",
        static_cast<gboolean> (a >> 2 & 1));
    break;
  }
  case 10:
    // All but a few packets in one burst, and the rest a moment later
    set ("pacing", a & 1 ? 0.01 : 0.0, "pacing-burst", b & 1 ? 1u : G_MAXUINT);
    break;
  }
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  static const bool registered =
      start_gstreamer_with (gst_element_register_rfc2435pay);
  CHECK (registered);
  if (n < 1)
    return 0;

  Input input ({data, n});
  Payloader payloader;
  for (auto &step : input.steps)
    payloader.run (input, step);
  // Each picture at least once, unchanged
  for (auto picture : input.pictures)
    payloader.push (picture, 1);
  return 0;
}
