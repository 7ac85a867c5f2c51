// SPDX-License-Identifier: LGPL-2.1-or-later
#include "textured_picture.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

using test::ByteVector;

static constexpr GstClockTime interval = GST_SECOND / 25;

// A harness around one rfc2435pay, with its bus.
class Stream {
public:
  Stream ()
      : harness_ (gst_harness_new_parse ("rfc2435pay pacing=0 mtu=1000")),
        bus_ (gst_bus_new ()),
        pay_ (gst_harness_find_element (harness_, "rfc2435pay"))
  {
    gst_element_set_bus (harness_->element, bus_);
    gst_harness_set_src_caps_str (harness_, "image/jpeg,framerate=25/1");
  }
  ~Stream ()
  {
    gst_element_set_bus (harness_->element, nullptr);
    gst_object_unref (pay_);
    gst_object_unref (bus_);
    gst_harness_teardown (harness_);
  }
  Stream (const Stream &) = delete;
  Stream &operator= (const Stream &) = delete;

  void set (const char *name, guint value)
  {
    g_object_set (pay_, name, value, nullptr);
  }

  // Bytes of the packets of a frame; their payloads go to `sent`.
  std::size_t send (const ByteVector &jpeg, ByteVector *sent = nullptr)
  {
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = count_++ * interval;
    fail_unless (gst_harness_push (harness_, buffer) == GST_FLOW_OK);
    std::size_t size = 0;
    while (auto packet = gst_harness_try_pull (harness_)) {
      GstMapInfo map;
      gst_buffer_map (packet, &map, GST_MAP_READ);
      size += map.size;
      if (sent)
        sent->insert (sent->end (), map.data + 12, map.data + map.size);
      gst_buffer_unmap (packet, &map);
      gst_buffer_unref (packet);
    }
    return size;
  }

  guint64 stat (const char *field, const char *group = "bit-rate")
  {
    GstStructure *stats, *rate = nullptr;
    guint64 value = 0;
    g_object_get (pay_, "frame-stats", &stats, nullptr);
    gst_structure_get (stats, group, GST_TYPE_STRUCTURE, &rate, nullptr);
    fail_unless (rate != nullptr);
    gst_structure_get_uint64 (rate, field, &value);
    gst_structure_free (rate);
    gst_structure_free (stats);
    return value;
  }

  // Whether there is a message of the ceiling, and `limiting` in it.
  bool has_message (bool &limiting)
  {
    auto message = gst_bus_pop_filtered (bus_, GST_MESSAGE_ELEMENT);
    if (!message)
      return false;
    auto structure = gst_message_get_structure (message);
    gboolean value;
    fail_unless (gst_structure_has_name (structure, "rfc2435pay-max-bitrate"));
    fail_unless (gst_structure_get_boolean (structure, "limiting", &value));
    limiting = value;
    gst_message_unref (message);
    return true;
  }

private:
  GstHarness *harness_;
  GstBus *bus_;
  GstElement *pay_;
  guint64 count_ = 0;
};

static guint
bit_rate (std::size_t bytes_in_frame)
{
  return static_cast<guint> (bytes_in_frame * 8 * 25);
}

// Frames that fit leave as they would without a ceiling.
GST_START_TEST (test_frames_that_fit)
{
  Stream plain, limited;
  auto jpeg = test::textured_picture (256, 90);
  ByteVector before, after;
  auto size = plain.send (jpeg, &before);
  limited.set ("max-bitrate", bit_rate (size + 16));
  for (unsigned i = 0; i < 20; i++) {
    after.clear ();
    fail_unless (limited.send (jpeg, &after) == size);
    fail_unless (after == before);
  }
  fail_unless (limited.stat ("frames-untouched") == 20);
  fail_unless (limited.stat ("frames-thinned") == 0);
  bool limiting;
  fail_if (limited.has_message (limiting));
}
GST_END_TEST;

// The share holds for whole packets, and from the next frame on.
GST_START_TEST (test_ceiling)
{
  Stream stream;
  auto jpeg = test::textured_picture (512, 90);
  auto size = stream.send (jpeg);
  for (unsigned percent : {90, 70, 50, 30, 60, 100, 40}) {
    auto share = size * percent / 100;
    stream.set ("max-bitrate", bit_rate (share));
    std::size_t sum = 0;
    for (unsigned i = 0; i < 12; i++) {
      ByteVector sent;
      auto bytes = stream.send (test::textured_picture (512, 90, i), &sent);
      fail_unless (bytes <= share * 105 / 100, "%u %%: %zu of %zu", percent,
          bytes, share);
      fail_unless (bytes >= share * 85 / 100, "%u %%: %zu of %zu", percent,
          bytes, share);
      sum += bytes;
      // Tables on the IJG's scale are told by Q.
      fail_unless (sent[5] >= 10 && sent[5] <= 90, "Q %u", sent[5]);
    }
    fail_unless (sum <= 12 * share * 101 / 100, "%zu of %zu", sum, 12 * share);
  }
  fail_unless (stream.stat ("frames-thinned") > 0);
  fail_unless (stream.stat ("frames-requantized") > 0);
  bool limiting = false;
  fail_unless (stream.has_message (limiting));
  fail_unless (limiting);
  fail_if (stream.has_message (limiting));
}
GST_END_TEST;

// What can't be small enough is dropped, and the next frame has its share.
GST_START_TEST (test_min_quality)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  auto size = stream.send (jpeg);
  stream.set ("min-quality", 80);
  stream.set ("max-bitrate", bit_rate (size / 4));
  unsigned sent = 0;
  for (unsigned i = 0; i < 40; i++)
    sent += stream.send (jpeg) != 0;
  fail_unless (sent >= 8 && sent <= 20, "%u sent", sent);
  fail_unless (stream.stat ("bit-rate", "dropped") == 40 - sent);
  stream.set ("min-quality", 10);
  fail_unless (stream.send (jpeg) != 0);
}
GST_END_TEST;

// Off again, nothing is left of it.
GST_START_TEST (test_off)
{
  Stream stream;
  auto jpeg = test::textured_picture (256, 90);
  ByteVector before, after;
  stream.send (jpeg, &before);
  stream.set ("max-bitrate", 1000000);
  stream.send (jpeg);
  stream.set ("max-bitrate", 0);
  stream.send (jpeg, &after);
  fail_unless (after == before);
}
GST_END_TEST;

static Suite *
max_bitrate_suite ()
{
  auto suite = suite_create ("max_bitrate");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_frames_that_fit);
  tcase_add_test (tc, test_ceiling);
  tcase_add_test (tc, test_min_quality);
  tcase_add_test (tc, test_off);

  return suite;
}

GST_CHECK_MAIN (max_bitrate)
