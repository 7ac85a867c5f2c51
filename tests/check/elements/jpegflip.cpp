// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "corpus.h"
#include "decoded.h"
#include "exif_builder.h"
#include "frame_stats.h"
#include "jpeg_builder.h"
#include "jpegtran.h"
#include "leaks.h"
#include "log_lines.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/controller/controller.h>
#include <gst/video/video.h>

#include <algorithm>
#include <optional>
#include <string>

using corpus::Jpeg;
using corpus::Spec;
using decoded::Format;
using decoded::Upsampling;
using rfc2435::Bytes;

static const std::array<Spec::Factors, 4> f420{{{2, 2}, {1, 1}, {1, 1}, {}}};
static const std::array<Spec::Factors, 4> f422{{{2, 1}, {1, 1}, {1, 1}, {}}};

// A picture that can be turned losslessly in any direction.
static Jpeg
whole_mcus ()
{
  return corpus::make ({.width = 160, .height = 96});
}

// A picture that can't.
static Jpeg
broken_edges ()
{
  return corpus::make ({.width = 151, .height = 93});
}

static GstBuffer *
make_buffer (const Jpeg &jpeg)
{
  return jpeg.empty () ? gst_buffer_new ()
                       : gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
}

static void
expect_caps (GstCaps *caps, const char *expected)
{
  g_autoptr (GstCaps) wanted = gst_caps_from_string (expected);
  g_autofree gchar *text = gst_caps_to_string (caps);
  fail_unless (gst_caps_is_strictly_equal (caps, wanted), "%s instead of %s",
      text, expected);
}

// A harness around one jpegflip, with its bus.
class Flipper {
public:
  explicit Flipper (GstVideoOrientationMethod direction,
      const char *caps = "image/jpeg,width=160,height=96,framerate=30/1")
      : bus_ (gst_bus_new ())
  {
    auto flip = gst_element_factory_make ("jpegflip", nullptr);
    g_object_set (flip, "video-direction", direction, nullptr);
    harness_ = gst_harness_new_with_element (flip, "sink", "src");
    gst_object_unref (flip);
    gst_element_set_bus (harness_->element, bus_);
    gst_harness_set_src_caps_str (harness_, caps);
  }
  ~Flipper ()
  {
    gst_element_set_bus (harness_->element, nullptr);
    gst_object_unref (bus_);
    gst_harness_teardown (harness_);
  }
  Flipper (const Flipper &) = delete;
  Flipper &operator= (const Flipper &) = delete;

  GstHarness *harness () { return harness_; }

  template <typename... Values> void set (const char *name, Values... values)
  {
    g_object_set (harness_->element, name, values..., nullptr);
  }

  GstVideoOrientationMethod direction ()
  {
    GstVideoOrientationMethod direction;
    g_object_get (harness_->element, "video-direction", &direction, nullptr);
    return direction;
  }

  void push (const Jpeg &jpeg) { push (make_buffer (jpeg)); }
  void push (GstBuffer *buffer)
  {
    fail_unless_equals_int (gst_harness_push (harness_, buffer), GST_FLOW_OK);
  }

  // The picture that was output, empty if there was none.
  Jpeg take ()
  {
    auto buffer = gst_harness_try_pull (harness_);
    if (!buffer)
      return {};
    Jpeg jpeg (gst_buffer_get_size (buffer));
    gst_buffer_extract (buffer, 0, jpeg.data (), jpeg.size ());
    gst_buffer_unref (buffer);
    fail_unless (gst_harness_try_pull (harness_) == nullptr);
    return jpeg;
  }
  Jpeg turn (const Jpeg &jpeg)
  {
    push (jpeg);
    return take ();
  }

  void expect_caps (const char *expected)
  {
    g_autoptr (GstCaps) caps = gst_pad_get_current_caps (harness_->sinkpad);
    ::expect_caps (caps, expected);
  }

  guint64 stat (const char *field)
  {
    return test::frame_stat (harness_->element, field);
  }

  std::string left_out ()
  {
    auto message = gst_bus_pop_filtered (bus_,
        static_cast<GstMessageType> (GST_MESSAGE_INFO | GST_MESSAGE_WARNING));
    if (!message)
      return "";
    const GstStructure *details;
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_INFO)
      gst_message_parse_info_details (message, &details);
    else
      gst_message_parse_warning_details (message, &details);
    g_autofree gchar *text = gst_structure_to_string (details);
    std::string result = GST_MESSAGE_TYPE_NAME (message);
    gst_message_unref (message);
    return result + ": " + text;
  }

  guint64 dropped (const char *cause)
  {
    return test::frame_stat (harness_->element, "dropped", cause);
  }

  // The subjects of the WARNING messages so far: "jpegflip-lossy: 4:4:4 JPEG".
  std::vector<std::string> warnings ()
  {
    std::vector<std::string> result;
    while (auto message = gst_bus_pop_filtered (bus_, GST_MESSAGE_WARNING)) {
      const GstStructure *details;
      gst_message_parse_warning_details (message, &details);
      std::string text = gst_structure_get_name (details);
      for (auto field : {"cause", "found"}) {
        if (auto value = gst_structure_get_string (details, field))
          text = text + ": " + value;
      }
      result.push_back (text);
      gst_message_unref (message);
    }
    return result;
  }

private:
  GstHarness *harness_ = nullptr;
  GstBus *bus_;
};

static GstVideoOrientationMethod
method (const jpegtran::Case &turn)
{
  return static_cast<GstVideoOrientationMethod> (turn.turn);
}

static bool
swaps_axes (const jpegtran::Case &turn)
{
  return rfc2435::steps_of (turn.turn).swap_axes;
}

static void
expect_same_pixels (const Jpeg &a, const Jpeg &b)
{
  fail_unless (decoded::pixels (Bytes{a}, Format::rgb, Upsampling::plain) ==
               decoded::pixels (Bytes{b}, Format::rgb, Upsampling::plain));
}

GST_START_TEST (test_as_jpegtran_perfect)
{
  for (const auto &turn : jpegtran::turns)
    for (const auto &factors : {f420, f422}) {
      if (swaps_axes (turn) && factors[0].v == 1)
        continue;
      Flipper flipper (method (turn));
      const auto jpeg =
          corpus::make ({.width = 160, .height = 96, .factors = factors});
      const auto expected = jpegtran::turned (jpeg, turn);
      fail_if (expected.empty ());
      for (int i = 0; i < 2; i++) {
        const auto result = flipper.turn (jpeg);
        fail_unless (std::ranges::equal (
                         jpegtran::scan (result), jpegtran::scan (expected)),
            "%s", turn.name);
        const auto a = decoded::coefficients (Bytes{expected});
        const auto b = decoded::coefficients (Bytes{result});
        fail_unless (a.width == b.width && a.height == b.height);
        fail_unless (a.components == b.components);
        expect_same_pixels (expected, result);
      }
      fail_unless_equals_uint64 (flipper.stat ("frames-lossless"), 2);
      fail_unless_equals_uint64 (flipper.stat ("frames-lossy"), 0);
      fail_unless (flipper.stat ("cpu-time") > 0);
      fail_unless (flipper.warnings ().empty ());
    }
}
GST_END_TEST;

// RFC 2435 has no gray: it is output as 4:2:0 with the same pixels.
GST_START_TEST (test_gray_as_jpegtran_perfect)
{
  const auto jpeg =
      corpus::make ({.width = 152, .height = 88, .color = Spec::Color::gray});
  for (const auto &turn : jpegtran::turns) {
    Flipper flipper (method (turn));
    const auto expected = jpegtran::turned (jpeg, turn);
    const auto result = flipper.turn (jpeg);
    const auto a = decoded::coefficients (Bytes{expected});
    const auto b = decoded::coefficients (Bytes{result});
    fail_unless_equals_int (b.components.size (), 3);
    fail_unless (a.components[0].blocks == b.components[0].blocks);
    fail_unless (a.components[0].table == b.components[0].table);
    expect_same_pixels (expected, result);
    fail_unless_equals_uint64 (flipper.stat ("frames-lossless"), 1);
  }
}
GST_END_TEST;

// 4:2:2 on its side would be 4:4:0.
GST_START_TEST (test_422_keeps_its_luma_when_axes_are_swapped)
{
  const auto jpeg =
      corpus::make ({.width = 160, .height = 96, .factors = f422});
  for (const auto &turn : jpegtran::turns) {
    if (!swaps_axes (turn))
      continue;
    Flipper flipper (method (turn));
    const auto a = decoded::coefficients (Bytes{jpegtran::turned (jpeg, turn)});
    for (int i = 0; i < 2; i++) {
      const auto b = decoded::coefficients (Bytes{flipper.turn (jpeg)});
      fail_unless (a.width == b.width && a.height == b.height);
      fail_unless (a.components[0].blocks == b.components[0].blocks);
      fail_unless (a.components[0].table == b.components[0].table);
      fail_unless (b.components[0].h == 2 && b.components[0].v == 2);
    }
    fail_unless (flipper.warnings () ==
                 std::vector<std::string>{
                     "jpegflip-lossy: 4:2:2 JPEG turned by 90 degrees"});
    fail_unless_equals_uint64 (flipper.stat ("frames-lossy"), 2);
  }
}
GST_END_TEST;

GST_START_TEST (test_identity_passes_buffers)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_IDENTITY,
      "image/jpeg,width=160,height=96,sof-marker=2,sampling=YCbCr-4:4:4");
  for (const auto &jpeg : {whole_mcus (), Jpeg{}, Jpeg (100, 0xff)}) {
    auto buffer = make_buffer (jpeg);
    flipper.push (buffer);
    auto result = gst_harness_try_pull (flipper.harness ());
    fail_unless (result == buffer);
    gst_buffer_unref (result);
  }
  flipper.expect_caps (
      "image/jpeg,width=160,height=96,sof-marker=2,sampling=YCbCr-4:4:4");
  fail_unless_equals_uint64 (flipper.stat ("frames-lossless"), 0);
  fail_unless_equals_uint64 (flipper.stat ("frames-dropped"), 0);
}
GST_END_TEST;

GST_START_TEST (test_caps)
{
  for (const auto &turn : jpegtran::turns) {
    Flipper flipper (method (turn),
        "image/jpeg,parsed=true,width=160,height=96,framerate=30/1,"
        "pixel-aspect-ratio=4/3,sof-marker=2,colorspace=GRAY,"
        "sampling=GRAYSCALE");
    flipper.expect_caps (swaps_axes (turn)
                             ? "image/jpeg,parsed=true,width=96,height=160,"
                               "framerate=30/1,pixel-aspect-ratio=3/4"
                             : "image/jpeg,parsed=true,width=160,height=96,"
                               "framerate=30/1,pixel-aspect-ratio=4/3");
    // The caps of a camera need not contain its size.
    gst_harness_set_src_caps_str (flipper.harness (), "image/jpeg,width=160");
    flipper.expect_caps (
        swaps_axes (turn) ? "image/jpeg,height=160" : "image/jpeg,width=160");
  }
}
GST_END_TEST;

GST_START_TEST (test_caps_queries)
{
  auto flip = gst_harness_new ("jpegflip");
  const auto expect = [&] (const char *expected) {
    g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (flip->srcpad, nullptr);
    expect_caps (caps, expected);
  };

  gst_harness_set_sink_caps_str (flip,
      "image/jpeg,width=[16,1920],height={480,720},pixel-aspect-ratio=1/2; "
      "image/jpeg,height=240,pixel-aspect-ratio={1/1,2/1}");
  expect ("image/jpeg,width=[16,1920],height={480,720},pixel-aspect-ratio=1/2; "
          "image/jpeg,height=240,pixel-aspect-ratio={1/1,2/1}");
  // Nothing is streaming yet: it takes effect at once.
  g_object_set (
      flip->element, "video-direction", GST_VIDEO_ORIENTATION_90R, nullptr);
  expect ("image/jpeg,height=[16,1920],width={480,720},pixel-aspect-ratio=2/1; "
          "image/jpeg,width=240");
  gst_harness_teardown (flip);
}
GST_END_TEST;

GST_START_TEST (test_change_while_playing)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg = whole_mcus ();
  const auto wide = "image/jpeg,width=160,height=96,framerate=30/1";
  const auto high = "image/jpeg,width=96,height=160,framerate=30/1";

  flipper.expect_caps (wide);
  for (int round = 0; round < 2; round++) {
    for (const auto &turn : jpegtran::turns) {
      flipper.set ("video-direction", method (turn));
      fail_unless_equals_int (flipper.direction (), method (turn));
      const auto result = flipper.turn (jpeg);
      fail_unless (std::ranges::equal (jpegtran::scan (result),
          jpegtran::scan (jpegtran::turned (jpeg, turn))));
      flipper.expect_caps (swaps_axes (turn) ? high : wide);
    }
    flipper.set ("video-direction", GST_VIDEO_ORIENTATION_IDENTITY);
    fail_unless (flipper.turn (jpeg) == jpeg);
    flipper.expect_caps (wide);
  }

  // New caps while turned
  flipper.set ("video-direction", GST_VIDEO_ORIENTATION_90L);
  gst_harness_set_src_caps_str (
      flipper.harness (), "image/jpeg,width=320,height=240");
  flipper.expect_caps ("image/jpeg,width=240,height=320");
}
GST_END_TEST;

GST_START_TEST (test_loss_is_announced_once)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg = broken_edges ();

  for (int i = 0; i < 3; i++) {
    const auto pixels = decoded::pixels (
        Bytes{flipper.turn (jpeg)}, Format::rgb, Upsampling::plain);
    fail_unless (pixels.width == 151 && pixels.height == 93);
  }
  fail_unless (flipper.warnings () ==
               std::vector<std::string>{
                   std::string ("jpegflip-lossy: ") +
                   rfc2435::describe (rfc2435::RecodeKind::edge_blocks)});
  fail_unless_equals_uint64 (flipper.stat ("frames-lossy"), 3);

  flipper.turn (corpus::make ({.width = 160, .height = 96, .factors = {}}));
  fail_unless (flipper.warnings () ==
               std::vector<std::string>{"jpegflip-lossy: 4:4:4 JPEG"});
  flipper.turn (whole_mcus ());
  fail_unless (flipper.warnings ().empty ());
  fail_unless_equals_uint64 (flipper.stat ("frames-lossless"), 1);
}
GST_END_TEST;

GST_START_TEST (test_lossless_drops_what_would_lose)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);

  flipper.set ("lossless", TRUE);
  fail_unless (flipper.turn (broken_edges ()).empty ());
  fail_unless (flipper.turn (broken_edges ()).empty ());
  fail_if (flipper.turn (whole_mcus ()).empty ());
  fail_unless_equals_uint64 (flipper.dropped ("needs-loss"), 2);
  fail_unless_equals_uint64 (flipper.stat ("frames-dropped"), 2);
  fail_unless_equals_uint64 (flipper.stat ("frames-lossless"), 1);
  const auto warnings = flipper.warnings ();
  fail_unless_equals_int (warnings.size (), 1);
  fail_unless (warnings[0].starts_with ("jpegflip-dropped: needs-loss: "));

  flipper.set ("lossless", FALSE);
  fail_if (flipper.turn (broken_edges ()).empty ());
}
GST_END_TEST;

GST_START_TEST (test_broken_pictures_are_dropped)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto good = whole_mcus ();
  const auto turned = flipper.turn (good);
  Jpeg cut (good.begin (), good.begin () + good.size () / 2);
  Jpeg no_picture{0xff, 0xd8, 0xff, 0xd9};
  Jpeg fields = good;
  const Jpeg avi1{0xff, 0xe0, 0, 8, 'A', 'V', 'I', '1', 1, 0};
  fields.insert (fields.begin () + 2, avi1.begin (), avi1.end ());
  // On a complete picture, the marker means nothing.
  fail_unless (flipper.turn (fields) == turned);
  fields.insert (fields.end (), good.begin (), good.end ());

  const Jpeg dqt{0xff, 0xdb};
  Jpeg zero_step = good;
  *(std::search (
        zero_step.begin (), zero_step.end (), dqt.begin (), dqt.end ()) +
      5) = 0;

  for (int i = 0; i < 2; i++) {
    fail_unless (flipper.turn ({}).empty ());
    fail_unless (flipper.turn (Jpeg (1000, 0x55)).empty ());
    fail_unless (flipper.turn (cut).empty ());
    fail_unless (flipper.turn (no_picture).empty ());
    fail_unless (flipper.turn (fields).empty ());
    fail_unless (flipper.turn (zero_step).empty ());
  }
  fail_unless_equals_uint64 (flipper.dropped ("empty"), 2);
  fail_unless_equals_uint64 (flipper.dropped ("not-jpeg"), 2);
  fail_unless_equals_uint64 (flipper.dropped ("cut-short"), 4);
  fail_unless_equals_uint64 (flipper.dropped ("malformed"), 2);
  fail_unless_equals_uint64 (flipper.dropped ("interlaced"), 2);
  fail_unless_equals_uint64 (flipper.stat ("frames-dropped"), 12);
  // One for each cause
  fail_unless_equals_int (flipper.warnings ().size (), 5);

  // The next one is turned as usual, but marked.
  flipper.push (good);
  auto buffer = gst_harness_try_pull (flipper.harness ());
  fail_unless (GST_BUFFER_IS_DISCONT (buffer));
  gst_buffer_unref (buffer);
  flipper.push (good);
  buffer = gst_harness_try_pull (flipper.harness ());
  fail_if (GST_BUFFER_IS_DISCONT (buffer));
  gst_buffer_unref (buffer);
  fail_unless (flipper.turn (good) == turned);
}
GST_END_TEST;

// Any byte may be damaged; whatever is output can be decoded.
GST_START_TEST (test_damage)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_90R);
  const auto good = corpus::make ({.width = 48, .height = 32});
  unsigned seed = 1;
  unsigned pushed = 0;

  for (std::size_t at = 0; at < good.size (); at += 3, pushed++) {
    auto bad = good;
    seed = seed * 1103515245 + 12345;
    bad[at] = static_cast<std::uint8_t> (seed >> 16);
    const auto result = flipper.turn (bad);
    if (!result.empty ())
      decoded::coefficients (Bytes{result});
  }
  fail_unless (pushed > 100);
  fail_unless_equals_uint64 (flipper.stat ("frames-lossless") +
                                 flipper.stat ("frames-lossy") +
                                 flipper.stat ("frames-dropped"),
      pushed);
  fail_unless (
      flipper.turn (good) == Flipper (GST_VIDEO_ORIENTATION_90R).turn (good));
}
GST_END_TEST;

GST_START_TEST (test_max_pixels)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);

  flipper.set ("max-pixels", 160 * 96 - 1);
  fail_unless (flipper.turn (whole_mcus ()).empty ());
  fail_unless_equals_uint64 (flipper.dropped ("too-large"), 1);
  flipper.set ("max-pixels", 160 * 96);
  fail_if (flipper.turn (whole_mcus ()).empty ());

  // Pictures of every kind, whatever memory they take
  flipper.set ("max-pixels", 65 * 33);
  for (auto color : {Spec::Color::ycc, Spec::Color::gray, Spec::Color::rgb,
           Spec::Color::cmyk}) {
    const auto jpeg = corpus::make (
        {.width = 65, .height = 33, .color = color, .factors = {}});
    for (const auto &turn : jpegtran::turns) {
      flipper.set ("video-direction", method (turn));
      fail_if (flipper.turn (jpeg).empty ());
    }
  }
}
GST_END_TEST;

// Segments in bytes have no time. G_DEBUG=fatal-criticals is set.
GST_START_TEST (test_segment_of_bytes)
{
  for (auto direction : {GST_VIDEO_ORIENTATION_180,
           GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_AUTO}) {
    Flipper flipper (direction);
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_BYTES);
    fail_unless (gst_harness_push_event (
        flipper.harness (), gst_event_new_segment (&segment)));
    auto buffer = make_buffer (whole_mcus ());
    GST_BUFFER_PTS (buffer) = GST_SECOND;
    flipper.push (buffer);
    fail_if (flipper.take ().empty ());
  }
}
GST_END_TEST;

// A picture in several memories, after bytes that are not part of it.
GST_START_TEST (test_pieces)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_HORIZ);
  const auto jpeg = whole_mcus ();
  const auto expected = flipper.turn (jpeg);
  Jpeg shifted{0, 1, 2, 0xff};
  shifted.insert (shifted.end (), jpeg.begin (), jpeg.end ());

  for (const std::size_t size : {1000, 3, 4, 5}) {
    auto buffer = gst_buffer_new ();
    for (std::size_t at = 0; at < shifted.size ();) {
      const bool last = gst_buffer_n_memory (buffer) == 15;
      const auto n =
          last ? shifted.size () - at : std::min (size, shifted.size () - at);
      auto piece = gst_buffer_new_memdup (shifted.data () + at, n);
      buffer = gst_buffer_append (buffer, piece);
      at += n;
    }
    fail_unless (gst_buffer_n_memory (buffer) > 1);
    flipper.push (buffer);
    fail_unless (flipper.take () == expected);
  }
}
GST_END_TEST;

// Removes the segments of these kinds.
static Jpeg
without (const Jpeg &jpeg, std::initializer_list<std::uint8_t> kinds)
{
  Jpeg result (jpeg.begin (), jpeg.begin () + 2);
  std::size_t at = 2;
  while (jpeg[at + 1] != 0xda) {
    const auto end = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    if (std::ranges::find (kinds, jpeg[at + 1]) == kinds.end ())
      result.insert (result.end (), jpeg.begin () + at, jpeg.begin () + end);
    at = end;
  }
  result.insert (result.end (), jpeg.begin () + at, jpeg.end ());
  return result;
}

GST_START_TEST (test_tables_of_earlier_pictures)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg =
      corpus::make ({.width = 160, .height = 96, .optimize = true});
  const auto bare = without (jpeg, {0xdb, 0xc4});

  fail_unless (flipper.turn (bare).empty ());
  const auto expected = flipper.turn (jpeg);
  fail_if (expected.empty ());
  fail_unless (flipper.turn (bare) == expected);
  // A picture that is dropped leaves nothing behind.
  auto cut = corpus::make ({.width = 160, .height = 96, .quality = 20});
  cut.resize (cut.size () / 2);
  fail_unless (flipper.turn (cut).empty ());
  fail_unless (flipper.turn (bare) == expected);

  // Another stream
  gst_harness_set_src_caps_str (
      flipper.harness (), "image/jpeg,width=160,height=96,framerate=25/1");
  fail_unless (flipper.turn (bare).empty ());
  fail_if (flipper.turn (jpeg).empty ());
  gst_harness_push_event (flipper.harness (), gst_event_new_flush_start ());
  gst_harness_push_event (flipper.harness (), gst_event_new_flush_stop (TRUE));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (flipper.harness (), gst_event_new_segment (&segment));
  fail_unless (flipper.turn (bare).empty ());
  fail_if (flipper.turn (jpeg).empty ());
  gst_harness_push_event (
      flipper.harness (), gst_event_new_stream_start ("another"));
  fail_unless (flipper.turn (bare).empty ());

  // UVC cameras omit DHT and imply the tables of Annex K.
  const auto standard = whole_mcus ();
  fail_unless (
      flipper.turn (without (standard, {0xc4})) == flipper.turn (standard));
}
GST_END_TEST;

GST_START_TEST (test_metadata)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg = whole_mcus ();
  auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
  g_autoptr (GstCaps) reference =
      gst_caps_new_empty_simple ("timestamp/x-unix");
  const guint8 caption[] = {0x80, 0x80};

  GST_BUFFER_PTS (buffer) = 3 * GST_SECOND;
  GST_BUFFER_DTS (buffer) = 2 * GST_SECOND;
  GST_BUFFER_DURATION (buffer) = 33 * GST_MSECOND;
  GST_BUFFER_OFFSET (buffer) = 7;
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_LIVE);
  gst_buffer_add_reference_timestamp_meta (
      buffer, reference, 42, GST_CLOCK_TIME_NONE);
  gst_buffer_add_video_caption_meta (
      buffer, GST_VIDEO_CAPTION_TYPE_CEA608_RAW, caption, sizeof caption);
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", 1, 2, 3, 4);
  flipper.push (buffer);

  auto result = gst_harness_try_pull (flipper.harness ());
  fail_unless_equals_uint64 (GST_BUFFER_PTS (result), 3 * GST_SECOND);
  fail_unless_equals_uint64 (GST_BUFFER_DTS (result), 2 * GST_SECOND);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (result), 33 * GST_MSECOND);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (result), 7);
  fail_unless (GST_BUFFER_FLAG_IS_SET (result, GST_BUFFER_FLAG_LIVE));
  auto meta = gst_buffer_get_reference_timestamp_meta (result, reference);
  fail_unless (meta && meta->timestamp == 42);
  fail_unless (gst_buffer_get_video_caption_meta (result) != nullptr);
  // The region is elsewhere now.
  fail_unless (
      gst_buffer_get_video_region_of_interest_meta (result) == nullptr);
  gst_buffer_unref (result);

  fail_unless_equals_uint64 (gst_harness_query_latency (flipper.harness ()), 0);
}
GST_END_TEST;

static void
push_orientation (Flipper &flipper, const char *orientation,
    GstTagScope scope = GST_TAG_SCOPE_STREAM)
{
  auto tags = gst_tag_list_new (GST_TAG_TITLE, "Garden", nullptr);
  if (orientation)
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_IMAGE_ORIENTATION,
        orientation, nullptr);
  gst_tag_list_set_scope (tags, scope);
  fail_unless (
      gst_harness_push_event (flipper.harness (), gst_event_new_tag (tags)));
}

// The orientation in tags sent downstream, "none" if there are none.
static std::string
pull_orientation (Flipper &flipper)
{
  std::optional<std::string> orientation;
  while (auto event = gst_harness_try_pull_event (flipper.harness ())) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_TAG) {
      GstTagList *tags;
      g_autofree gchar *text = nullptr;
      gst_event_parse_tag (event, &tags);
      fail_unless (gst_tag_list_get_tag_size (tags, GST_TAG_TITLE) == 1);
      gst_tag_list_get_string (tags, GST_TAG_IMAGE_ORIENTATION, &text);
      fail_if (orientation.has_value ());
      orientation = text ? text : "none";
    }
    gst_event_unref (event);
  }
  return orientation.value ();
}

GST_START_TEST (test_auto_follows_tags)
{
  const std::pair<const char *, rfc2435::Turn> orientations[] = {
      {"rotate-90", rfc2435::Turn::rotate_90},
      {"rotate-180", rfc2435::Turn::rotate_180},
      {"rotate-270", rfc2435::Turn::rotate_270},
      {"flip-rotate-0", rfc2435::Turn::flip_horizontal},
      {"flip-rotate-90", rfc2435::Turn::transverse},
      {"flip-rotate-180", rfc2435::Turn::flip_vertical},
      {"flip-rotate-270", rfc2435::Turn::transpose},
  };
  Flipper flipper (GST_VIDEO_ORIENTATION_AUTO);
  const auto jpeg = whole_mcus ();

  fail_unless (flipper.turn (jpeg) == jpeg);
  for (const auto &[orientation, expected] : orientations)
    for (const auto &turn : jpegtran::turns) {
      if (turn.turn != expected)
        continue;
      push_orientation (flipper, orientation);
      fail_unless (pull_orientation (flipper) == "rotate-0");
      const auto result = flipper.turn (jpeg);
      fail_unless (std::ranges::equal (jpegtran::scan (result),
                       jpegtran::scan (jpegtran::turned (jpeg, turn))),
          "%s", orientation);
      flipper.expect_caps (
          swaps_axes (turn) ? "image/jpeg,width=96,height=160,framerate=30/1"
                            : "image/jpeg,width=160,height=96,framerate=30/1");
    }
  fail_unless_equals_int (flipper.direction (), GST_VIDEO_ORIENTATION_AUTO);

  push_orientation (flipper, "rotate-0");
  fail_unless (pull_orientation (flipper) == "rotate-0");
  fail_unless (flipper.turn (jpeg) == jpeg);
}
GST_END_TEST;

// If there are no tags
GST_START_TEST (test_auto_follows_exif)
{
  // In the order of Exif's numbers
  const rfc2435::Turn expected[] = {rfc2435::Turn::none,
      rfc2435::Turn::flip_horizontal, rfc2435::Turn::rotate_180,
      rfc2435::Turn::flip_vertical, rfc2435::Turn::transpose,
      rfc2435::Turn::rotate_90, rfc2435::Turn::transverse,
      rfc2435::Turn::rotate_270};
  Flipper flipper (GST_VIDEO_ORIENTATION_AUTO);
  const auto jpeg = whole_mcus ();
  auto with_exif = [&jpeg] (std::uint8_t orientation) {
    auto segment = test::JpegBuilder ()
                       .segment (rfc2435::marker::app1,
                           test::exif (orientation, orientation % 2))
                       .bytes;
    auto result = jpeg;
    result.insert (result.begin () + 2, segment.begin (), segment.end ());
    return result;
  };

  for (std::uint8_t orientation = 1; orientation <= 8; orientation++) {
    const auto turned = flipper.turn (with_exif (orientation));
    if (orientation == 1)
      fail_unless (turned == with_exif (1));
    for (const auto &turn : jpegtran::turns) {
      if (turn.turn != expected[orientation - 1])
        continue;
      fail_unless (std::ranges::equal (jpegtran::scan (turned),
          jpegtran::scan (jpegtran::turned (jpeg, turn))));
      flipper.expect_caps (
          swaps_axes (turn) ? "image/jpeg,width=96,height=160,framerate=30/1"
                            : "image/jpeg,width=160,height=96,framerate=30/1");
    }
    // Without, it passes.
    fail_unless (flipper.turn (jpeg) == jpeg);
  }

  // Tags take precedence, and so does a fixed direction.
  push_orientation (flipper, "rotate-0");
  fail_unless (pull_orientation (flipper) == "rotate-0");
  fail_unless (flipper.turn (with_exif (6)) == with_exif (6));
  // A picture of the previous stream says nothing about the next.
  Flipper again (GST_VIDEO_ORIENTATION_AUTO);
  again.turn (with_exif (6));
  gst_element_set_state (again.harness ()->element, GST_STATE_READY);
  gst_element_set_state (again.harness ()->element, GST_STATE_PLAYING);
  gst_harness_push_event (
      again.harness (), gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (
      again.harness (), "image/jpeg,width=160,height=96");
  again.expect_caps ("image/jpeg,width=160,height=96");
  Flipper fixed (GST_VIDEO_ORIENTATION_IDENTITY);
  fail_unless (fixed.turn (with_exif (6)) == with_exif (6));
}
GST_END_TEST;

GST_START_TEST (test_scopes_of_tags)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_AUTO);
  const auto jpeg = whole_mcus ();
  const auto half = Flipper (GST_VIDEO_ORIENTATION_180).turn (jpeg);
  const auto mirrored = Flipper (GST_VIDEO_ORIENTATION_HORIZ).turn (jpeg);

  push_orientation (flipper, "rotate-180", GST_TAG_SCOPE_GLOBAL);
  fail_unless (flipper.turn (jpeg) == half);
  push_orientation (flipper, "flip-rotate-0");
  fail_unless (flipper.turn (jpeg) == mirrored);
  push_orientation (flipper, "rotate-0", GST_TAG_SCOPE_GLOBAL);
  fail_unless (flipper.turn (jpeg) == mirrored);
  push_orientation (flipper, "rotate-180", GST_TAG_SCOPE_GLOBAL);
  push_orientation (flipper, nullptr);
  fail_unless (flipper.turn (jpeg) == half);

  gst_harness_push_event (
      flipper.harness (), gst_event_new_stream_start ("another"));
  fail_unless (flipper.turn (jpeg) == jpeg);
  push_orientation (flipper, "rotate-180");
  gst_harness_push_event (
      flipper.harness (), gst_event_new_stream_start ("another"));
  fail_unless (flipper.turn (jpeg) == half);
}
GST_END_TEST;

GST_START_TEST (test_tags_pass_a_fixed_direction)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_HORIZ);
  const auto jpeg = whole_mcus ();
  const auto mirrored = flipper.turn (jpeg);

  push_orientation (flipper, "rotate-180");
  fail_unless (pull_orientation (flipper) == "rotate-180");
  fail_unless (flipper.turn (jpeg) == mirrored);
  // The tag is remembered.
  flipper.set ("video-direction", GST_VIDEO_ORIENTATION_AUTO);
  fail_unless (
      flipper.turn (jpeg) == Flipper (GST_VIDEO_ORIENTATION_180).turn (jpeg));
}
GST_END_TEST;

GST_START_TEST (test_control_binding)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_IDENTITY);
  auto element = GST_OBJECT (flipper.harness ()->element);
  auto source = gst_interpolation_control_source_new ();
  auto values = GST_TIMED_VALUE_CONTROL_SOURCE (source);
  const auto jpeg = whole_mcus ();
  const auto half = Flipper (GST_VIDEO_ORIENTATION_180).turn (jpeg);

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, nullptr);
  fail_unless (gst_timed_value_control_source_set (
      values, 0, GST_VIDEO_ORIENTATION_IDENTITY));
  // From 0 to 1 for the ten values, rounded down
  constexpr double half_a_turn = GST_VIDEO_ORIENTATION_180;
  constexpr double last = GST_VIDEO_ORIENTATION_CUSTOM;
  fail_unless (gst_timed_value_control_source_set (
      values, GST_SECOND, (half_a_turn + 0.5) / last));
  fail_unless (gst_object_add_control_binding (element,
      gst_direct_control_binding_new (element, "video-direction", source)));
  gst_object_unref (source);

  for (const auto &[pts, expected] : {std::pair{GstClockTime{0}, jpeg},
           {GST_SECOND - 1, jpeg}, {GST_SECOND, half}}) {
    auto buffer = make_buffer (jpeg);
    GST_BUFFER_PTS (buffer) = pts;
    flipper.push (buffer);
    fail_unless (flipper.take () == expected);
  }
}
GST_END_TEST;

GST_START_TEST (test_custom_is_refused)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);

  ASSERT_WARNING (
      flipper.set ("video-direction", GST_VIDEO_ORIENTATION_CUSTOM));
  fail_unless_equals_int (flipper.direction (), GST_VIDEO_ORIENTATION_180);
  fail_if (flipper.turn (whole_mcus ()).empty ());
}
GST_END_TEST;

GST_START_TEST (test_restart)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  auto element = flipper.harness ()->element;

  flipper.turn (broken_edges ());
  fail_unless_equals_int (flipper.warnings ().size (), 1);
  gst_element_set_state (element, GST_STATE_READY);
  flipper.set ("video-direction", GST_VIDEO_ORIENTATION_90R);
  gst_element_set_state (element, GST_STATE_PLAYING);
  fail_unless_equals_uint64 (flipper.stat ("frames-lossy"), 0);
  // As before the first start, it takes effect at once.
  gst_harness_set_sink_caps_str (
      flipper.harness (), "image/jpeg,width=93,height=151");
  g_autoptr (GstCaps) wanted =
      gst_pad_peer_query_caps (flipper.harness ()->srcpad, nullptr);
  expect_caps (wanted, "image/jpeg,height=93,width=151");

  gst_harness_push_event (
      flipper.harness (), gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (
      flipper.harness (), "image/jpeg,width=151,height=93");
  flipper.expect_caps ("image/jpeg,width=93,height=151");
  flipper.turn (broken_edges ());
  fail_unless_equals_int (flipper.warnings ().size (), 1);
  fail_unless_equals_uint64 (flipper.stat ("frames-lossy"), 1);
}
GST_END_TEST;

GST_START_TEST (test_many_starts)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  auto harness = flipper.harness ();
  auto jpeg = whole_mcus ();

  for (unsigned i = 0; i < 1000; i++) {
    fail_if (flipper.turn (jpeg).empty ());
    gst_element_set_state (
        harness->element, i % 2 ? GST_STATE_NULL : GST_STATE_READY);
    gst_element_set_state (harness->element, GST_STATE_PLAYING);
    gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
    gst_harness_set_src_caps_str (harness, "image/jpeg,width=160,height=96");
  }
}
GST_END_TEST;

// If a buffer contains more than a picture, only the picture is passed on.
GST_START_TEST (test_trailing_data)
{
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg = whole_mcus ();
  const auto turned = flipper.turn (jpeg);
  auto padded = jpeg, with_tail = jpeg, twice = jpeg;
  padded.insert (padded.end (), 1000, 0);
  with_tail.insert (with_tail.end (), {1, 2, 3, 0xff, 0xd9});
  twice.insert (twice.end (), with_tail.begin (), with_tail.end ());

  fail_unless (flipper.turn (padded) == turned);
  fail_unless_equals_uint64 (flipper.stat ("trailing-bytes"), 0);
  fail_unless (flipper.left_out () == "");
  for (int i = 0; i < 2; i++) {
    fail_unless (flipper.turn (with_tail) == turned);
    fail_unless (flipper.turn (twice) == turned);
  }
  fail_unless_equals_uint64 (
      flipper.stat ("trailing-bytes"), 2 * (5 + with_tail.size ()));
  // Once for each kind
  fail_unless (flipper.left_out () ==
               "info: jpegflip-left-out, bytes=(guint64)5, "
               "picture=(boolean)false;");
  fail_unless (
      flipper.left_out () == "warning: jpegflip-left-out, bytes=(guint64)" +
                                 std::to_string (with_tail.size ()) +
                                 ", picture=(boolean)true;");
  fail_unless (flipper.left_out () == "");

  auto element = flipper.harness ()->element;
  gst_element_set_state (element, GST_STATE_READY);
  gst_element_set_state (element, GST_STATE_PLAYING);
  fail_unless_equals_uint64 (flipper.stat ("trailing-bytes"), 0);
  gst_harness_push_event (
      flipper.harness (), gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (
      flipper.harness (), "image/jpeg,width=160,height=96");
  fail_unless (flipper.turn (twice) == turned);
  fail_unless (flipper.left_out ().starts_with ("warning: "));
}
GST_END_TEST;

// One line per picture at LOG, one-time events at INFO, the rest at DEBUG.
GST_START_TEST (test_logs)
{
  test::LogLines lines ("jpegflip", GST_LEVEL_LOG);
  Flipper flipper (GST_VIDEO_ORIENTATION_180);
  const auto jpeg = whole_mcus ();

  fail_unless (lines.take (GST_LEVEL_INFO) > 0);
  fail_unless (lines.take (GST_LEVEL_DEBUG) > 0);
  for (int i = 0; i < 3; i++)
    flipper.turn (jpeg);
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 3);
  fail_unless (
      lines.last ().starts_with ("turned a picture: 180, 160x96, SOF0, "), "%s",
      lines.last ().c_str ());
  fail_unless_equals_int (lines.take (GST_LEVEL_INFO), 0);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 0);

  // Loss is reported only the first time.
  for (unsigned fresh : {1, 0}) {
    flipper.turn (broken_edges ());
    fail_unless_equals_int (lines.take (GST_LEVEL_INFO), fresh);
  }
  flipper.turn ({});
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 1);
  flipper.set ("lossless", TRUE);
  flipper.set ("max-pixels", 1000000);
  flipper.set ("video-direction", GST_VIDEO_ORIENTATION_IDENTITY);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 3);
  lines.take (GST_LEVEL_LOG);
  flipper.turn (jpeg);
  flipper.turn (jpeg);
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 2);
  fail_unless_equals_int (lines.take (GST_LEVEL_INFO), 1);
  // The change of direction, and of the caps
  flipper.set ("video-direction", GST_VIDEO_ORIENTATION_90R);
  flipper.turn (jpeg);
  fail_unless_equals_int (lines.take (GST_LEVEL_INFO), 2);

  lines.take (GST_LEVEL_LOG);
  lines.set_threshold (GST_LEVEL_DEBUG);
  flipper.turn (jpeg);
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 0);
}
GST_END_TEST;

static Suite *
jpegflip_suite ()
{
  auto suite = suite_create ("jpegflip");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_as_jpegtran_perfect);
  tcase_add_test (tc, test_gray_as_jpegtran_perfect);
  tcase_add_test (tc, test_422_keeps_its_luma_when_axes_are_swapped);
  tcase_add_test (tc, test_identity_passes_buffers);
  tcase_add_test (tc, test_caps);
  tcase_add_test (tc, test_caps_queries);
  tcase_add_test (tc, test_change_while_playing);
  tcase_add_test (tc, test_loss_is_announced_once);
  tcase_add_test (tc, test_lossless_drops_what_would_lose);
  tcase_add_test (tc, test_broken_pictures_are_dropped);
  tcase_add_test (tc, test_damage);
  tcase_add_test (tc, test_max_pixels);
  tcase_add_test (tc, test_segment_of_bytes);
  tcase_add_test (tc, test_pieces);
  tcase_add_test (tc, test_tables_of_earlier_pictures);
  tcase_add_test (tc, test_metadata);
  tcase_add_test (tc, test_auto_follows_tags);
  tcase_add_test (tc, test_auto_follows_exif);
  tcase_add_test (tc, test_scopes_of_tags);
  tcase_add_test (tc, test_tags_pass_a_fixed_direction);
  tcase_add_test (tc, test_control_binding);
  tcase_add_test (tc, test_custom_is_refused);
  tcase_add_test (tc, test_restart);
  tcase_add_test (tc, test_many_starts);
  tcase_add_test (tc, test_trailing_data);
  tcase_add_test (tc, test_logs);

  return suite;
}

int
main (int argc, char **argv)
{
  if (!g_getenv ("JPEGTRAN")) {
    g_print ("SKIP: jpegtran is not installed\n");
    return 77;
  }
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (jpegflip_suite (), "jpegflip", __FILE__);
}
