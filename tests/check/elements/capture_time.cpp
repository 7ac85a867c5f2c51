// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The capture time of a picture, from the camera to the receiver.
#include "jpeg_builder.h"
#include "scripted_source.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/rtp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

namespace {

constexpr GstClockTime patience = 10 * GST_SECOND;
constexpr guint64 ntp_offset = G_GUINT64_CONSTANT (2208988800) * GST_SECOND;
constexpr guint extension_id = 5;

test::ByteVector
picture ()
{
  return test::picture (640, 480, test::sampling_420, 85);
}

// Null if the machine has none.
GstRTPHeaderExtension *
ntp_extension ()
{
  auto extension = gst_rtp_header_extension_create_from_uri (
      GST_RTP_HDREXT_BASE GST_RTP_HDREXT_NTP_64);
  if (extension)
    gst_rtp_header_extension_set_id (extension, extension_id);
  return extension;
}

GstClockTime
time_of (GstBuffer *buffer, const char *reference)
{
  auto caps = gst_caps_from_string (reference);
  auto meta = gst_buffer_get_reference_timestamp_meta (buffer, caps);
  gst_caps_unref (caps);
  return meta ? meta->timestamp : GST_CLOCK_TIME_NONE;
}

void
add_time (GstBuffer *buffer, const char *reference, GstClockTime time)
{
  auto caps = gst_caps_from_string (reference);
  gst_buffer_add_reference_timestamp_meta (
      buffer, caps, time, GST_CLOCK_TIME_NONE);
  gst_caps_unref (caps);
}

// Which doesn't cross a network.
void
take_meta (GstBuffer *packet)
{
  gst_buffer_foreach_meta (
      packet,
      [] (GstBuffer *, GstMeta **meta, gpointer) -> gboolean {
        *meta = nullptr;
        return TRUE;
      },
      nullptr);
}

// `rfc2435pay` and `rfc2435depay`, and control over the packets in between.
class Link {
public:
  Link ()
  {
    pay_ = gst_harness_new ("rfc2435pay");
    depay_ = gst_harness_new ("rfc2435depay");
  }
  ~Link ()
  {
    gst_harness_teardown (pay_);
    gst_harness_teardown (depay_);
  }
  Link (const Link &) = delete;
  Link &operator= (const Link &) = delete;

  void add_extension (GstRTPHeaderExtension *extension)
  {
    g_signal_emit_by_name (pay_->element, "add-extension", extension);
  }

  std::vector<GstBuffer *> packets (GstClockTime pts, GstClockTime ntp)
  {
    if (!started_)
      gst_harness_set_src_caps_str (
          pay_, "image/jpeg,width=640,height=480,framerate=30/1");
    auto bytes = picture ();
    auto buffer = gst_buffer_new_memdup (bytes.data (), bytes.size ());
    GST_BUFFER_PTS (buffer) = pts;
    if (GST_CLOCK_TIME_IS_VALID (ntp))
      add_time (buffer, "timestamp/x-ntp", ntp);
    fail_unless_equals_int (gst_harness_push (pay_, buffer), GST_FLOW_OK);
    std::vector<GstBuffer *> packets;
    while (auto packet = gst_harness_try_pull (pay_)) {
      packet = gst_buffer_make_writable (packet);
      take_meta (packet);
      packets.push_back (packet);
    }
    if (!started_)
      gst_harness_set_src_caps (
          depay_, gst_pad_get_current_caps (pay_->sinkpad)); // takes them
    started_ = true;
    return packets;
  }

  void receive (GstBuffer *packet)
  {
    fail_unless_equals_int (gst_harness_push (depay_, packet), GST_FLOW_OK);
  }
  GstBuffer *pull () { return gst_harness_try_pull (depay_); }
  void end ()
  {
    fail_unless (gst_harness_push_event (depay_, gst_event_new_eos ()));
  }

private:
  GstHarness *pay_;
  GstHarness *depay_;
  bool started_ = false;
};

} // namespace

// Loop: the extension is in some packets, or in all of them. A frame that is
// completed by packets of the next one has its own time, not theirs.
GST_START_TEST (test_header_extension)
{
  auto extension = ntp_extension ();
  if (!extension) {
    g_print ("SKIP: no rtphdrextntp64\n");
    return;
  }
  g_object_set (extension, "every-packet", __i__ == 1, nullptr);
  Link link;
  link.add_extension (extension);
  gst_object_unref (extension);

  // NTP's format can express a quarter of a second exactly.
  auto time = [] (unsigned i) {
    return ntp_offset + i * 250 * GST_MSECOND;
  };
  for (unsigned i = 0; i < 5; i++) {
    auto packets = link.packets (i * 40 * GST_MSECOND, time (i));
    fail_unless (packets.size () > 3);
    // Frame 1 loses its last packet, frame 2 one before, frame 3 its first.
    auto lost = packets.size ();
    if (i > 0 && i < 4)
      lost = i == 3 ? 0 : packets.size () - i;
    for (std::size_t j = 0; j < packets.size (); j++) {
      if (j == lost)
        gst_buffer_unref (packets[j]);
      else
        link.receive (packets[j]);
    }
  }
  link.end ();
  for (unsigned i = 0; i < 5; i++) {
    auto frame = link.pull ();
    fail_unless (frame != nullptr, "frame %u", i);
    auto told = time_of (frame, "timestamp/x-ntp");
    // Newer versions of rtphdrextntp64 write it once per frame.
    bool lost = i == 3 && __i__ == 0 && told == GST_CLOCK_TIME_NONE;
    fail_unless (lost || told == time (i), "frame %u", i);
    // The base class may have read it once more.
    gpointer state = nullptr;
    while (auto meta = gst_buffer_iterate_meta_filtered (
               frame, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE))
      fail_unless (
          reinterpret_cast<GstReferenceTimestampMeta *> (meta)->timestamp ==
              time (i),
          "frame %u has the time of another", i);
    gst_buffer_unref (frame);
  }
}
GST_END_TEST;

// If the sender knows no time, rtphdrextntp64 writes zeros.
GST_START_TEST (test_no_time)
{
  auto extension = ntp_extension ();
  if (!extension) {
    g_print ("SKIP: no rtphdrextntp64\n");
    return;
  }
  Link link;
  link.add_extension (extension);
  gst_object_unref (extension);
  for (auto packet : link.packets (0, GST_CLOCK_TIME_NONE))
    link.receive (packet);
  auto frame = link.pull ();
  fail_unless (frame != nullptr);
  fail_unless_equals_uint64 (
      time_of (frame, "timestamp/x-ntp"), GST_CLOCK_TIME_NONE);
  gst_buffer_unref (frame);
}
GST_END_TEST;

// Metadata that rtpjitterbuffer and rtspsrc add to packets, in any order.
GST_START_TEST (test_meta_of_packets)
{
  const char ptp[] = "timestamp/x-ptp,version=(string)IEEE1588-2008";
  Link link;
  for (unsigned i = 0; i < 2; i++) {
    auto packets = link.packets (i * 40 * GST_MSECOND, GST_CLOCK_TIME_NONE);
    std::swap (packets[0], packets[1]);
    for (auto packet : packets) {
      add_time (packet, "timestamp/x-ntp", ntp_offset + i);
      add_time (packet, ptp, 100 + i);
      link.receive (packet);
    }
    auto frame = link.pull ();
    fail_unless (frame != nullptr);
    fail_unless_equals_uint64 (
        time_of (frame, "timestamp/x-ntp"), ntp_offset + i);
    fail_unless_equals_uint64 (time_of (frame, ptp), 100 + i);
    fail_unless_equals_int (
        gst_buffer_get_n_meta (frame, GST_REFERENCE_TIMESTAMP_META_API_TYPE),
        2);
    gst_buffer_unref (frame);
  }
}
GST_END_TEST;

namespace {

// The difference between the system clock and the pipeline's, from the readings
// that were closest together.
GstClockTimeDiff
clock_offset (GstClock *clock)
{
  GstClockTimeDiff offset = 0;
  GstClockTime shortest = GST_SECOND;
  while (shortest > 100 * GST_USECOND) {
    auto before = gst_clock_get_time (clock);
    auto real = g_get_real_time () * GST_USECOND;
    auto after = gst_clock_get_time (clock);
    if (after - before < shortest) {
      shortest = after - before;
      offset = GST_CLOCK_DIFF (before + shortest / 2, real);
    }
  }
  return offset;
}

// A camera that is streamed and received. Its capture times are known from the
// timestamps with which frames enter the payloader.
class CameraLink {
public:
  CameraLink (GstRTPHeaderExtension *extension)
      : pipeline_ (gst_pipeline_new (nullptr))
  {
    GstElement *elements[] = {
        gst_element_factory_make ("v4l2mjpegsrc", nullptr),
        gst_element_factory_make ("rfc2435pay", nullptr),
        gst_element_factory_make ("rfc2435depay", nullptr),
        sink_ = gst_element_factory_make ("appsink", nullptr),
    };
    g_object_set (elements[0], "source", scripted_source_new (),
        "add-reference-timestamp-meta", TRUE, nullptr);
    g_object_set (elements[1], "pacing", 0.0, nullptr);
    g_object_set (sink_, "sync", FALSE, nullptr);
    g_signal_emit_by_name (elements[1], "add-extension", extension);
    for (auto element : elements) {
      fail_unless (element != nullptr);
      gst_bin_add (GST_BIN (pipeline_), element);
    }
    fail_unless (gst_element_link_many (
        elements[0], elements[1], elements[2], sink_, nullptr));
    auto pad = gst_element_get_static_pad (elements[1], "sink");
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_BUFFER, see_frame, this, nullptr);
    gst_object_unref (pad);
    pad = gst_element_get_static_pad (elements[1], "src");
    gst_pad_add_probe (
        pad, GST_PAD_PROBE_TYPE_BUFFER_LIST, cross_network, nullptr, nullptr);
    gst_object_unref (pad);
  }
  ~CameraLink ()
  {
    gst_element_set_state (pipeline_, GST_STATE_NULL);
    gst_object_unref (pipeline_);
  }
  CameraLink (const CameraLink &) = delete;
  CameraLink &operator= (const CameraLink &) = delete;

  // As if it had been playing for a while, however long it takes to start: no
  // frame was captured before that.
  void play ()
  {
    auto clock = gst_system_clock_obtain ();
    gst_pipeline_use_clock (GST_PIPELINE (pipeline_), clock);
    gst_element_set_start_time (pipeline_, GST_CLOCK_TIME_NONE);
    gst_element_set_base_time (
        pipeline_, gst_clock_get_time (clock) - 10 * GST_SECOND);
    gst_object_unref (clock);
    gst_element_set_state (pipeline_, GST_STATE_PLAYING);
  }

  void check_frame (std::size_t i)
  {
    GstSample *sample = nullptr;
    g_signal_emit_by_name (sink_, "try-pull-sample", patience, &sample);
    fail_unless (sample != nullptr, "frame %zu did not come", i);
    auto told = time_of (gst_sample_get_buffer (sample), "timestamp/x-ntp") -
                ntp_offset;
    gst_sample_unref (sample);
    std::lock_guard lock (mutex_);
    auto apart = GST_CLOCK_DIFF (captured_[i], told);
    fail_unless (std::abs (apart) < GstClockTimeDiff (GST_MSECOND),
        "frame %zu: %" G_GINT64_FORMAT " ns apart", i, apart);
  }

private:
  static GstPadProbeReturn see_frame (
      GstPad *, GstPadProbeInfo *info, gpointer user_data)
  {
    auto self = static_cast<CameraLink *> (user_data);
    auto clock = gst_element_get_clock (self->pipeline_);
    auto captured = gst_element_get_base_time (self->pipeline_) +
                    GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)) +
                    clock_offset (clock);
    gst_object_unref (clock);
    std::lock_guard lock (self->mutex_);
    self->captured_.push_back (captured);
    return GST_PAD_PROBE_OK;
  }

  static GstPadProbeReturn cross_network (
      GstPad *, GstPadProbeInfo *info, gpointer)
  {
    auto list =
        gst_buffer_list_make_writable (GST_PAD_PROBE_INFO_BUFFER_LIST (info));
    gst_buffer_list_foreach (
        list,
        [] (GstBuffer **packet, guint, gpointer) -> gboolean {
          *packet = gst_buffer_make_writable (*packet);
          take_meta (*packet);
          return TRUE;
        },
        nullptr);
    GST_PAD_PROBE_INFO_DATA (info) = list;
    return GST_PAD_PROBE_OK;
  }

  GstElement *pipeline_;
  GstElement *sink_ = nullptr;
  std::mutex mutex_;
  std::vector<GstClockTime> captured_;
};

} // namespace

// Two cameras with different latencies
GST_START_TEST (test_two_cameras)
{
  constexpr std::size_t count = 10;
  std::vector<Step> steps;
  for (guint i = 0; i < 4 * count; i++)
    steps.push_back ({.bytes = picture (), .delay = 5, .age = 900 - 20 * i});
  Script script (steps);
  script.set_caps ("image/jpeg,width=640,height=480,framerate=30/1");
  std::array<GstRTPHeaderExtension *, 2> extensions = {
      ntp_extension (), ntp_extension ()};
  if (!extensions[0]) {
    g_print ("SKIP: no rtphdrextntp64\n");
    return;
  }
  {
    CameraLink one (extensions[0]), other (extensions[1]);
    one.play ();
    other.play ();
    for (std::size_t i = 0; i < count; i++) {
      one.check_frame (i);
      other.check_frame (i);
    }
  }
  for (auto extension : extensions)
    gst_object_unref (extension);
}
GST_END_TEST;

namespace {

// Of the first packet.
GstPadProbeReturn
see_timestamp (GstPad *, GstPadProbeInfo *info, gpointer user_data)
{
  auto timestamp = static_cast<std::atomic<guint32> *> (user_data);
  auto packet = gst_buffer_list_get (GST_PAD_PROBE_INFO_BUFFER_LIST (info), 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  fail_unless (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  *timestamp = gst_rtp_buffer_get_timestamp (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  return GST_PAD_PROBE_REMOVE;
}

struct SenderReport {
  guint64 ntp;
  guint32 timestamp;
};

SenderReport
sender_report (GstElement *sink)
{
  for (;;) {
    GstSample *sample = nullptr;
    g_signal_emit_by_name (sink, "try-pull-sample", patience, &sample);
    fail_unless (sample != nullptr, "no sender report");
    guint8 bytes[20] = {};
    gst_buffer_extract (gst_sample_get_buffer (sample), 0, bytes, sizeof bytes);
    gst_sample_unref (sample);
    if (bytes[1] == 200)
      return {GST_READ_UINT64_BE (bytes + 8), GST_READ_UINT32_BE (bytes + 16)};
  }
}

} // namespace

// Sender reports tell when frames were captured, however late they arrive.
GST_START_TEST (test_sender_reports)
{
  Script script ({{.bytes = picture (), .delay = 200, .age = 100},
      {.bytes = picture (), .delay = 10, .age = 40}});
  script.set_caps ("image/jpeg,width=640,height=480,framerate=30/1");
  auto pipeline = gst_parse_launch (
      "rtpsession name=session bandwidth=100000000 "
      "rtcp-min-interval=20000000 rtcp-sync-send-time=false v4l2mjpegsrc "
      "name=camera "
      "! rfc2435pay name=pay pacing=0 ! session.send_rtp_sink "
      "session.send_rtp_src ! fakesink sync=false session.send_rtcp_src "
      "! appsink name=reports sync=false async=false",
      nullptr);
  fail_unless (pipeline != nullptr);
  auto camera = gst_bin_get_by_name (GST_BIN (pipeline), "camera");
  g_object_set (camera, "source", scripted_source_new (), nullptr);
  gst_object_unref (camera);
  auto pay = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  auto pad = gst_element_get_static_pad (pay, "src");
  std::atomic<guint32> first = 0;
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER_LIST, see_timestamp, &first, nullptr);
  gst_object_unref (pad);
  gst_object_unref (pay);
  auto sink = gst_bin_get_by_name (GST_BIN (pipeline), "reports");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  // A report combines readings of two clocks, between which a busy machine may
  // do something else: the closest result counts.
  gint64 closest = G_MAXINT64;
  for (int i = 0; i < 20 && closest >= gint64 (GST_MSECOND); i++) {
    auto report = sender_report (sink);
    auto clock = gst_element_get_clock (pipeline);
    auto captured = gst_element_get_base_time (pipeline) + script.pts_of (0);
    auto told =
        gst_util_uint64_scale (report.ntp, GST_SECOND, guint64 (1) << 32) -
        ntp_offset;
    auto since = gst_util_uint64_scale (
        guint32 (report.timestamp - first), GST_SECOND, 90000);
    auto apart = GST_CLOCK_DIFF (captured + clock_offset (clock) + since, told);
    gst_object_unref (clock);
    closest = std::min<gint64> (closest, std::abs (apart));
  }
  fail_unless (closest < gint64 (GST_MSECOND),
      "%" G_GINT64_FORMAT " ns between capture and what the reports say",
      closest);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
capture_time_suite ()
{
  auto suite = suite_create ("capture_time");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_header_extension, 0, 2);
  tcase_add_test (tc, test_no_time);
  tcase_add_test (tc, test_meta_of_packets);
  tcase_add_test (tc, test_two_cameras);
  tcase_add_test (tc, test_sender_reports);

  return suite;
}

GST_CHECK_MAIN (capture_time)
