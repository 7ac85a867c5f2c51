// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What no application does on purpose: every property changed at random while
// packets flow, a thousand starts, hundreds of elements. After each test,
// GStreamer's leaks tracer says whether an object is left.

// Included before check.h, whose macro fail() would break them
#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <thread>

#include "frame_stats.h"
#include "jpeg_builder.h"
#include "leaks.h"
#include "rfc2435depay/rtp_packets.h"
#include "sink_harness.h"
#include "udp_receiver.h"

#include <gst/check/gstharness.h>

using test::ByteVector;

// Four packets of 1400 bytes
static ByteVector
big_picture ()
{
  return test::picture (640, 480);
}

static GstFlowReturn
push (GstHarness *harness, const ByteVector &jpeg)
{
  return gst_harness_push (
      harness, gst_buffer_new_memdup (jpeg.data (), jpeg.size ()));
}

static void
drain (GstHarness *harness)
{
  while (auto buffer = gst_harness_try_pull (harness))
    gst_buffer_unref (buffer);
}

// The names of all elements that the plugin has.
static std::vector<std::string>
element_names ()
{
  std::vector<std::string> names;
  auto features =
      gst_registry_get_feature_list_by_plugin (gst_registry_get (), "rfc2435");
  for (auto f = features; f; f = f->next) {
    if (GST_IS_ELEMENT_FACTORY (f->data))
      names.emplace_back (GST_OBJECT_NAME (f->data));
  }
  gst_plugin_feature_list_free (features);
  fail_unless (std::count (names.begin (), names.end (), "rfc2435pay") == 1);
  return names;
}

// ---- Property storms -------------------------------------------------------

namespace {

// Sets the properties of an element to their minimum, maximum and other values.
class PropertyStorm {
public:
  explicit PropertyStorm (GstElement *element) : element_ (element)
  {
    guint count;
    auto specs =
        g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &count);
    for (guint i = 0; i < count; i++) {
      if (is_for_storms (specs[i]))
        specs_.push_back (specs[i]);
    }
    g_free (specs);
    fail_unless (specs_.size () >= 2);
  }

  void set_one ()
  {
    auto spec = specs_[random_ () % specs_.size ()];
    GValue value = G_VALUE_INIT;

    g_value_init (&value, spec->value_type);
    choose (spec, value);
    g_object_set_property (G_OBJECT (element_), spec->name, &value);
    g_value_unset (&value);
  }

  void set_defaults ()
  {
    for (auto spec : specs_)
      g_object_set_property (G_OBJECT (element_), spec->name,
          g_param_spec_get_default_value (spec));
  }

  void get_all ()
  {
    for (auto spec : specs_) {
      GValue value = G_VALUE_INIT;
      g_value_init (&value, spec->value_type);
      g_object_get_property (G_OBJECT (element_), spec->name, &value);
      g_value_unset (&value);
    }
  }

private:
  // GstBaseSink's own (ts-offset, throttle-time) can delay streams for any
  // time, and the name belongs to the parent.
  static bool is_for_storms (GParamSpec *spec)
  {
    return (spec->flags & G_PARAM_WRITABLE) &&
           !(spec->flags & G_PARAM_CONSTRUCT_ONLY) &&
           !g_str_equal (g_type_name (spec->owner_type), "GstBaseSink") &&
           // There is no least or greatest object.
           !G_IS_PARAM_SPEC_OBJECT (spec) &&
           // jpegflip warns that it doesn't support `custom`.
           !g_str_equal (spec->name, "video-direction") &&
           spec->owner_type != GST_TYPE_OBJECT;
  }

  void choose (GParamSpec *spec, GValue &value)
  {
    auto which = random_ () % 4;

    if (G_IS_PARAM_SPEC_ENUM (spec)) {
      auto values = G_PARAM_SPEC_ENUM (spec)->enum_class;
      g_value_set_enum (
          &value, values->values[random_ () % values->n_values].value);
    } else if (G_IS_PARAM_SPEC_STRING (spec)) {
      static const std::string endless (100'000, ',');
      static const char *const texts[] = {nullptr, "", "127.0.0.1", "::1",
          "127.0.0.1:5004,[::1]:5004,:,x:0,[", endless.c_str ()};
      g_value_set_string (&value, texts[random_ () % std::size (texts)]);
    } else if (which == 0) {
      g_param_value_set_default (spec, &value);
    } else {
      choose_number (spec, value, which);
    }
    g_param_value_validate (spec, &value);
  }

  // 1: the least, 2: the greatest, 3: any
  void choose_number (GParamSpec *spec, GValue &value, unsigned which)
  {
    auto between = [&] (auto least, auto greatest) {
      if (which == 3)
        return static_cast<decltype (least)> (random_ ());
      return which == 1 ? least : greatest;
    };
    if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
      g_value_set_boolean (&value, which & 1);
    } else if (G_IS_PARAM_SPEC_INT (spec)) {
      auto s = G_PARAM_SPEC_INT (spec);
      g_value_set_int (&value, between (s->minimum, s->maximum));
    } else if (G_IS_PARAM_SPEC_UINT (spec)) {
      auto s = G_PARAM_SPEC_UINT (spec);
      g_value_set_uint (&value, between (s->minimum, s->maximum));
    } else if (G_IS_PARAM_SPEC_INT64 (spec)) {
      auto s = G_PARAM_SPEC_INT64 (spec);
      g_value_set_int64 (&value, between (s->minimum, s->maximum));
    } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
      auto s = G_PARAM_SPEC_UINT64 (spec);
      g_value_set_uint64 (&value, between (s->minimum, s->maximum));
    } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
      auto s = G_PARAM_SPEC_DOUBLE (spec);
      g_value_set_double (&value, between (s->minimum, s->maximum));
    }
  }

  GstElement *element_;
  std::vector<GParamSpec *> specs_;
  std::minstd_rand random_{1};
};

// A storm in a separate thread while this exists.
class StormThread {
public:
  explicit StormThread (GstElement *element)
      : thread_ ([this, element] {
          PropertyStorm storm (element);
          for (unsigned i = 0; !stop_; i++) {
            storm.set_one ();
            if (i % 64 == 0)
              storm.get_all ();
          }
        })
  {}
  ~StormThread ()
  {
    stop_ = true;
    thread_.join ();
  }
  StormThread (const StormThread &) = delete;
  StormThread &operator= (const StormThread &) = delete;

private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

} // namespace

// An mtu too small for tables or an invalid payload type is an error, but not
// the end.
GST_START_TEST (test_payloader_in_storm)
{
  auto harness = gst_harness_new ("rfc2435pay");
  auto element = harness->element;
  gst_harness_use_systemclock (harness);
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=1000/1");
  const ByteVector pictures[] = {big_picture (),
      test::picture (2048, 16, test::sampling_422, 10), {0xff, 0xd8, 0xff},
      test::picture (64, 64, 0x11)};
  unsigned count = 0, failed = 0;
  {
    StormThread storm (element);
    for (; count < 2000; count++) {
      failed += push (harness, pictures[count % 4]) != GST_FLOW_OK;
      drain (harness);
    }
  }
  fail_unless_equals_uint64 (test::frame_stat (element, "frames-in"), count);
  fail_unless_equals_uint64 (test::frame_stat (element, "frames-out") +
                                 test::frame_stat (element, "frames-dropped") +
                                 failed,
      count);
  fail_unless (test::frame_stat (element, "frames-out") > 0);

  // And when it is over, all is as it should be.
  PropertyStorm (element).set_defaults ();
  g_object_set (element, "mtu", 1400u, "pacing", 0.0, nullptr);
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=30/1");
  fail_unless_equals_int (push (harness, big_picture ()), GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_in_queue (harness), 4);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstFlowReturn
push (GstHarness *harness, const test::RtpPacket &packet)
{
  return push (harness, packet.bytes ());
}

static void
flush (GstHarness *harness)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
}

static void
tell_lost (GstHarness *harness, guint seqnum)
{
  gst_harness_push_event (
      harness, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                   gst_structure_new ("GstRTPPacketLost", "seqnum", G_TYPE_UINT,
                       seqnum, nullptr)));
}

// Packets that are lost, repeated, overtaken, damaged, or arrive after they
// were reported lost; flushes, and senders that restart. None of it is an
// error.
GST_START_TEST (test_depayloader_in_storm)
{
  auto harness = gst_harness_new ("rfc2435depay");
  auto element = harness->element;
  gst_harness_set_src_caps_str (harness,
      "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=26");
  const ByteVector pictures[] = {
      big_picture (), test::picture (2040, 16, test::sampling_422, 10)};
  std::minstd_rand random{1};
  guint64 pushed = 0;
  std::uint16_t seqnum = 65000;
  {
    StormThread storm (element);
    for (unsigned frame = 0; frame < 1000; frame++) {
      auto packets = test::packetize (pictures[random () % 2],
          {.seqnum = seqnum, .timestamp = 3000 * frame});
      seqnum = static_cast<std::uint16_t> (seqnum + packets.size ());
      if (random () % 100 == 0)
        seqnum = static_cast<std::uint16_t> (random ());
      for (std::size_t i = 0; i < packets.size (); i++) {
        auto &packet = packets[i];
        auto what = random () % 32;
        if (what == 0)
          continue;
        if (what == 1)
          packet.payload[random () % packet.payload.size ()] ^=
              static_cast<std::uint8_t> (1 + random () % 255);
        if (what == 2)
          std::swap (packet, packets[random () % packets.size ()]);
        if (what == 3)
          tell_lost (harness, packet.seqnum);
        for (unsigned count = what == 4 ? 2 : 1; count > 0; count--, pushed++)
          fail_unless_equals_int (push (harness, packet), GST_FLOW_OK);
      }
      if (random () % 50 == 0)
        flush (harness);
      drain (harness);
    }
  }
  fail_unless (test::frame_stat (element, "packets-received") <= pushed);
  fail_unless (test::frame_stat (element, "frames-out") > 0);
  fail_unless (test::frame_stat (element, "frames-dropped") > 0);

  // And when it is over, all is as it should be.
  g_object_set (element, "max-frame-size", 1u << 24, "max-pixels", 1u << 24,
      "max-reorder", 100, nullptr);
  flush (harness);
  drain (harness);
  for (auto &packet : test::packetize (big_picture (), {.seqnum = 5}))
    fail_unless_equals_int (push (harness, packet), GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_buffers_in_queue (harness), 1);
  auto buffer = gst_harness_pull (harness);
  ByteVector jpeg (gst_buffer_get_size (buffer));
  gst_buffer_extract (buffer, 0, jpeg.data (), jpeg.size ());
  fail_unless (test::scan_of (jpeg) == test::scan_of (big_picture ()));
  fail_if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_CORRUPTED));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

// Once a source has started it, GStreamer keeps its camera monitor until the
// process ends, which the tracer would take for a leak.
static bool
may_start (GstElement *element)
{
  return !GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SOURCE);
}

// The properties of each element, in all states that it can reach alone.
GST_START_TEST (test_all_in_storm)
{
  for (auto &name : element_names ()) {
    auto element = gst_element_factory_make (name.c_str (), nullptr);
    PropertyStorm storm (element);
    for (auto state : {GST_STATE_NULL, GST_STATE_READY, GST_STATE_NULL}) {
      if (may_start (element))
        gst_element_set_state (element, state);
      for (unsigned i = 0; i < 1000; i++)
        storm.set_one ();
      storm.get_all ();
    }
    gst_object_unref (element);
  }
}
GST_END_TEST;

#ifdef HAVE_UDPGSOSINK
GST_START_TEST (test_sink_in_storm)
{
  SinkHarness harness ("udpgsosink host=127.0.0.1");
  auto datagrams = make_datagrams ({1000, 1000, 1000, 200});
  unsigned count = 0;

  harness.start ();
  {
    StormThread storm (harness.sink);
    for (; count < 2000; count++)
      fail_unless_equals_int (harness.push_list (datagrams), GST_FLOW_OK);
  }
  fail_unless_equals_uint64 (harness.stat ("packets-to-serve"), 4 * count);

  UdpReceiver receiver;
  auto clients = "127.0.0.1:" + std::to_string (receiver.port ());
  g_object_set (harness.sink, "clients", clients.c_str (), "ttl", 64, nullptr);
  harness.push_list (datagrams);
  fail_unless (receiver.receive (4) == datagrams);
}
GST_END_TEST;
#endif

// ---- Lifecycles ------------------------------------------------------------

constexpr unsigned many_starts = 1000;

GST_START_TEST (test_payloader_starts)
{
  auto harness = gst_harness_new ("rfc2435pay");
  auto element = harness->element;
  auto jpeg = big_picture ();
  auto caps = gst_caps_new_empty_simple ("image/jpeg");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_set_src_caps (harness, gst_caps_ref (caps));
  for (unsigned i = 0; i < many_starts; i++) {
    fail_unless_equals_int (push (harness, jpeg), GST_FLOW_OK);
    fail_unless_equals_int (gst_harness_buffers_in_queue (harness), 4);
    drain (harness);
    fail_unless_equals_int (gst_element_set_state (element,
                                i % 2 ? GST_STATE_NULL : GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
    gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
    gst_harness_push_event (harness, gst_event_new_caps (caps));
    gst_harness_push_event (harness, gst_event_new_segment (&segment));
  }
  gst_caps_unref (caps);
  gst_harness_teardown (harness);
}
GST_END_TEST;

#ifdef HAVE_UDPGSOSINK
GST_START_TEST (test_sink_starts)
{
  UdpReceiver receiver;
  SinkHarness harness (
      "udpgsosink host=127.0.0.1 port=" + std::to_string (receiver.port ()));
  auto datagrams = make_datagrams ({1000, 1000, 200});

  for (unsigned i = 0; i < many_starts; i++) {
    harness.start ();
    fail_unless_equals_int (harness.push_list (datagrams), GST_FLOW_OK);
    fail_unless_equals_uint64 (harness.stat ("packets-sent"), 3);
    harness.stop ();
    fail_unless (receiver.receive (3) == datagrams);
  }
}
GST_END_TEST;
#endif

static void
note_finalized (gpointer finalized, GObject *)
{
  *static_cast<bool *> (finalized) = true;
}

// Removed from a pipeline in whatever state it has reached, and disposed of.
GST_START_TEST (test_disposed_in_any_state)
{
  for (auto &name : element_names ()) {
    for (auto state : {GST_STATE_NULL, GST_STATE_READY, GST_STATE_PAUSED,
             GST_STATE_PLAYING}) {
      bool finalized = false;
      auto pipeline = gst_pipeline_new (nullptr);
      auto element = gst_element_factory_make (name.c_str (), nullptr);
      g_object_weak_ref (G_OBJECT (element), note_finalized, &finalized);
      gst_bin_add (GST_BIN (pipeline), element);
      if (may_start (element))
        gst_element_set_state (pipeline, state);

      gst_object_ref (element);
      gst_bin_remove (GST_BIN (pipeline), element);
      gst_element_set_state (element, GST_STATE_NULL);
      gst_object_unref (element);
      gst_element_set_state (pipeline, GST_STATE_NULL);
      // And with it the messages on its bus, which hold the element
      gst_object_unref (pipeline);
      fail_unless (finalized);
    }
  }
}
GST_END_TEST;

constexpr unsigned many_elements = 200;

GST_START_TEST (test_many_payloaders)
{
  std::vector<GstHarness *> harnesses;
  auto jpeg = big_picture ();

  for (unsigned i = 0; i < many_elements; i++) {
    harnesses.push_back (gst_harness_new ("rfc2435pay"));
    gst_harness_set_src_caps_str (harnesses.back (), "image/jpeg");
  }
  for (unsigned frame = 0; frame < 3; frame++) {
    for (auto harness : harnesses)
      fail_unless_equals_int (push (harness, jpeg), GST_FLOW_OK);
  }
  for (auto harness : harnesses) {
    fail_unless_equals_int (gst_harness_buffers_in_queue (harness), 12);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

#ifdef HAVE_UDPGSOSINK
GST_START_TEST (test_many_sinks)
{
  UdpReceiver receiver;
  std::vector<std::unique_ptr<SinkHarness>> harnesses;
  auto datagrams = make_datagrams ({1000, 1000, 200});

  for (unsigned i = 0; i < many_elements; i++) {
    harnesses.push_back (std::make_unique<SinkHarness> (
        "udpgsosink host=127.0.0.1 port=" + std::to_string (receiver.port ())));
    harnesses.back ()->start ();
  }
  for (auto &harness : harnesses) {
    fail_unless_equals_int (harness->push_list (datagrams), GST_FLOW_OK);
    fail_unless (receiver.receive (3) == datagrams);
  }
}
GST_END_TEST;
#endif

// ---- Changes in mid-stream -------------------------------------------------

// Every frame has its own caps and another size.
GST_START_TEST (test_renegotiation)
{
  auto harness = gst_harness_new ("rfc2435pay");

  for (unsigned i = 1; i <= 200; i++) {
    auto width = i % 2 ? 2048 + 16 * i : 16 * i % 2040;
    auto framerate = std::to_string (i);
    auto caps = "image/jpeg,framerate=" + framerate + "/1";
    gst_harness_set_src_caps_str (harness, caps.c_str ());
    fail_unless_equals_int (
        push (harness, test::picture (width, 16)), GST_FLOW_OK);
    fail_unless (gst_harness_buffers_in_queue (harness) > 0);
    drain (harness);

    auto got = gst_pad_get_current_caps (harness->sinkpad);
    auto fields = gst_caps_get_structure (got, 0);
    fail_unless_equals_string (
        gst_structure_get_string (fields, "a-framerate"), framerate.c_str ());
    auto dimensions = gst_structure_get_string (fields, "x-dimensions");
    auto expected = std::to_string (width) + ",16";
    fail_unless_equals_string (dimensions, i % 2 ? expected.c_str () : nullptr);
    gst_caps_unref (got);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

// Frames of many packets, each paced over nearly its whole interval: seeks
// occur while one is being sent.
GST_START_TEST (test_seek_during_frame)
{
  auto pipeline = gst_parse_launch (
      "videotestsrc ! video/x-raw,format=I420,width=64,height=64,"
      "framerate=20/1 ! jpegenc ! rfc2435pay name=pay mtu=60 pacing=0.9 "
      "pacing-burst=1 ! fakesink name=sink sync=true",
      nullptr);
  auto pay = gst_bin_get_by_name (GST_BIN (pipeline), "pay");
  auto bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (unsigned i = 0; i < 20; i++) {
    fail_unless_equals_int (
        gst_element_get_state (pipeline, nullptr, nullptr, GST_CLOCK_TIME_NONE),
        GST_STATE_CHANGE_SUCCESS);
    g_usleep (7000 * (i % 4));
    fail_unless (gst_element_seek_simple (
        pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, i * GST_SECOND));
  }
  // It still plays to the end.
  auto end = 30 * GST_SECOND;
  fail_unless (
      gst_element_seek (pipeline, 1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
          GST_SEEK_TYPE_SET, end - GST_SECOND / 10, GST_SEEK_TYPE_SET, end));
  auto message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      static_cast<GstMessageType> (GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  // Those that a seek interrupted are incomplete.
  auto frames = test::frame_stat (pay, "frames-in");
  fail_unless (frames > 20);
  fail_unless_equals_uint64 (test::frame_stat (pay, "frames-out") +
                                 test::frame_stat (pay, "frames-unsent"),
      frames);

  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pay);
  gst_object_unref (pipeline);
}
GST_END_TEST;

// ----------------------------------------------------------------------------

static Suite *
storm_suite ()
{
  auto suite = suite_create ("storm");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_payloader_in_storm);
  tcase_add_test (tc, test_depayloader_in_storm);
  tcase_add_test (tc, test_all_in_storm);
  tcase_add_test (tc, test_payloader_starts);
  tcase_add_test (tc, test_disposed_in_any_state);
  tcase_add_test (tc, test_many_payloaders);
  tcase_add_test (tc, test_renegotiation);
  tcase_add_test (tc, test_seek_during_frame);
#ifdef HAVE_UDPGSOSINK
  tcase_add_test (tc, test_sink_in_storm);
  tcase_add_test (tc, test_sink_starts);
  tcase_add_test (tc, test_many_sinks);
#endif

  return suite;
}

GST_CHECK_MAIN (storm)
